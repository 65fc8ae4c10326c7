"""Shares in percent with one decimal, rounded half up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


def percent(part: int | None, whole: int | None) -> Decimal | None:
    """`part` of `whole` in percent; None where either is unknown, or of nobody."""
    if part is None or not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(TENTH, rounding=ROUND_HALF_UP)


def added(counts: Iterable[int | None]) -> int | None:
    """The sum, or None where a part is unknown: a sum of the known ones would be too small."""
    known: list[int] = []
    for count in counts:
        if count is None:
            return None
        known.append(count)
    return sum(known)


def as_number(share: Decimal | None) -> float | None:
    """A share as JSON writes it."""
    return None if share is None else float(share)
