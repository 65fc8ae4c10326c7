"""What contact costs, how long a grant lasts, and how many people the waiting calls take. Pure (K12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from registry.working_days import add_working_days, is_working_day

# A working day of calling, with breaks and desk work taken off: said beside every figure it goes into.
CALLING_HOURS = 6
# The current pace is that of the last two weeks.
PACE_DAYS = 10
# Later days are no forecast any more.
LONGEST_FORECAST_DAYS = 2000


@dataclass(frozen=True)
class Used:
    """What was spent: seconds of `timed` calls, calls whose time nobody knows, the same of the health adviser's talks,
    and things with a price."""

    seconds: int = 0
    timed: int = 0
    untimed: int = 0
    talk_seconds: int = 0
    timed_talks: int = 0
    untimed_talks: int = 0
    segments: int = 0
    letters: int = 0
    rides: int = 0


@dataclass(frozen=True)
class Prices:
    """In øre: an hour's work, a part of an SMS, a letter, a ride."""

    hour: int
    segment: int
    letter: int
    ride: int


@dataclass(frozen=True)
class Cost:
    """In øre, rounded to whole øre part by part."""

    staff: int
    messages: int
    letters: int
    rides: int

    @property
    def total(self) -> int:
        return self.staff + self.messages + self.letters + self.rides


@dataclass(frozen=True)
class Forecast:
    """`per_day` øre a working day; `total` at the end of the period; `empty_on` when the grant is used up before."""

    per_day: float
    total: int
    empty_on: date | None


@dataclass(frozen=True)
class Staffing:
    """Hours of calling for everybody waiting, and how many people it takes to keep every deadline.

    `tightest` is the deadline that decides the number of people.
    """

    hours: float
    people: int
    tightest: date | None


def average_seconds(used: Used) -> float | None:
    """Seconds of a call whose time is known, or None when none is."""
    return used.seconds / used.timed if used.timed else None


def cost(used: Used, prices: Prices) -> Cost:
    """What it cost. Calls of unknown time are taken as the average of the others; with no others they cost nothing.

    Likewise the talks, by their own average.
    """
    talk = used.talk_seconds / used.timed_talks if used.timed_talks else 0
    seconds = used.seconds + used.untimed * (average_seconds(used) or 0)
    seconds += used.talk_seconds + used.untimed_talks * talk
    return Cost(
        staff=round(seconds * prices.hour / 3600),
        messages=used.segments * prices.segment,
        letters=used.letters * prices.letter,
        rides=used.rides * prices.ride,
    )


def working_days(first: date, last: date) -> int:
    """Working days from `first` to `last`, both included; 0 when `last` lies before."""
    return sum(is_working_day(first + timedelta(days=number)) for number in range((last - first).days + 1))


def pace_start(today: date, starts_on: date) -> date:
    """The first of the days that say how fast money goes: the last ten working days, or since the grant began."""
    return max(starts_on, add_working_days(today, -PACE_DAYS))


def forecast(*, amount: int, used: int, recent: int, today: date, starts_on: date, ends_on: date) -> Forecast | None:
    """How the grant goes on at the pace of `recent` (øre since `pace_start`, today not counted).

    None before a working day of the period has passed: a pace nobody has shown is no pace.
    """
    first = pace_start(today, starts_on)
    days = working_days(first, today - timedelta(days=1))
    if not days:
        return None
    per_day = recent / days
    ahead = working_days(today, ends_on)
    return Forecast(per_day, used + round(per_day * ahead), _empty_on(amount - used, per_day, today, ends_on))


def expected_attempts(reached_share: float | None, most: int) -> float | None:
    """Calls one waiting citizen takes on average, when each call reaches the share and nobody is called more often
    than `most`: 1 + q + q² … with q the share not reached. None when the share is unknown."""
    if reached_share is None:
        return None
    return sum((1 - reached_share) ** number for number in range(max(most, 1)))


def staffing(waiting: Mapping[date | None, int], seconds_each: float, today: date) -> Staffing:
    """People it takes so that by each deadline everything due until then is done (those overdue by today).

    Calls without a deadline count in the hours only.
    """
    hours = sum(waiting.values()) * seconds_each / 3600
    people, tightest = 0, None
    for deadline in _deadlines(waiting, today):
        due = sum(calls for day, calls in waiting.items() if day is not None and day <= deadline)
        days = max(1, working_days(today, deadline))
        needed = ceil(round(due * seconds_each / 3600 / (days * CALLING_HOURS), 6))
        if needed > people:
            people, tightest = needed, deadline
    return Staffing(hours, people, tightest)


def _deadlines(waiting: Iterable[date | None], today: date) -> list[date]:
    days = [day for day in waiting if day is not None]
    return sorted({max(day, today) for day in days})


def _empty_on(left: int, per_day: float, today: date, ends_on: date) -> date | None:
    if left <= 0:
        return today
    if per_day <= 0:
        return None
    days = ceil(left / per_day)
    if days > LONGEST_FORECAST_DAYS:
        return None
    day = add_working_days(today, days - 1 if is_working_day(today) else days)
    return day if day < ends_on else None
