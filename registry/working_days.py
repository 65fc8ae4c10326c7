"""Danish working days, for deadlines (K3) and quiet days (S4).

Public holidays are those of the Danish calendar: Store bededag up to 2023, not from 2024. Working days leave
out three more, when municipal offices are closed: Grundlovsdag (5 June), 24 and 31 December.
1 May is a working day.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

OFFICE_CLOSED = {(6, 5), (12, 24), (12, 31)}
SATURDAY = 5


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DK", years=year, categories=("public",)))


def is_public_holiday(day: date) -> bool:
    """Whether `day` is a Danish public holiday (Sundays as such are not)."""
    return day in _holidays_of(day.year)


def is_working_day(day: date) -> bool:
    """Monday to Friday, no public holiday, and the municipality's offices are open."""
    return day.weekday() < SATURDAY and (day.month, day.day) not in OFFICE_CLOSED and not is_public_holiday(day)


def add_working_days(day: date, number: int) -> date:
    """The `number`-th working day after `day`, or before it when negative.

    0 gives `day` itself when it is a working day, else the next one.
    """
    if number == 0:
        return day if is_working_day(day) else add_working_days(day, 1)
    step = timedelta(days=1 if number > 0 else -1)
    remaining = abs(number)
    while remaining:
        day += step
        remaining -= is_working_day(day)
    return day
