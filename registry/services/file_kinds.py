"""What kind of file something is by its bytes, never by its name alone, and whether a packed one is safe to open.

Pure: paths and bytes in, a kind out; never unpacks anything.
"""

from __future__ import annotations

import io
import mmap
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext as _

from outreach.errors import UserError

from .text_encodings import UTF_32, encoding_by_start

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names inside an OLE container are UTF-16: a packed sheet with a password, and an old workbook.
OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLE_WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
OLE_MACROS = "_VBA_PROJECT".encode("utf-16-le")
ZIP_MACROS = ("vbaproject.bin", "xl/macrosheets/", "basic/", "scripts/")
FIRST_BYTES = 64 * 1024
# The list of an honest workbook's parts takes a hundred bytes for each, and it has some dozens.
DIRECTORY_BYTES = 1024 * 1024
EICAR_START = b"X5O!P%@AP["
UNREADABLE_STARTS = (b"%PDF", EICAR_START, b"{\\rtf")
# Web pages and XML, which many systems call .xls.
MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
# A list has hardly any control bytes; what is packed or a program has one in ten.
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
CONTROLS_SHARE = 100


class FileKind(StrEnum):
    """What the reader can read."""

    XLSX = "xlsx"
    ODS = "ods"
    XLS = "xls"
    TEXT = "csv"


EXTENSIONS = {
    "xlsx": FileKind.XLSX,
    "ods": FileKind.ODS,
    "xls": FileKind.XLS,
    "csv": FileKind.TEXT,
    "tsv": FileKind.TEXT,
    "txt": FileKind.TEXT,
}
ACCEPTED = "XLSX, XLS, ODS, CSV, TSV"
SHEET_NAMES = {FileKind.XLSX: "Excel-fil", FileKind.ODS: "ODS-fil", FileKind.XLS: "Excel-fil (.xls)"}


@dataclass(frozen=True)
class ZipLimits:
    """Bounds on what a packed file may hold: unpacked bytes, unpacked ÷ packed, number of parts."""

    unpacked_bytes: int
    ratio: int
    entries: int


def kind_of(path: Path, display_name: str, limits: ZipLimits) -> FileKind:
    """The file's kind by its content, held against the extension it came with.

    Raises UserError: `file_type` (not one we read), `file_type_mismatch` (extension and content differ),
    `file_password`, `file_macros`, `file_truncated`, `file_bomb`, `file_empty`, `file_encoding`, `file_web_page`.
    """
    with path.open("rb") as file:
        start = file.read(FIRST_BYTES)
    if not start:
        raise UserError("file_empty", _("Filen er tom. Hent listen igen, og indlæs den på ny."))
    extension = EXTENSIONS.get(Path(display_name).suffix.lower().lstrip("."))
    if start.startswith(ZIP_MAGIC):
        kind = _kind_of_zip(path, limits)
    elif start.startswith(OLE_MAGIC):
        kind = _kind_of_ole(path)
    else:
        kind = _kind_of_text(start)
    if extension is None:
        raise _unknown()
    if kind != extension:
        raise UserError("file_type_mismatch", _mismatch(kind, extension))
    return kind


def _mismatch(kind: FileKind, extension: FileKind) -> str:
    if kind == FileKind.TEXT:
        return _(
            "Filen er ikke en %(expected)s, selv om navnet siger det: indholdet er tekst. "
            "Gem den som CSV eller som rigtig %(expected)s."
        ) % {"expected": SHEET_NAMES[extension]}
    if extension == FileKind.TEXT:
        return _("Filen hedder CSV, men er i virkeligheden en %(actual)s. Giv den den rigtige filendelse.") % {
            "actual": SHEET_NAMES[kind]
        }
    return _("Filens endelse passer ikke til indholdet, som er en %(actual)s. Giv den den rigtige filendelse.") % {
        "actual": SHEET_NAMES[kind]
    }


def _kind_of_zip(path: Path, limits: ZipLimits) -> FileKind:
    """Look at the central directory only: under a millisecond, whatever is packed inside (IF09)."""
    broken = UserError("file_truncated", _("Filen er ikke hel. Hent listen igen, og indlæs den på ny."))
    try:
        with open_zip(path) as archive:
            entries = archive.infolist()
            mimetype = archive.read("mimetype")[:80] if _small_mimetype(archive) else b""
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise broken from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if len(entries) > limits.entries or unpacked > limits.unpacked_bytes or unpacked / packed > limits.ratio:
        raise _bomb()
    if any(entry.flag_bits & 1 for entry in entries):
        raise _protected()
    names = {entry.filename for entry in entries}
    if any(mark in name.lower() for name in names for mark in ZIP_MACROS):
        raise _with_macros()
    if mimetype == b"application/vnd.oasis.opendocument.spreadsheet":
        return FileKind.ODS
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    raise _unknown()


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """A packed file, with its list of parts read; raises UserError `file_bomb` where that list alone is one."""
    with _Frugal(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
        yield archive


class _Frugal(io.BufferedReader):
    """Hands out no megabytes at once. zipfile makes an object of each part it finds listed, before anybody can count
    them: 24 MB of empty parts took ten seconds and 200 MB."""

    def read(self, size: int | None = -1, /) -> bytes:
        whole = size is None or size < 0
        if not whole and size is not None and size > DIRECTORY_BYTES:
            raise _bomb()
        found = super().read(DIRECTORY_BYTES + 1 if whole else size)
        if len(found) > DIRECTORY_BYTES:
            raise _bomb()
        return found


def _bomb() -> UserError:
    return UserError("file_bomb", _("Filen fylder alt for meget, når den pakkes ud, og bliver ikke åbnet."))


def _small_mimetype(archive: zipfile.ZipFile) -> bool:
    return "mimetype" in archive.namelist() and archive.getinfo("mimetype").file_size <= 80


def _kind_of_ole(path: Path) -> FileKind:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(OLE_ENCRYPTED) >= 0:
            raise _protected()
        if content.find(OLE_MACROS) >= 0:
            raise _with_macros()
        if any(content.find(name) >= 0 for name in OLE_WORKBOOKS):
            return FileKind.XLS
    raise _unknown()


def _kind_of_text(start: bytes) -> FileKind:
    encoding = encoding_by_start(start)
    if encoding == UTF_32:
        raise UserError("file_encoding", _("Filens tegnsæt kan ikke læses. Gem den som CSV UTF-8, og indlæs den igen."))
    if encoding.startswith("utf-16"):
        return FileKind.TEXT
    if MARKUP.match(start):
        raise UserError(
            "file_web_page",
            _("Filen er en webside eller XML og ikke et regneark. Åbn den i regnearket, og gem den som XLSX."),
        )
    if start.startswith(UNREADABLE_STARTS) or len(CONTROLS.findall(start)) * CONTROLS_SHARE > len(start):
        raise UserError("file_type", _("Filen er ikke en liste. Brug en af: %(types)s.") % {"types": ACCEPTED})
    return FileKind.TEXT


def _protected() -> UserError:
    sentence = _("Filen er beskyttet med adgangskode. Gem den uden adgangskode, og indlæs den igen.")
    return UserError("file_password", sentence)


def _with_macros() -> UserError:
    return UserError("file_macros", _("Filen indeholder makroer. Gem den som .xlsx uden makroer."))


def _unknown() -> UserError:
    return UserError("file_type", _("Filtypen kan ikke læses. Brug en af: %(types)s.") % {"types": ACCEPTED})
