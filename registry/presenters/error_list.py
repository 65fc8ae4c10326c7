"""The rows somebody must mend in the file, as CSV that Danish spreadsheets open and that carries no formula (D8)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from .list_rows import column_words

# In front of a saved file: without it spreadsheets read æøå wrong.
BYTE_ORDER_MARK = "\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def error_csv(errors: Iterable[Mapping[str, Any]]) -> str:
    """One line for each of `selectors.lists.row_errors`: row as the spreadsheet shows it, column, what is wrong."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Række"), _("Kolonne"), _("Hvad er galt"), _("Kode")])
    for error in errors:
        words = (error["row"] or "", column_words(error["column"]), error["message"], error["code"])
        writer.writerow([_cell(word) for word in words])
    return BYTE_ORDER_MARK + file.getvalue()


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS) else text
