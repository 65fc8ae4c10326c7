"""What messages cost: segments times the price of one, in øre (S2). Pure; no price is known here."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def cost_in_ore(segments: int, ore_per_segment: Decimal) -> Decimal:
    """The cost in øre, exact: rounding is for whoever shows it."""
    return ore_per_segment * segments


def kroner(ore: Decimal) -> Decimal:
    """Øre as kroner with two decimals, halves rounded up as on a bill."""
    return (ore / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
