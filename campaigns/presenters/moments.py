"""Days and moments as people say them: "i dag", "i morgen kl. 10.30", "ons. 21.04."."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.design.formats import day_month, time_da, weekday_da


def day_words(day: date, today: date) -> str:
    """A day seen from today: yesterday, today and tomorrow by name, the nearest week with its weekday."""
    distance = (day - today).days
    named = {-1: _("i går"), 0: _("i dag"), 1: _("i morgen")}
    if distance in named:
        return named[distance]
    return weekday_da(day) if abs(distance) < 7 else day_month(day)


def clock(moment: datetime) -> str:
    """`kl. 9.14`, in local time."""
    clock = pgettext("clock time", "kl.")
    return f"{clock} {time_da(timezone.localtime(moment))}"


def moment_words(moment: datetime, now: datetime) -> str:
    """`i morgen kl. 10.30`, in local time."""
    return f"{day_words(local_day(moment), local_day(now))} {clock(moment)}"


def stamp(moment: datetime) -> str:
    """`19.04. 16.40` for timelines, in local time."""
    local = timezone.localtime(moment)
    return f"{day_month(local)} {time_da(local)}"


def local_day(moment: datetime) -> date:
    """The day in Copenhagen."""
    return timezone.localtime(moment).date()
