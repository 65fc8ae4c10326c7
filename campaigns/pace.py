"""When the calls that must be made today are done, at the pace of the last hour. Pure; no pace is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# The pace is that of the last hour, or since the first call of the day when that was later.
PACE_WINDOW = timedelta(hours=1)
# A shorter time says nothing: two calls in four minutes are not thirty an hour.
SHORTEST = timedelta(minutes=10)


class Outlook(StrEnum):
    DONE = "done"
    UNKNOWN = "unknown"
    IN_TIME = "in_time"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class PaceForecast:
    """`per_hour` calls; when the last one is made, or how many are `left` when calling ends for the day."""

    outlook: Outlook
    per_hour: float = 0.0
    ends_at: datetime | None = None
    left: int = 0


def pace_forecast(*, waiting: int, made: int, first_at: datetime | None, now: datetime, ends: datetime) -> PaceForecast:
    """How far `waiting` calls come until `ends`, when `made` calls were made in the last hour.

    `first_at` is the day's first call. Each call is taken to settle one: who is not reached is tried on another day.
    """
    if waiting == 0:
        return PaceForecast(Outlook.DONE)
    if first_at is None or made == 0 or now - first_at < SHORTEST:
        return PaceForecast(Outlook.UNKNOWN)
    over = min(PACE_WINDOW, now - first_at)
    per_hour = made * timedelta(hours=1) / over
    ends_at = now + timedelta(hours=waiting / per_hour)
    if ends_at <= ends:
        return PaceForecast(Outlook.IN_TIME, per_hour, ends_at)
    possible = int(max(ends - now, timedelta()) / timedelta(hours=1) * per_hour)
    return PaceForecast(Outlook.TOO_LATE, per_hour, ends_at, waiting - possible)
