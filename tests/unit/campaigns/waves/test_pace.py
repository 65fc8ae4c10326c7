"""When each message of a wave goes: evenly, in the window, once, also when the clocks change (S4, SS05–SS07)."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.sending_window import COPENHAGEN, Window, may_send_at
from campaigns.waves.pace import pace
from outreach.errors import UserError

WINDOW = Window()
# Tuesday 20 April 2021, 10.00 in Copenhagen.
TUESDAY = datetime(2021, 4, 20, 8, 0, tzinfo=UTC)


def local(day: int, hour: int, minute: int = 0, month: int = 4) -> datetime:
    return datetime(2021, month, day, hour, minute, tzinfo=COPENHAGEN)


def test_messages_go_one_gap_apart() -> None:
    plan = pace(starts_at=TUESDAY, number=3, per_minute=2, window=WINDOW)
    assert [plan.at(turn) for turn in range(3)] == [TUESDAY + timedelta(seconds=30 * turn) for turn in range(3)]
    assert plan.ends_at == TUESDAY + timedelta(minutes=1)


def test_nothing_to_send_takes_no_time() -> None:
    plan = pace(starts_at=TUESDAY, number=0, per_minute=5, window=WINDOW)
    assert (plan.slots, plan.starts_at, plan.ends_at) == ((), None, None)


def test_what_is_left_at_closing_time_goes_on_the_next_sending_day() -> None:
    # Saturday 24 April, 19.30: thirty fit before 20.00; Sunday is quiet; Monday opens at 9.
    plan = pace(starts_at=local(24, 19, 30), number=31, per_minute=1, window=WINDOW)
    assert plan.at(29) == local(24, 19, 59)
    assert plan.at(30) == local(26, 9)


def test_a_holiday_is_passed_over() -> None:
    # Friday 30 April 2021 was Store bededag; the day before ends at 20.
    plan = pace(starts_at=local(29, 19, 59), number=2, per_minute=1, window=WINDOW)
    assert plan.at(1) == datetime(2021, 5, 1, 9, 0, tzinfo=COPENHAGEN)


def test_a_wave_begun_at_night_waits_for_the_morning() -> None:
    plan = pace(starts_at=local(20, 23), number=1, per_minute=1, window=WINDOW)
    assert plan.at(0) == local(21, 9)


@pytest.mark.case("SS06")
@pytest.mark.parametrize(("saturday", "monday"), [((27, 3), (29, 3)), ((30, 10), (1, 11))], ids=["spring", "autumn"])
def test_half_past_two_on_the_night_of_the_clock_change_goes_once_the_next_morning(saturday, monday) -> None:
    sunday_night = local(saturday[0] + 1, 2, 30, saturday[1])  # 28 March: no such time; 31 October: twice
    for fold in (0, 1):
        plan = pace(starts_at=sunday_night.replace(fold=fold), number=2, per_minute=1, window=WINDOW)
        assert [plan.at(0), plan.at(1)] == [
            local(monday[0], 9, 0, monday[1]),
            local(monday[0], 9, 1, monday[1]),
        ]


def test_a_wave_over_the_clock_change_loses_and_doubles_none() -> None:
    # Sundays allowed: Saturday 27 March 19.00 to Sunday 28 March, in summer time.
    plan = pace(starts_at=local(27, 19, month=3), number=90, per_minute=1, window=Window(sundays=True))
    moments = [plan.at(turn) for turn in range(90)]
    assert len(set(moments)) == 90
    assert moments[60] == local(28, 9, month=3)
    # Thirteen hours by the wall clock, twelve in fact.
    assert moments[60] - moments[59] == timedelta(hours=12, minutes=1)


def test_a_wave_for_months_is_refused() -> None:
    with pytest.raises(UserError) as refused:
        pace(starts_at=TUESDAY, number=100_000, per_minute=1, window=WINDOW)
    assert refused.value.code == "wave_too_slow"


@given(
    number=st.integers(1, 400),
    per_minute=st.integers(1, 300),
    minutes=st.integers(0, 60 * 24 * 400),
    opens=st.integers(8, 12),
    hours=st.integers(1, 8),
    sundays=st.booleans(),
    holidays=st.booleans(),
)
def test_every_message_goes_once_in_the_window_and_never_in_a_burst(
    number, per_minute, minutes, opens, hours, sundays, holidays
) -> None:
    window = Window(opens=opens, closes=opens + hours, sundays=sundays, holidays=holidays)
    starts_at = datetime(2021, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    plan = pace(starts_at=starts_at, number=number, per_minute=per_minute, window=window)
    moments = [plan.at(turn) for turn in range(number)]
    assert all(may_send_at(moment, window) for moment in moments)
    assert moments[0] >= starts_at
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert all(gap >= plan.gap for gap in gaps)
    assert sum(slot.number for slot in plan.slots) == number
    with pytest.raises(IndexError):
        plan.at(number)
    middle = moments[number // 2]
    assert plan.sent_by(middle) == number // 2
