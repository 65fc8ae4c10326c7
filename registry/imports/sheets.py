"""Read XLSX, XLS and ODS with calamine. Free of Django; runs in the reading child, which may die of a hostile file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from .columns import HEADER_SEARCH_ROWS, find_header, propose
from .refusals import Refusal


def rows_of(path: Path, kind: str, mapping: Mapping[str, str]) -> Iterator[list[str]]:
    """The rows of the sheet with our header, from the sheet's first row on; else of the first sheet.

    Raises Refusal `password`, `truncated` or `merged_header` (with the cells).
    """
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheet = _sheet_with_header(workbook, kind, mapping)
        yield from _all_rows(sheet)
    except PasswordError as error:
        raise Refusal("password") from error
    except CalamineError as error:
        raise Refusal("truncated") from error


def _sheet_with_header(workbook: CalamineWorkbook, kind: str, mapping: Mapping[str, str]) -> CalamineSheet:
    first = None
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        start = list(islice(_all_rows(sheet), HEADER_SEARCH_ROWS))
        position = find_header(start, kind, mapping)
        if position is not None and propose(start[position], kind, mapping).positions:
            _refuse_merged(sheet, position)
            return sheet
        first = first or sheet
    if first is None:
        raise Refusal("no_header", missing=[])
    return first


def _refuse_merged(sheet: CalamineSheet, header_row: int) -> None:
    """IH/IF21: a header cell over several columns says of none of them what it is."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top <= header_row <= bottom and right > left:
            raise Refusal("merged_header", cells=f"{_cell(top, left)}:{_cell(bottom, right)}")


def _cell(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _all_rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    """Every row as texts, from the sheet's first row, so that positions are row numbers."""
    if sheet.start is None:
        return
    for row in sheet.iter_rows():
        yield [cell if type(cell) is str else _text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A cell as text: whole numbers without decimals, real dates as ISO; a bare serial stays a number (IR18)."""
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
