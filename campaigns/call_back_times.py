"""The times people most often agree on when they ask to be called again (K6). Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registry.working_days import add_working_days, is_working_day

from .sending_window import COPENHAGEN, at_hour

LAST_HOUR = 20
AFTERNOON, MORNING, EVENING = 15, 10, 17
FIVE_MINUTES = timedelta(minutes=5)


@dataclass(frozen=True)
class QuickTime:
    """A choice: its code, the moment it means now, and which day that is."""

    code: str
    at: datetime


def quick_times(now: datetime) -> list[QuickTime]:
    """In an hour, this afternoon, tomorrow morning, and an evening later: those that make sense at `now`."""
    found = [QuickTime(code, moment) for code, rule in RULES.items() if (moment := rule(now)) is not None]
    return [each for each in found if each.at > now]


def quick_time(code: str, now: datetime) -> datetime | None:
    """The moment a choice means when it is saved; None for one that has passed or does not exist."""
    return next((each.at for each in quick_times(now) if each.code == code), None)


def _in_an_hour(now: datetime) -> datetime | None:
    """Rounded up to five minutes; not after the working day."""
    at = now + timedelta(hours=1)
    beyond = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    at = at - beyond + (FIVE_MINUTES if beyond else timedelta())
    local = at.astimezone(COPENHAGEN)
    return at if is_working_day(local.date()) and MORNING - 2 <= local.hour < LAST_HOUR else None


def _this_afternoon(now: datetime) -> datetime | None:
    day = _day(now)
    return at_hour(day, AFTERNOON) if is_working_day(day) else None


def _next_morning(now: datetime) -> datetime:
    return at_hour(add_working_days(_day(now), 1), MORNING)


def _later_evening(now: datetime) -> datetime:
    """The first Thursday from the day after tomorrow: the evening offices keep open; a holiday gives the day after."""
    day = _day(now) + timedelta(days=2)
    while day.isoweekday() != 4:
        day += timedelta(days=1)
    return at_hour(day if is_working_day(day) else add_working_days(day, 1), EVENING)


def _day(now: datetime) -> date:
    return now.astimezone(COPENHAGEN).date()


RULES: dict[str, Callable[[datetime], datetime | None]] = {
    "hour": _in_an_hour,
    "afternoon": _this_afternoon,
    "morning": _next_morning,
    "evening": _later_evening,
}
