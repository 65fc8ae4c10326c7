"""A wave's filter: written and read, refused in words, and how far a follow-up has come (S3)."""

from datetime import date

import pytest

from campaigns.waves.audience import Standing, WaveFilter, born_between, standing
from outreach.errors import UserError


def test_a_filter_is_stored_with_what_is_set_and_read_again() -> None:
    chosen = WaveFilter(groups=("7",), parishes=(9037,), age_from=65, queued_calls=True)
    assert chosen.stored() == {"groups": ["7"], "parishes": [9037], "age_from": 65, "queued_calls": True}
    assert WaveFilter.from_stored(chosen.stored()) == chosen


def test_one_may_write_one_instead_of_a_list() -> None:
    assert WaveFilter.from_stored({"group": "7", "parish": 9037}) == WaveFilter(groups=("7",), parishes=(9037,))


@pytest.mark.parametrize(
    "written",
    [
        {"grupper": ["7"]},
        {"parishes": ["Ishøj"]},
        {"age_from": 70, "age_to": 60},
        {"weeks_from": 3, "weeks_to": 1},
        {"statuses": ["tired"]},
        {"near_session": 4},
        {"near_session": 4, "within_km": 0},
        {"near_session": 4, "within_km": 51},
        {"queued_calls": "ja"},
        {"age_from": -1},
        {"age_from": True},
    ],
)
def test_what_cannot_be_read_is_refused(written) -> None:
    with pytest.raises(UserError) as refused:
        WaveFilter.from_stored(written)
    assert refused.value.code == "wave_filter"


@pytest.mark.parametrize(
    ("status", "closed_reason", "outcome", "contacted", "expected"),
    [
        ("open", "", "", False, Standing.NO_CONTACT),
        ("open", "", "", True, Standing.NO_ANSWER),
        ("open", "", "voicemail", True, Standing.NO_ANSWER),
        ("open", "", "call_back", True, Standing.NO_ANSWER),
        ("open", "", "undecided", True, Standing.UNDECIDED),
        ("open", "", "books_self", True, Standing.WAITING),
        ("closed", "attempts_documented", "no_answer", True, Standing.EXHAUSTED),
        ("closed", "declined", "declined", True, None),
    ],
)
def test_how_far_a_follow_up_has_come(status, closed_reason, outcome, contacted, expected) -> None:
    found = standing(status=status, closed_reason=closed_reason, outcome=outcome, contacted=contacted)
    assert found == expected


def test_ages_become_birth_dates() -> None:
    # On 20 April 2021 those of 65 to 74 were born from 21 April 1946 to 20 April 1956.
    chosen = WaveFilter(age_from=65, age_to=74)
    assert born_between(chosen, date(2021, 4, 20)) == (date(1956, 4, 20), date(1946, 4, 20))
    # Somebody born on 29 February is 18 on 1 March of an ordinary year.
    assert born_between(WaveFilter(age_from=18), date(2021, 2, 28))[0] == date(2003, 2, 28)
