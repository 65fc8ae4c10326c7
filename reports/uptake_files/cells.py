"""Read one cell: a count, a share, hidden, or nothing (D1: `<10` is suppressed, not zero; `–` is unknown)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Generic, TypeVar

_NOTHING = {"", "-", "–", "—", ".", "..", "na", "n/a", "null", "none", "nan", "ukendt", "uoplyst"}
_HIDDEN = re.compile(r"(<|under|færre end)\s*\d+|\*+", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
_GROUPED = re.compile(r"\d{1,3}([.,]\d{3})+")
_WHOLE = re.compile(r"\d+([.,]0+)?")
_DECIMAL = re.compile(r"\d+([.,]\d+)?")
_TENTH = Decimal("0.1")
MAXIMUM = 2_147_483_647


class UnreadableCell(ValueError):
    """A cell that is neither a figure, nor hidden, nor empty."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure(Generic[T]):
    """A value, or None: the file does not say, or (`hidden`) it has hidden the value."""

    value: T | None = None
    hidden: bool = False


def _unsaid(text: str) -> Figure[Any] | None:
    stripped = text.strip().casefold()
    if stripped in _NOTHING:
        return Figure()
    return Figure(hidden=True) if _HIDDEN.fullmatch(stripped) else None


def read_count(text: str) -> Figure[int]:
    """A number of persons: `2.015`, `2 015`, `2,015`, `2015.0`. Raises UnreadableCell."""
    if (unsaid := _unsaid(text)) is not None:
        return unsaid
    compact = _SPACES.sub("", text)
    if _GROUPED.fullmatch(compact):
        number = int(re.sub("[.,]", "", compact))
    elif _WHOLE.fullmatch(compact):
        number = int(re.split("[.,]", compact)[0])
    else:
        raise UnreadableCell(text)
    if number > MAXIMUM:
        raise UnreadableCell(text)
    return Figure(number)


def read_share(text: str) -> Figure[Decimal]:
    """A share in percent with one decimal, rounded half up: `17.5`, `17,5 %`. Raises UnreadableCell."""
    if (unsaid := _unsaid(text)) is not None:
        return unsaid
    compact = _SPACES.sub("", text).removesuffix("%")
    if not _DECIMAL.fullmatch(compact):
        raise UnreadableCell(text)
    share = Decimal(compact.replace(",", ".")).quantize(_TENTH, rounding=ROUND_HALF_UP)
    if share >= 1000:  # uptake may pass 100 % when the population is another day's, never this far
        raise UnreadableCell(text)
    return Figure(share)
