"""Read CSV and TSV: encoding by rule, delimiter from the header only. Free of Django; runs in the reading child."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from .columns import HEADER_SEARCH_ROWS, find_header, propose
from .refusals import Refusal

DELIMITERS = (";", "\t", ",")
BLOCK = 1024 * 1024
FIELD_LIMIT = 32 * 1024  # characters in one cell
# Danish letters in UTF-8 begin with C3: where they occur beside bytes that are no UTF-8, two encodings are mixed.
DANISH_IN_UTF8 = re.compile(rb"\xc3[\x80-\xbf]")
UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def encoding_of(path: Path) -> str:
    """UTF-16 and UTF-8 by their marks, else UTF-8, else Windows-1252 (which holds ISO-8859-1's letters).

    Raises Refusal `encoding_mixed` with the line of the first bad byte: nothing is ever replaced by "?" (IF26).
    """
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        encoding = "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
        file.seek(0)
        decoder, line, seen_danish, undefined = codecs.getincrementaldecoder("utf-8")(), 1, False, False
        bad_line = None
        while block := file.read(BLOCK):
            seen_danish = seen_danish or DANISH_IN_UTF8.search(block) is not None
            undefined = undefined or UNDEFINED_IN_CP1252.search(block) is not None
            if bad_line is None:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError as error:
                    bad_line = line + block[: error.start].count(b"\n")
            line += block.count(b"\n")
    if bad_line is None:
        return encoding
    if encoding == "utf-8-sig" or seen_danish or undefined:
        raise Refusal("encoding_mixed", line=bad_line)
    return "cp1252"


def _opened(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, newline="")


def delimiter_of(path: Path, encoding: str, kind: str, mapping: Mapping[str, str]) -> str:
    """The delimiter that makes a header of the file's first lines; of several, the one that finds most columns."""
    best, best_score = DELIMITERS[0], (-1, -1)
    for delimiter in DELIMITERS:
        first: list[list[str]] = []
        # What is wrong further down is told when the rows are read; the header stands above it.
        with _opened(path, encoding) as file, suppress(csv.Error):
            first.extend(islice(_reader(file, delimiter), HEADER_SEARCH_ROWS))
        position = find_header(first, kind, mapping)
        found = 0 if position is None else len(propose(first[position], kind, mapping).positions)
        score = (found, max((len(row) for row in first), default=0))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def rows_of(path: Path, kind: str, mapping: Mapping[str, str]) -> Iterator[list[str]]:
    """The file's rows, blank lines as empty lists, so that positions are the spreadsheet's row numbers.

    Raises Refusal `encoding_mixed`, `quotes` (with the line) or `truncated` (ends inside a row, IF08).
    """
    csv.field_size_limit(FIELD_LIMIT)
    encoding = encoding_of(path)
    delimiter = delimiter_of(path, encoding, kind, mapping)
    with _opened(path, encoding) as file:
        reader = _reader(file, delimiter)
        try:
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
