"""When an SMS may be sent (S4): by default 9 to 20 in Copenhagen, never on Sundays or Danish holidays.

Pure but for `window_for`, which reads a municipality's own settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from registry.working_days import is_public_holiday

from .models import ContactSettings

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
OPENS, CLOSES = 9, 20
SUNDAY = 6


@dataclass(frozen=True)
class Window:
    """The hours from `opens` up to `closes`, in Copenhagen; whether also on Sundays and holidays; how fast held
    messages are let go.
    """

    opens: int = OPENS
    closes: int = CLOSES
    sundays: bool = False
    holidays: bool = False
    messages_per_minute: int = 60


DEFAULT_WINDOW = Window()


def window_for(municipality_id: int) -> Window:
    """The municipality's own window, else the common one. One query."""
    found = ContactSettings.objects.filter(municipality=municipality_id).first()
    if found is None:
        return DEFAULT_WINDOW
    return Window(found.opens, found.closes, found.sundays, found.holidays, found.messages_per_minute)


def at_hour(day: date, hour: int) -> datetime:
    """A whole hour of a day in Copenhagen, as an aware moment. The clock change skips none by day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=COPENHAGEN)


def is_sending_day(day: date, window: Window = DEFAULT_WINDOW) -> bool:
    """By default Monday to Saturday, no public holiday; a holiday on a Sunday needs both to be allowed."""
    return (window.sundays or day.weekday() != SUNDAY) and (window.holidays or not is_public_holiday(day))


def next_sending_day(day: date, window: Window = DEFAULT_WINDOW) -> date:
    """`day` itself when SMS may be sent on it, else the next such day."""
    while not is_sending_day(day, window):
        day += timedelta(days=1)
    return day


def may_send_at(moment: datetime, window: Window = DEFAULT_WINDOW) -> bool:
    """Whether `moment` (aware) lies in the sending window."""
    local = moment.astimezone(COPENHAGEN)
    return window.opens <= local.hour < window.closes and is_sending_day(local.date(), window)


def next_sending_moment(moment: datetime, window: Window = DEFAULT_WINDOW) -> datetime:
    """`moment` itself when it lies in the window, else the next opening (SS06, SS07)."""
    if may_send_at(moment, window):
        return moment
    local = moment.astimezone(COPENHAGEN)
    day = local.date() if local.hour < window.opens else local.date() + timedelta(days=1)
    return at_hour(next_sending_day(day, window), window.opens)
