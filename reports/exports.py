"""CSV that Danish spreadsheets open as it is and that carries no formula (D8)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

# In front of a saved file: without it spreadsheets read æøå wrong.
BYTE_ORDER_MARK = "\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Semicolons, decimal comma, 21.04.2021; None is "–"; a text that a spreadsheet would run gets an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([cell(each) for each in header])
    writer.writerows([cell(each) for each in row] for row in rows)
    return file.getvalue()


def cell(value: object) -> str:
    """One value as a cell."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, (Decimal, float)):
        return str(value).replace(".", ",")
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS) else text
