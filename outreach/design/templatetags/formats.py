"""Template filters for Danish formats: {% load formats %}. Moments are shown in local time."""

import datetime as dt
from typing import TypeVar

from django import template
from django.utils import timezone

from outreach.design import formats

register = template.Library()

_Moment = TypeVar("_Moment", dt.date, dt.datetime)

register.filter("cpr_masked", formats.cpr_masked)
register.filter("phone_spaced", formats.phone_spaced)
register.filter("number_da", formats.number_da)
register.filter("percent_da", formats.percent_da)


def _local(moment: _Moment) -> _Moment:
    """Aware moments in the active zone; dates and naive moments as they are."""
    if isinstance(moment, dt.datetime) and timezone.is_aware(moment):  # type: ignore[redundant-expr]
        return timezone.localtime(moment)
    return moment


@register.filter
def date_da(day: dt.date | None) -> str:
    """`21.04.2021`."""
    return formats.date_da(_local(day) if day else None)


@register.filter
def day_month(day: dt.date | None) -> str:
    """`20.04.`."""
    return formats.day_month(_local(day) if day else None)


@register.filter
def time_da(moment: dt.datetime | dt.time | None) -> str:
    """`9.14`."""
    return formats.time_da(_local(moment) if isinstance(moment, dt.datetime) else moment)


@register.filter
def datetime_da(moment: dt.datetime | None) -> str:
    """`20.04.2021 kl. 9.14`."""
    return formats.datetime_da(_local(moment) if moment else None)


@register.filter
def weekday_da(day: dt.date | None) -> str:
    """`ons. 21.04.`."""
    return formats.weekday_da(_local(day) if day else None)
