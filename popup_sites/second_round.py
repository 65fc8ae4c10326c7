"""When the second round may be held, and when it is offered (P6). Pure.

P6: at least four weeks later, or the vaccine's own interval. So a second round is never before the vaccine's
interval has passed; without a known interval never before four weeks; and what we offer is both at once.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from outreach.design.formats import date_da
from outreach.errors import UserError

from .local_times import local_day, local_moment
from .vaccines import interval_days_of

FOUR_WEEKS_DAYS = 28


def shortest_interval_days(vaccine: str) -> int:
    """The fewest days from the first round to the second: the vaccine's own interval, else 28 (P6)."""
    return interval_days_of(vaccine) or FOUR_WEEKS_DAYS


def offered_interval_days(vaccine: str) -> int:
    """The interval offered: at least four weeks, and never before the vaccine's own interval (P6)."""
    return max(FOUR_WEEKS_DAYS, interval_days_of(vaccine) or 0)


def offered_second_round(starts_at: datetime, vaccine: str) -> datetime:
    """The moment offered for the second round: the same time of day, a whole number of weeks later.

    Raises UserError when a change of the clock skips or repeats that time of day.
    """
    day = local_day(starts_at) + timedelta(days=-(-offered_interval_days(vaccine) // 7) * 7)
    first = starts_at.astimezone(local_moment(day, datetime.min.time()).tzinfo)
    return local_moment(day, first.time())


def check_second_round(*, first_starts_at: datetime, second_starts_at: datetime, vaccine: str) -> None:
    """Raise UserError `second_round_too_early` when fewer than the shortest interval of days lie between."""
    days = shortest_interval_days(vaccine)
    earliest = local_day(first_starts_at) + timedelta(days=days)
    if local_day(second_starts_at) < earliest:
        raise UserError(
            "second_round_too_early",
            _("Anden runde skal ligge mindst %(days)s dage efter første runde med %(vaccine)s: tidligst %(date)s.")
            % {"days": days, "vaccine": vaccine, "date": date_da(earliest)},
        )
