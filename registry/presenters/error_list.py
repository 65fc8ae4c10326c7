"""The rows somebody must mend in the file, as CSV and XLSX that carry no formula (D8) and nobody's name or number.

A row number is enough to find the row in the file, and the file stays where it is protected.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from outreach.design.spreadsheets import BYTE_ORDER_MARK, neutral

from ..models import RowClass
from .list_rows import column_words

WIDTHS = (9, 20, 60, 60, 22)
# What to do, by the row's group; a few problems have an answer of their own.
TODO_OF_CLASS = {
    RowClass.UNREADABLE: gettext_lazy("Ret rækken i filen, og indlæs den igen. Eller bed SSI om en ny liste."),
    RowClass.NEEDS_DECISION: gettext_lazy("Vælg på siden »Gennemse listen«, om rækken skal indlæses."),
    RowClass.MOVED: gettext_lazy("Intet, hvis det er rigtigt. Ellers ret borgeren i registret."),
}
TODO_OF_CODE = {
    "leading_zero": gettext_lazy("Bekræft nullet på siden, eller gør kolonnen til tekst, før du gemmer regnearket."),
    "cpr_rounded": gettext_lazy("Hent listen igen hos SSI. Regnearket har ødelagt tallene."),
    "citizen_status": gettext_lazy("Spring rækken over. Er registret forkert, så indlæs et nyt borgerregister."),
    "name_missing": gettext_lazy("Skriv navnet i filen, eller opret borgeren i registret først."),
}


def error_csv(errors: Iterable[Mapping[str, Any]]) -> str:
    """One line for each of `selectors.lists.each_row_error`: row, column, what is wrong, what to do."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerows(_lines(errors))
    return BYTE_ORDER_MARK + file.getvalue()


def error_xlsx(errors: Iterable[Mapping[str, Any]]) -> bytes:
    """The same as a spreadsheet, written row by row; cells are texts and numbers, never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Fejlliste"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDE", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    lines = _lines(errors)
    sheet.append([_xlsx_cell(sheet, word, bold=True) for word in next(lines)])
    for line in lines:
        sheet.append([_xlsx_cell(sheet, word) for word in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def todo(code: str, row_class: str) -> str:
    """What somebody can do about a row with this problem."""
    return str(TODO_OF_CODE.get(code) or TODO_OF_CLASS.get(RowClass(row_class)) or "")


def _lines(errors: Iterable[Mapping[str, Any]]) -> Iterator[list[object]]:
    yield [_("Række"), _("Kolonne"), _("Hvad er galt"), _("Hvad kan du gøre"), _("Kode")]
    for error in errors:
        yield [
            error["row"] or "",
            neutral(column_words(error["column"])),
            neutral(error["message"]),
            neutral(todo(error["code"], error["row_class"])),
            neutral(error["code"]),
        ]


def _xlsx_cell(sheet: Any, value: object, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # a text, whatever it begins with
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell
