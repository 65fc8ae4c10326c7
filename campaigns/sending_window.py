"""When an SMS may be sent (S4): 9 to 20 in Copenhagen, never on Sundays or Danish holidays. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from registry.working_days import is_public_holiday

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
OPENS, CLOSES = 9, 20
SUNDAY = 6


def at_hour(day: date, hour: int) -> datetime:
    """A whole hour of a day in Copenhagen, as an aware moment. The clock change skips none by day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=COPENHAGEN)


def is_sending_day(day: date) -> bool:
    """Monday to Saturday, no public holiday."""
    return day.weekday() != SUNDAY and not is_public_holiday(day)


def next_sending_day(day: date) -> date:
    """`day` itself when SMS may be sent on it, else the next such day."""
    while not is_sending_day(day):
        day += timedelta(days=1)
    return day


def may_send_at(moment: datetime) -> bool:
    """Whether `moment` (aware) lies in the sending window."""
    local = moment.astimezone(COPENHAGEN)
    return OPENS <= local.hour < CLOSES and is_sending_day(local.date())


def next_sending_moment(moment: datetime) -> datetime:
    """`moment` itself when it lies in the window, else the next opening (SS06, SS07)."""
    if may_send_at(moment):
        return moment
    local = moment.astimezone(COPENHAGEN)
    day = local.date() if local.hour < OPENS else local.date() + timedelta(days=1)
    return at_hour(next_sending_day(day), OPENS)
