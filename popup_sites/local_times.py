"""Times of day as people in Denmark say them, turned into moments. Pure.

A time that the clock skips or shows twice is refused: PostgreSQL would move it by an hour and tell nobody (BK05).
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.design.formats import date_da, time_da, weekday_da, weekday_year_da
from outreach.errors import UserError

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def local_moment(day: date, clock: time) -> datetime:
    """The moment a Danish clock shows `clock` on `day`, aware.

    Raises UserError `time_does_not_exist` (spring) or `time_occurs_twice` (autumn).
    """
    moment = datetime.combine(day, clock.replace(fold=0), tzinfo=COPENHAGEN)
    words = {"time": time_da(clock), "date": date_da(day)}
    if moment.astimezone(UTC).astimezone(COPENHAGEN).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise UserError(
            "time_does_not_exist",
            _(
                "Klokken %(time)s findes ikke den %(date)s, fordi uret stilles frem fra kl. 2 til kl. 3. "
                "Vælg et tidspunkt før kl. 2 eller fra kl. 3."
            )
            % words,
        )
    if moment.utcoffset() != moment.replace(fold=1).utcoffset():
        raise UserError(
            "time_occurs_twice",
            _(
                "Klokken %(time)s kommer to gange den %(date)s, fordi uret stilles tilbage fra kl. 3 til kl. 2. "
                "Vælg et tidspunkt før kl. 2 eller fra kl. 3."
            )
            % words,
        )
    return moment


def local_day(moment: datetime) -> date:
    """The Danish calendar day of a moment."""
    return moment.astimezone(COPENHAGEN).date()


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes that pass from start to end, also over a change of the clock; negative if end is first."""
    # Two moments in one zone are subtracted by what their clocks show, so both go by way of UTC.
    return int((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() // 60)


def hours_text(starts_at: datetime, ends_at: datetime, *, with_year: bool = False) -> str:
    """Opening hours as people say them: `ons. 21.04. kl. 14–20`, `fre. 23.04. kl. 22 – lør. 24.04. kl. 2`."""
    start, end = starts_at.astimezone(COPENHAGEN), ends_at.astimezone(COPENHAGEN)
    at = pgettext("clock time", "kl.")
    first = f"{_day(start.date(), with_year)} {at} {_clock(start.time())}"
    if start.date() == end.date():
        return f"{first}–{_clock(end.time())}"
    return f"{first} – {_day(end.date(), with_year)} {at} {_clock(end.time())}"


def _day(day: date, with_year: bool) -> str:
    return weekday_year_da(day) if with_year else weekday_da(day)


def _clock(clock: time) -> str:
    return time_da(clock) if clock.minute else str(clock.hour)
