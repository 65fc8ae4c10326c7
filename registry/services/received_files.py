"""Take in a file: size limit, generated name in private storage, checksum, kind by content. Never trusts a name."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import unicodedata
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from outreach.errors import UserError
from outreach.privacy.redaction import redact_cpr

from .file_kinds import FileKind, ZipLimits, kind_of
from .file_scanner import scan

BLOCK = 1024 * 1024
NAME_LENGTH = 120
# The disk is full, its quota is used up, or files may not grow that long.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PATH_PARTS = re.compile(r"[/\\]")


@dataclass(frozen=True)
class ReceivedFile:
    """A stored file: generated name, name as sent (made safe), SHA-256 in hexadecimal, bytes, kind."""

    stored_name: str
    display_name: str
    sha256: str
    size: int
    kind: FileKind


def store(file: BinaryIO, *, folder: str, display_name: str) -> ReceivedFile:
    """Write the file under UPLOAD_ROOT/<folder>/ and look at what it is; what is refused is removed at once.

    Raises UserError `file_too_big`, `no_room` (F39) and those of `file_kinds.kind_of` and `file_scanner.scan`.
    """
    place = Path(settings.UPLOAD_ROOT) / folder
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored_name = uuid.uuid4().hex
    path = place / stored_name
    try:
        digest, size = _write(file, path)
        shown = safe_name(display_name)
        kind = kind_of(path, shown, zip_limits())
        scan(path)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            sentence = _("Der er ikke plads til filen på serveren. Intet er gemt. Kontakt driften, og prøv igen.")
            raise UserError("no_room", sentence) from error
        raise
    named = path.with_name(f"{stored_name}.{kind}")
    path.rename(named)
    return ReceivedFile(named.name, shown, digest, size, kind)


def stored_path(folder: str, stored_name: str) -> Path:
    """Where a stored file lies; the name is one that `store` generated."""
    return Path(settings.UPLOAD_ROOT) / folder / stored_name


def remove(folder: str, stored_name: str) -> None:
    """Erase a stored file; one that is gone already is fine."""
    with suppress(FileNotFoundError):
        stored_path(folder, stored_name).unlink()


def zip_limits() -> ZipLimits:
    """The bounds of the settings."""
    return ZipLimits(settings.UPLOAD_MAX_UNPACKED_BYTES, settings.UPLOAD_MAX_RATIO, settings.UPLOAD_MAX_ENTRIES)


def safe_name(name: str) -> str:
    """A file name fit to be shown and logged: no path, no control or direction marks, no CPR number, at most 120
    characters (IF34, A4)."""
    last = PATH_PARTS.split(unicodedata.normalize("NFC", name))[-1]
    shown = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C" and letter not in "\"'<>")
    visible = redact_cpr(shown)
    stem, dot, suffix = visible.strip().rpartition(".")
    if dot and len(suffix) <= 5:
        return f"{stem[: NAME_LENGTH - 1 - len(suffix)]}.{suffix}"
    return visible.strip()[:NAME_LENGTH] or "liste"


def _write(file: BinaryIO, path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        while block := file.read(BLOCK):
            size += len(block)
            if size > settings.UPLOAD_MAX_BYTES:
                megabytes = settings.UPLOAD_MAX_BYTES // 1024**2
                raise UserError(
                    "file_too_big",
                    _("Filen er større end %(limit)s MB. Del listen i flere filer.") % {"limit": megabytes},
                )
            digest.update(block)
            target.write(block)
    return digest.hexdigest(), size
