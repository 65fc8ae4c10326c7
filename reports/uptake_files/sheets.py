"""An uptake file on disk as rows of text: a spreadsheet's first sheet that holds a header, or a CSV file."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from outreach.errors import UserError

from .tables import csv_rows

MAXIMUM_BYTES = 20 * 1024**2  # the country by parish, group and age is under 5 MB
MAXIMUM_UNPACKED_BYTES = 200 * 1024**2
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def file_rows(path: Path, is_header: Callable[[Sequence[str]], bool]) -> list[list[str]]:
    """The rows of a CSV or spreadsheet file. Raises UserError: too large, or no such file at all."""
    size = path.stat().st_size
    if size == 0:
        raise UserError("empty_file", "Filen er tom. Hent den igen fra afsenderen.")
    if size > MAXIMUM_BYTES:
        raise UserError("file_too_large", "Filen fylder over 20 MB. Så stor er ingen tilslutningsfil; er det den rigtige?")
    content = path.read_bytes()
    if content.startswith((_ZIP, _OLE)):
        return _sheet_rows(path, is_header, zipped=content.startswith(_ZIP))
    return csv_rows(content, is_header)


def _sheet_rows(path: Path, is_header: Callable[[Sequence[str]], bool], *, zipped: bool) -> list[list[str]]:
    try:
        if zipped:
            _refuse_bomb(path)
        with CalamineWorkbook.from_path(path) as workbook:
            sheets = [
                [[_text(cell) for cell in row] for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)]
                for name in workbook.sheet_names
            ]
    except (CalamineError, zipfile.BadZipFile):
        raise UserError(
            "bad_spreadsheet", "Regnearket kan ikke åbnes. Gem det igen i dit regnearksprogram, eller gem det som CSV."
        ) from None
    with_header = (rows for rows in sheets if any(is_header(row) for row in rows[:20]))
    return next(with_header, sheets[0] if sheets else [])


def _refuse_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAXIMUM_UNPACKED_BYTES:
            raise UserError("file_too_large", "Regnearket er for stort, når det pakkes ud. Gem kun tallene i en ny fil.")


def _text(cell: Any) -> str:
    """A cell as a person would type it: a whole number without `.0`, a day as 2021-04-20."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        # repr keeps every digit; spreadsheets store 17.5 as 17.5 and 2015 as 2015.0
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return str(cell)
