"""K12: cost, forecast and staffing, counted by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.workload_rules import (
    CALLING_HOURS,
    Cost,
    Prices,
    Used,
    cost,
    expected_attempts,
    forecast,
    staffing,
    working_days,
)

# 300 kr. an hour, 40 øre a part, 9 kr. a letter, 250 kr. a ride.
PRICES = Prices(hour=30_000, segment=40, letter=900, ride=25_000)
# A Tuesday.
TODAY = date(2021, 4, 20)


def test_what_things_cost() -> None:
    used = Used(seconds=2 * 3600, timed=30, segments=100, letters=10, rides=2)
    assert cost(used, PRICES) == Cost(staff=60_000, messages=4_000, letters=9_000, rides=50_000)
    assert cost(used, PRICES).total == 123_000


def test_calls_of_unknown_time_cost_what_the_others_cost_on_average() -> None:
    assert cost(Used(seconds=3600, timed=10, untimed=5), PRICES).staff == 45_000
    assert cost(Used(untimed=5), PRICES).staff == 0


def test_the_advisers_talks_are_paid_by_their_own_average() -> None:
    # 2 talks of 30 minutes and one of unknown time: an hour and a half at 300 kr.; calls are not mixed in.
    used = Used(seconds=600, timed=10, talk_seconds=3600, timed_talks=2, untimed_talks=1)
    assert cost(used, PRICES).staff == 45_000 + 5_000
    assert cost(Used(untimed_talks=2), PRICES).staff == 0


def test_working_days_leave_out_weekends_and_holidays() -> None:
    # Monday 26 April to Sunday 2 May 2021: Friday 30 April is a holiday.
    assert working_days(date(2021, 4, 26), date(2021, 5, 2)) == 4
    assert working_days(date(2021, 4, 26), date(2021, 4, 25)) == 0


def test_a_grant_that_lasts() -> None:
    # 10 working days before 20 April: 6 to 9 April (4; Easter Monday is the 5th), 12 to 16 (5), 19 (1).
    # 1.000 kr. a day; 20 April to 30 April has 8 working days (20–23, 26–29).
    told = forecast(
        amount=40_000_000, used=5_000_000, recent=1_000_000, today=TODAY, starts_on=date(2021, 3, 1),
        ends_on=date(2021, 4, 30),
    )  # fmt: skip
    assert told is not None
    assert (told.per_day, told.total, told.empty_on) == (100_000, 5_800_000, None)


def test_a_grant_that_does_not() -> None:
    # 3.000 kr. left at 1.000 kr. a day: used up on the third working day, Thursday 22 April.
    told = forecast(
        amount=5_300_000, used=5_000_000, recent=1_000_000, today=TODAY, starts_on=date(2021, 3, 1),
        ends_on=date(2021, 4, 30),
    )  # fmt: skip
    assert told is not None
    assert told.empty_on == date(2021, 4, 22)


def test_a_grant_that_began_last_week_and_one_that_begins_today() -> None:
    # Thursday 15, Friday 16 and Monday 19: three working days.
    young = forecast(
        amount=10_000_000, used=300_000, recent=300_000, today=TODAY, starts_on=date(2021, 4, 15),
        ends_on=date(2021, 4, 20),
    )  # fmt: skip
    assert young is not None
    assert (young.per_day, young.total) == (100_000, 400_000)
    new = forecast(amount=10_000_000, used=0, recent=0, today=TODAY, starts_on=TODAY, ends_on=date(2021, 8, 31))
    assert new is None


@pytest.mark.parametrize(
    ("share", "most", "calls"), [(0.5, 3, 1.75), (1.0, 3, 1.0), (0.0, 3, 3.0), (0.25, 2, 1.75), (None, 3, None)]
)
def test_calls_a_citizen_takes(share: float | None, most: int, calls: float | None) -> None:
    assert expected_attempts(share, most) == calls


def test_people_for_the_tightest_deadline() -> None:
    # 10 minutes a call. 36 today: 6 hours, 1 person. 120 more by tomorrow: 26 hours in 2 days of 6, 3 people.
    waiting = {date(2021, 4, 20): 30, date(2021, 4, 16): 6, date(2021, 4, 21): 120, None: 6}
    need = staffing(waiting, 600, TODAY)
    assert (need.hours, need.people, need.tightest) == (27.0, 3, date(2021, 4, 21))


def test_nobody_waits() -> None:
    need = staffing({}, 600, TODAY)
    assert (need.hours, need.people, need.tightest) == (0.0, 0, None)


@given(
    st.dictionaries(st.dates(date(2021, 4, 1), date(2021, 6, 30)), st.integers(1, 500), max_size=8),
    st.integers(30, 1800),
)
def test_so_many_people_keep_every_deadline_and_one_fewer_does_not(waiting: dict[date, int], seconds: int) -> None:
    need = staffing(dict(waiting), seconds, TODAY)

    def keeps(people: int) -> bool:
        for deadline in {max(day, TODAY) for day in waiting}:
            work = sum(calls for day, calls in waiting.items() if max(day, TODAY) <= deadline) * seconds
            room = people * max(1, working_days(TODAY, deadline)) * CALLING_HOURS * 3600
            if work > room + 0.1:
                return False
        return True

    assert keeps(need.people)
    assert need.people == 0 or not keeps(need.people - 1) or need.people == 1
