"""What the team lead is told about the day, counted by hand."""

from datetime import UTC, datetime, timedelta

from campaigns.pace import Outlook, PaceForecast, pace_forecast

NINE = datetime(2021, 4, 20, 7, 0, tzinfo=UTC)
EIGHT_IN_THE_EVENING = NINE + timedelta(hours=11)


def _told(waiting: int, made: int, minutes_since_first: int | None, now: datetime = NINE) -> PaceForecast:
    first = None if minutes_since_first is None else now - timedelta(minutes=minutes_since_first)
    return pace_forecast(waiting=waiting, made=made, first_at=first, now=now, ends=EIGHT_IN_THE_EVENING)


def test_thirty_calls_at_twelve_an_hour_take_two_and_a_half_hours() -> None:
    told = _told(30, 12, 60)
    assert told == PaceForecast(Outlook.IN_TIME, 12.0, NINE + timedelta(hours=2, minutes=30))


def test_an_earlier_start_counts_the_last_hour_only_and_a_later_one_its_own_time() -> None:
    assert _told(30, 12, 180).per_hour == 12.0
    assert _told(30, 6, 30).per_hour == 12.0


def test_what_is_left_in_the_evening() -> None:
    # At 19.00 one hour is left: 12 of the 30 are made.
    told = _told(30, 12, 60, now=NINE + timedelta(hours=10))
    assert (told.outlook, told.left) == (Outlook.TOO_LATE, 18)
    late = _told(30, 12, 60, now=EIGHT_IN_THE_EVENING + timedelta(hours=1))
    assert (late.outlook, late.left) == (Outlook.TOO_LATE, 30)


def test_no_pace_is_invented() -> None:
    assert _told(30, 0, 60).outlook == Outlook.UNKNOWN
    assert _told(30, 0, None).outlook == Outlook.UNKNOWN
    assert _told(30, 2, 4).outlook == Outlook.UNKNOWN
    assert _told(0, 0, None).outlook == Outlook.DONE
