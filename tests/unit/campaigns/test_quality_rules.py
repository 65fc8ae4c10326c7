"""K13: all of a new caller's first outcomes, a share of the later ones, and nobody can choose which."""

import pytest

from campaigns.models import PickedBecause
from campaigns.quality_rules import SampleRule, picked_because

RULE = SampleRule(first_outcomes=20, percent=5)


@pytest.mark.parametrize(("made_before", "picked"), [(0, True), (19, True), (20, False)])
def test_the_first_outcomes_of_a_caller_are_all_looked_at(made_before: int, picked: bool) -> None:
    none_later = SampleRule(first_outcomes=20, percent=0)
    found = {picked_because(number, made_before, none_later, key="k") for number in range(200)}
    assert found == {PickedBecause.NEW_CALLER if picked else None}


def test_of_the_later_ones_about_the_share_asked_for() -> None:
    picked = sum(picked_because(number, 100, RULE, key="k") == PickedBecause.SAMPLE for number in range(20_000))
    # 5 % of 20,000 is 1,000; four standard deviations are 123.
    assert abs(picked - 1000) < 123
    assert all(picked_because(number, 100, SampleRule(0, 100), key="k") for number in range(1000))


def test_the_same_outcome_is_judged_the_same_and_the_key_decides() -> None:
    sample = [number for number in range(2000) if picked_because(number, 100, RULE, key="one")]
    assert sample == [number for number in range(2000) if picked_because(number, 100, RULE, key="one")]
    assert sample != [number for number in range(2000) if picked_because(number, 100, RULE, key="another")]


def test_a_larger_share_keeps_what_the_smaller_one_picked() -> None:
    small = {number for number in range(2000) if picked_because(number, 100, RULE, key="k")}
    large = {number for number in range(2000) if picked_because(number, 100, SampleRule(20, 30), key="k")}
    assert small < large
