"""Read CSV and TSV: encoding by rule, delimiter from the header only. Free of Django; runs in the reading child.

A row's number is its place among the records: Excel and LibreOffice show a record with quoted line breaks as one row.
A refusal names the text's line instead, as an editor shows it, for a spreadsheet cannot open what is refused.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from ..services.text_encodings import UTF_32, encoding_by_start
from .columns import HEADER_SEARCH_ROWS, find_header, propose
from .refusals import MOST_COLUMNS, Refusal

DELIMITERS = (";", "\t", ",")
BLOCK = 1024 * 1024
FIELD_LIMIT = 32 * 1024  # characters in one cell
# Danish letters in UTF-8 begin with C3: where they occur beside bytes that are no UTF-8, two encodings are mixed.
DANISH_IN_UTF8 = re.compile(rb"\xc3[\x80-\xbf]")
UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# Excel's own first line that names the delimiter; spreadsheets do not show it.
DELIMITER_LINE = re.compile(r"sep=([;,\t|])", re.IGNORECASE)


def encoding_of(path: Path) -> str:
    """UTF-16 and UTF-8 by their marks, else UTF-8, else Windows-1252 (which holds ISO-8859-1's letters).

    Raises Refusal: `encoding_mixed` with the line of the first bad byte, for nothing is ever replaced by "?" (IF26);
    `encoding` (UTF-32); `not_text` and `long_line` with the line; `truncated` for a file that ends inside a letter.
    """
    with path.open("rb") as file:
        encoding = encoding_by_start(file.read(BLOCK))
        if encoding == UTF_32:
            raise Refusal("encoding")
        if encoding.startswith("utf-16"):
            if path.stat().st_size % 2:
                raise Refusal("truncated", line=None)
            return encoding
        file.seek(0)
        scan = _Scan()
        while block := file.read(BLOCK):
            scan.look_at(block)
        scan.end()
    if scan.bad_line is None:
        return encoding or "utf-8"
    if encoding or scan.seen_danish or scan.undefined:
        raise Refusal("truncated" if scan.bad_end else "encoding_mixed", line=scan.bad_line)
    return "cp1252"


class _Scan:
    """What is told by a file's bytes, block by block: the first line that is no UTF-8, and signs of either encoding."""

    def __init__(self) -> None:
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.line = 1
        self.bad_line: int | None = None
        self.bad_end = self.seen_danish = self.undefined = self.in_long_line = False

    def look_at(self, block: bytes) -> None:
        """Raises Refusal `not_text` at a zero byte, `long_line` at a line longer than a block."""
        self.seen_danish = self.seen_danish or DANISH_IN_UTF8.search(block) is not None
        self.undefined = self.undefined or UNDEFINED_IN_CP1252.search(block) is not None
        mark = b"\n" if b"\n" in block else b"\r"
        if (zero := block.find(b"\0")) >= 0:
            raise Refusal("not_text", line=self.line + block[:zero].count(mark))
        if self.bad_line is None:
            try:
                self.decoder.decode(block)
            except UnicodeDecodeError as error:
                self.bad_line = self.line + block[: error.start].count(mark)
        lines = block.count(mark)
        if not lines and self.in_long_line:
            raise Refusal("long_line", line=self.line)
        self.in_long_line = not lines
        self.line += lines

    def end(self) -> None:
        """A file may end inside a letter: cut off, or Windows-1252 with a Danish letter last."""
        if self.bad_line is None:
            try:
                self.decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                self.bad_line, self.bad_end = self.line, True


def _opened(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, newline="")


def delimiter_of(path: Path, encoding: str, kind: str, mapping: Mapping[str, str]) -> str:
    """The delimiter that makes a header of the file's first lines; of several, the one that finds most columns."""
    with _opened(path, encoding) as file, suppress(UnicodeError):
        if named := DELIMITER_LINE.fullmatch(file.readline(FIELD_LIMIT).rstrip("\r\n")):
            return named[1]
    best, best_score = DELIMITERS[0], (-1, -1)
    for delimiter in DELIMITERS:
        first: list[list[str]] = []
        # What is wrong further down is told when the rows are read; the header stands above it.
        with _opened(path, encoding) as file, suppress(csv.Error, UnicodeError):
            first.extend(row[:MOST_COLUMNS] for row in islice(_reader(file, delimiter), HEADER_SEARCH_ROWS))
        position = find_header(first, kind, mapping)
        found = 0 if position is None else len(propose(first[position], kind, mapping).positions)
        score = (found, max((len(row) for row in first), default=0))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def rows_of(path: Path, kind: str, mapping: Mapping[str, str]) -> Iterator[list[str]]:
    """The file's rows, blank lines as empty lists, so that positions are the spreadsheet's row numbers.

    Raises Refusal as `encoding_of`, and `quotes` (with the line) or `truncated` (ends inside a row, IF08).
    """
    csv.field_size_limit(FIELD_LIMIT)
    encoding = encoding_of(path)
    delimiter = delimiter_of(path, encoding, kind, mapping)
    with _opened(path, encoding) as file:
        reader = _reader(file, delimiter)
        try:
            if not DELIMITER_LINE.fullmatch(file.readline(FIELD_LIMIT).rstrip("\r\n")):
                file.seek(0)
            yield from reader
        except csv.Error as error:
            code = "truncated" if "end of data" in str(error) else "quotes"
            raise Refusal(code, line=reader.line_num) from error
        except UnicodeError as error:
            raise Refusal("encoding_mixed", line=reader.line_num + 1) from error


def ends_openly(path: Path) -> bool:
    """Whether the last line has no line end: with columns missing as well, the file was cut off."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 4))
        return not file.read().rstrip(b"\0").endswith((b"\n", b"\r"))


def _reader(file: TextIO, delimiter: str) -> Any:
    return csv.reader(file, delimiter=delimiter, strict=True)
