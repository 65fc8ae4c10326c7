"""Files as people, spreadsheets and attackers make them: every kind we read, and how each can be wrong."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from .registry import HEADER

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
)
SECTOR = 512
SHORTEST_STREAM = 4096  # shorter ones would lie in the mini stream
END, FREE, FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
DATE_FORMAT = 14  # BIFF's built-in d/m/yyyy


def text_file(
    rows: Iterable[Sequence[str]],
    header: Sequence[str] = HEADER,
    *,
    delimiter: str = ";",
    encoding: str = "utf-8",
    end: str = "\r\n",
    above: str = "",
) -> io.BytesIO:
    """A CSV or TSV file; `above` stands before the header as it is."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return io.BytesIO((above + text.getvalue()).encode(encoding))


def packed(parts: Mapping[str, bytes | str]) -> io.BytesIO:
    """A packed file with these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return io.BytesIO(file.getvalue())


def parts_of(file: io.BytesIO) -> dict[str, bytes]:
    """What is packed in a file."""
    with zipfile.ZipFile(io.BytesIO(file.getvalue())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(file: io.BytesIO, changes: Mapping[str, bytes | str]) -> io.BytesIO:
    """The packed file with some parts put in or replaced."""
    return packed({**parts_of(file), **changes})


def ods_file(rows: Iterable[Sequence[str]], header: Sequence[str] = HEADER, *, rest: str = "") -> io.BytesIO:
    """An OpenDocument sheet of texts; `rest` is table XML below the rows."""
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in (header, *rows)
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODS_SPACES} office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="Liste">{lines}{rest}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return packed({"mimetype": ODS_TYPE, "content.xml": content, "META-INF/manifest.xml": ods_manifest()})


def ods_manifest(entry: str = "") -> str:
    """The manifest of an OpenDocument file; `entry` is what it says of the content."""
    space = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest {space}>'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{entry}'
        "</manifest:file-entry></manifest:manifest>"
    )


def xls_file(
    rows: Iterable[Sequence[Any]],
    header: Sequence[str] = HEADER,
    *,
    locked: bool = False,
    dates_1904: bool = False,
    macros: bool = False,
) -> io.BytesIO:
    """An old workbook (BIFF8): texts as texts, numbers as numbers, (serial,) as a date cell."""
    book = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if locked:
        book += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    book += _record(0x0022, struct.pack("<H", dates_1904))
    for number_format in (0, DATE_FORMAT):
        book += _record(0x00E0, struct.pack("<HHH", 0, number_format, 0) + bytes(14))
    name = b"Liste"
    sheet_record_length = 4 + 6 + 2 + len(name)
    start = len(book) + sheet_record_length + 4
    book += _record(0x0085, struct.pack("<IBB", start, 0, 0) + struct.pack("<BB", len(name), 0) + name)
    book += _record(0x000A)
    book += _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for at, row in enumerate((header, *rows)):
        for column, cell in enumerate(row):
            book += _cell(at, column, cell)
    return _ole_file("Workbook", book + _record(0x000A), also="_VBA_PROJECT_CUR" if macros else "")


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _cell(row: int, column: int, cell: Any) -> bytes:
    if isinstance(cell, str):
        text = cell.encode("utf-16-le")
        return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)
    number, style = (cell[0], 1) if isinstance(cell, tuple) else (cell, 0)
    return _record(0x0203, struct.pack("<HHHd", row, column, style, number))


def ole_file(name: str) -> io.BytesIO:
    """An OLE container with one stream of that name: `EncryptedPackage` is a locked XLSX, `WordDocument` a letter."""
    return _ole_file(name, b"")


def _ole_file(name: str, stream: bytes, *, also: str = "") -> io.BytesIO:
    stream = stream.ljust(max(SHORTEST_STREAM, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    sectors = len(stream) // SECTOR
    fat_sectors = 1
    while (sectors + fat_sectors + 1) * 4 > fat_sectors * SECTOR:
        fat_sectors += 1
    directory_at = fat_sectors
    chain = [FAT_SECTOR] * fat_sectors + [END]
    chain += [directory_at + 2 + number for number in range(sectors - 1)] + [END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(fat_sectors * SECTOR, b"\xff")
    directory = (
        _entry("Root Entry", 5, child=1, start=END, size=0)
        + _entry(name, 2, child=FREE, start=directory_at + 1, size=len(stream))
        + (_entry(also, 1, child=FREE, start=0, size=0) if also else b"")
    ).ljust(SECTOR, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors, directory_at, 0, 4096, END, 0, END, 0, 0
    )
    numbers = list(range(1, fat_sectors)) + [FREE] * (109 - fat_sectors)
    return io.BytesIO((head + struct.pack("<108I", *numbers[:108])).ljust(SECTOR, b"\xff") + fat + directory + stream)


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    body = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, FREE, FREE, child)
    return body + bytes(36) + struct.pack("<IQ", start, size)
