"""Capacity and what a session may look like."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import UserError
from popup_sites.local_times import local_moment
from popup_sites.session_rules import capacity_of, check_hours, check_room, check_staffing

NOW = local_moment(date(2021, 4, 20), time(9, 20))
TOMORROW = local_moment(date(2021, 4, 21), time(14))


@pytest.mark.parametrize(
    ("vaccinators", "minutes", "minutes_per_dose", "doses", "capacity"),
    [
        (2, 360, 5, 200, 144),
        (2, 360, 5, 100, 100),  # no more people than doses
        (2, 100, 15, 200, 13),  # 13.3
        (1, 4, 5, 200, 0),
    ],
)
def test_capacity_is_time_over_minutes_but_no_more_than_doses(
    vaccinators: int, minutes: int, minutes_per_dose: int, doses: int, capacity: int
) -> None:
    assert capacity == capacity_of(
        vaccinators=vaccinators, minutes=minutes, minutes_per_dose=minutes_per_dose, doses=doses
    )


@given(st.integers(1, 50), st.integers(1, 1440), st.integers(1, 120), st.integers(1, 20_000))
def test_capacity_never_needs_more_time_or_doses_than_there_are(
    vaccinators: int, minutes: int, minutes_per_dose: int, doses: int
) -> None:
    room = capacity_of(vaccinators=vaccinators, minutes=minutes, minutes_per_dose=minutes_per_dose, doses=doses)
    assert 0 <= room <= doses
    assert room * minutes_per_dose <= vaccinators * minutes


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "code"),
    [
        (TOMORROW, TOMORROW - timedelta(hours=1), "ends_before_start"),
        (TOMORROW, TOMORROW, "ends_before_start"),
        (TOMORROW, TOMORROW + timedelta(hours=25), "session_too_long"),
        (NOW - timedelta(hours=1), NOW + timedelta(hours=1), "session_in_past"),
        (TOMORROW.replace(year=2206), TOMORROW.replace(year=2206, hour=20), "session_too_far_ahead"),
    ],
)
def test_impossible_hours_are_refused_with_a_sentence(starts_at: datetime, ends_at: datetime, code: str) -> None:
    with pytest.raises(UserError) as refusal:
        check_hours(starts_at=starts_at, ends_at=ends_at, now=NOW)
    assert refusal.value.code == code


def test_a_whole_day_over_midnight_is_allowed() -> None:
    check_hours(starts_at=TOMORROW, ends_at=TOMORROW + timedelta(hours=24), now=NOW)


@pytest.mark.parametrize(
    "numbers", [(0, 5, 10), (-1, 5, 10), (51, 5, 10), (2, 0, 10), (2, 5, 0), (2, 5, 1_000_000_000)]
)
def test_numbers_out_of_range_are_refused(numbers: tuple[int, int, int]) -> None:
    vaccinators, minutes_per_dose, doses = numbers
    with pytest.raises(UserError) as refusal:
        check_staffing(vaccinators=vaccinators, minutes_per_dose=minutes_per_dose, doses=doses)
    assert refusal.value.code == "staffing_out_of_range"


def test_capacity_below_what_is_promised_names_the_surplus() -> None:
    with pytest.raises(UserError) as refusal:
        check_room(capacity=20, reserved=24)
    assert refusal.value.code == "capacity_below_reserved"
    assert "4 for få" in refusal.value.message


def test_no_room_for_anybody_is_refused() -> None:
    with pytest.raises(UserError) as refusal:
        check_room(capacity=0, reserved=0)
    assert refusal.value.code == "no_capacity"
