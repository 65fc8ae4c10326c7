"""Danish clock times as moments: the hour that is skipped, the hour that comes twice, and nights over midnight."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import UserError
from popup_sites.local_times import COPENHAGEN, hours_text, local_moment, minutes_between


@pytest.mark.parametrize("clock", [time(2, 0), time(2, 30), time(2, 59)])
def test_time_the_clock_skips_in_spring_is_refused(clock: time) -> None:
    with pytest.raises(UserError) as refusal:
        local_moment(date(2026, 3, 29), clock)
    assert refusal.value.code == "time_does_not_exist"
    assert "29.03.2026" in refusal.value.message


@pytest.mark.parametrize("clock", [time(2, 0), time(2, 30), time(2, 59)])
def test_time_that_comes_twice_in_autumn_is_refused(clock: time) -> None:
    with pytest.raises(UserError) as refusal:
        local_moment(date(2026, 10, 25), clock)
    assert refusal.value.code == "time_occurs_twice"


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        (date(2026, 3, 29), time(1, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (date(2026, 3, 29), time(3, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 59), datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        (date(2026, 10, 25), time(3, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_times_around_the_change_are_the_right_moments(day: date, clock: time, utc: datetime) -> None:
    assert local_moment(day, clock) == utc


def test_a_night_when_the_clock_changes_has_its_true_length() -> None:
    spring = (local_moment(date(2026, 3, 28), time(22)), local_moment(date(2026, 3, 29), time(4)))
    autumn = (local_moment(date(2026, 10, 24), time(22)), local_moment(date(2026, 10, 25), time(4)))
    assert minutes_between(*spring) == 5 * 60
    assert minutes_between(*autumn) == 7 * 60


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.times().map(lambda each: each.replace(microsecond=0)))
def test_a_moment_shows_the_time_it_was_made_of(day: date, clock: time) -> None:
    try:
        moment = local_moment(day, clock)
    except UserError:
        return
    shown = moment.astimezone(UTC).astimezone(COPENHAGEN)
    assert (shown.date(), shown.time()) == (day, clock)


def test_hours_are_written_as_people_say_them() -> None:
    day = date(2021, 4, 21)
    assert hours_text(local_moment(day, time(14)), local_moment(day, time(20, 30))) == "ons. 21.04. kl. 14–20.30"
    night = hours_text(local_moment(day, time(22)), local_moment(date(2021, 4, 22), time(2)), with_year=True)
    assert night == "ons. 21.04.2021 kl. 22 – tors. 22.04.2021 kl. 2"
