"""Costs are exact in øre; only what is shown is rounded, halves upwards (S2)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from outreach.messaging.prices import cost_in_ore, kroner


def test_by_hand() -> None:
    assert cost_in_ore(138, Decimal("29.5")) == Decimal(4071)
    assert kroner(Decimal(4071)) == Decimal("40.71")
    assert kroner(Decimal("0.5")) == Decimal("0.01")
    assert kroner(Decimal(0)) == Decimal("0.00")


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.decimals(0, 1000, places=2))
def test_a_cost_is_the_sum_of_its_parts(one: int, other: int, price: Decimal) -> None:
    assert cost_in_ore(one, price) + cost_in_ore(other, price) == cost_in_ore(one + other, price)
