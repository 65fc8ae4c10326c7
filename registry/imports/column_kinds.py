"""What seems to be in each column, from the first rows: a word for the person who maps them, never a cell.

Pure, and free of Django: the reading child imports it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Looks like a CPR number, also with a hyphen or without its leading zero.
TEN_DIGITS = re.compile(r"\d{9,10}|\d{5,6}[ \-–]\d{4}")
DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ T]\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)?")
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
EMPTY, TEXT, MIXED = "empty", "text", "mixed"
KINDS = (("ten_digits", TEN_DIGITS), ("date", DATE), ("number", NUMBER))


def kind_of_cell(text: str) -> str:
    """`ten_digits`, `date`, `number`, `text` or `empty`."""
    text = text.strip()
    if not text:
        return EMPTY
    return next((kind for kind, pattern in KINDS if pattern.fullmatch(text)), TEXT)


def column_kinds(width: int, rows: Sequence[Sequence[str]]) -> list[str]:
    """The kind of each of `width` columns: that of nine in ten filled cells, else `mixed`; `empty` without any."""
    kinds = []
    for position in range(width):
        found = [kind_of_cell(row[position]) for row in rows if position < len(row)]
        filled = [kind for kind in found if kind != EMPTY]
        most = max(set(filled), key=filled.count, default=EMPTY)
        kinds.append(most if filled.count(most) * 10 >= len(filled) * 9 else MIXED)
    return kinds
