"""Read XLSX, XLS and ODS with calamine. Free of Django; runs in the reading child, which may die of a hostile file."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from .columns import HEADER_SEARCH_ROWS, find_header, propose
from .refusals import MOST_COLUMNS, MOST_SHEETS, Refusal, tellable

START_BYTES = 4096  # of a part; a declaration stands before everything else
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, RuntimeError)


def rows_of(path: Path, kind: str, mapping: Mapping[str, str]) -> Iterator[list[str]]:
    """The rows of the visible sheet with our header, from the sheet's first row on; else of the first visible sheet.

    Raises Refusal: `password`, `broken_file`, `merged_header` (with the cells), `hidden_sheet`, `several_lists` (with
    the sheets), `too_many_sheets`, `unsafe_xml`.
    """
    try:
        if zipfile.is_zipfile(path):
            _refuse_declarations(path)
        workbook = CalamineWorkbook.from_path(str(path))
        sheet = _sheet_with_header(workbook, kind, mapping)
        yield from _all_rows(sheet)
    except PasswordError as error:
        raise Refusal("password") from error
    except (CalamineError, *BROKEN_ZIP) as error:
        raise Refusal("broken_file") from error


def _refuse_declarations(path: Path) -> None:
    """IF14, IF15: no spreadsheet program declares a document type; who does wants entities replaced."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.filename.endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    if DECLARATION.search(part.read(START_BYTES)):
                        raise Refusal("unsafe_xml")


def _sheet_with_header(workbook: CalamineWorkbook, kind: str, mapping: Mapping[str, str]) -> CalamineSheet:
    """What nobody can see is not read, and of two lists none is chosen in silence: people would be lost."""
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if len(sheets) > MOST_SHEETS:
        raise Refusal("too_many_sheets", limit=MOST_SHEETS)
    visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    best: CalamineSheet | None = None
    best_found, best_position, lists = 0, 0, []
    for name in visible:
        sheet = workbook.get_sheet_by_name(name)
        position, found, is_list = _header_of(sheet, kind, mapping)
        if is_list:
            lists.append(tellable(name) or "…")
        # A sheet of figures may have one word of our header; the list has more.
        if found > best_found:
            best, best_found, best_position = sheet, found, position
    if len(lists) > 1:
        raise Refusal("several_lists", names=lists)
    if best is not None:
        _refuse_merged(best, best_position)
        return best
    hidden = (sheet.name for sheet in sheets if sheet.name not in visible)
    if any(_header_of(workbook.get_sheet_by_name(name), kind, mapping)[1] for name in hidden):
        raise Refusal("hidden_sheet")
    if not visible:
        raise Refusal("no_header", missing=propose([], kind, mapping).missing)
    return workbook.get_sheet_by_name(visible[0])


def _header_of(sheet: CalamineSheet, kind: str, mapping: Mapping[str, str]) -> tuple[int, int, bool]:
    """Where the sheet's header is, how many of our columns it names, and whether a list with rows stands under it."""
    start = [row[:MOST_COLUMNS] for row in islice(_all_rows(sheet), HEADER_SEARCH_ROWS)]
    position = find_header(start, kind, mapping)
    if position is None:
        return 0, 0, False
    proposal = propose(start[position], kind, mapping)
    found = len(proposal.positions)
    return position, found, bool(found) and not proposal.missing and sheet.total_height > position + 1


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
