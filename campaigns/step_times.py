"""Moments of steps: working days and hours in Copenhagen. Pure."""

from __future__ import annotations

from datetime import datetime

from registry.working_days import add_working_days

from .sending_window import COPENHAGEN, at_hour

NOON, EVENING = 12, 17


def slot(base: datetime, working_days: int, hour: int) -> datetime:
    """`hour` on the `working_days`-th working day after `base` (0: that day), never before `base` itself."""
    day = base.astimezone(COPENHAGEN).date()
    moment = at_hour(add_working_days(day, working_days), hour)
    return moment if moment >= base else at_hour(add_working_days(day, working_days + 1), hour)


def part_of_day(moment: datetime) -> str:
    """`morning`, `afternoon` or `evening` in Copenhagen."""
    hour = moment.astimezone(COPENHAGEN).hour
    return "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"
