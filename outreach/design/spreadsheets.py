"""What every file for a spreadsheet needs: bytes in front, and texts that are never calculated (D8, ASVS 1.2.10)."""

from __future__ import annotations

from typing import Any

# In front of a saved file: without it spreadsheets read æøå wrong.
BYTE_ORDER_MARK = "\ufeff"
# Full-width signs are formulas too, to spreadsheets set to an East Asian language.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(value: Any) -> Any:
    """A cell for an export: a text that a spreadsheet would calculate gets an apostrophe in front; None is empty."""
    if not isinstance(value, str):
        return "" if value is None else value
    starts = value.startswith(FORMULA_STARTS) or value.lstrip().startswith(FORMULA_STARTS)
    return f"'{value}" if starts else value


def plain(text: str) -> str:
    """The same cell read back: without the apostrophe that `neutral` put there."""
    rest = text.strip()
    return rest[1:] if rest.startswith("'") and neutral(rest[1:]) != rest[1:] else rest
