"""The team lead's day as values: who is on the line, the chart by hour, what is left and when it is done (K4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.access.models import User
from outreach.design.formats import number_da

from ..forms.queue import DEADLINES, NOBODY, PRIORITIES
from ..pace import Outlook, PaceForecast
from ..selectors.calling_day import CallerToday, Day
from ..selectors.queue_page import GroupCount, QueueGroups
from .languages import language_name
from .moments import clock

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FIRST_HOUR, LAST_HOUR = 9, 17
WIDTH, GROUND, HIGHEST = 36, 120, 110


@dataclass(frozen=True)
class CallerLine:
    """One caller; `now` says what they do at this moment, `citizen_id` whom they talk to."""

    name: str
    now: str
    citizen_id: int | None
    citizen: str
    calls: int
    reached: int
    minutes: int


@dataclass(frozen=True)
class HourBar:
    """One hour in the chart's own units: all calls, and of them those reached."""

    hour: str
    calls: int
    reached: int
    x: int
    y: int
    height: int
    reached_y: int
    reached_height: int


@dataclass(frozen=True)
class GroupLine:
    """One value of a filter with the address of its rows."""

    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True)
class DayForecast:
    """The sentence about the rest of the day, and how loud it is to be said."""

    heading: str
    text: str
    tone: str


def caller_lines(day: Day) -> list[CallerLine]:
    """Who called today, those with most calls first."""
    return [
        CallerLine(
            name=each.name,
            now=_doing(each),
            citizen_id=each.on_line.citizen_id if each.on_line else None,
            citizen=each.on_line.citizen.name if each.on_line else "",
            calls=each.calls,
            reached=each.reached,
            minutes=each.minutes,
        )
        for each in day.callers
    ]


def hour_bars(day: Day) -> list[HourBar]:
    """The hours from nine to five, and those beyond in which somebody called."""
    if not day.hours:
        return []
    first, last = min([FIRST_HOUR, *day.hours]), max([LAST_HOUR - 1, *day.hours])
    most = max(calls for calls, _reached in day.hours.values())
    bars = []
    for place, hour in enumerate(range(first, last + 1)):
        calls, reached = day.hours.get(hour, (0, 0))
        height, reached_height = round(HIGHEST * calls / most), round(HIGHEST * reached / most)
        bars.append(
            HourBar(
                hour=str(hour),
                calls=calls,
                reached=reached,
                x=8 + place * WIDTH,
                y=GROUND - height,
                height=height,
                reached_y=GROUND - reached_height,
                reached_height=reached_height,
            )
        )
    return bars


def group_lines(
    groups: QueueGroups, chosen: Mapping[str, str], callers: Mapping[int, str]
) -> list[tuple[str, str, list[GroupLine]]]:
    """The groups as (name of the filter, title, lines); empty values are left out, but for the chosen one."""
    names: dict[str, tuple[str, list[GroupCount], dict[str, StrOrPromise]]] = {
        "priority": (_("Gruppe"), groups.priority, dict(PRIORITIES)),
        "deadline": (_("Frist"), groups.deadline, dict(DEADLINES)),
        "language": (_("Sprog"), groups.language, {}),
        "caller": (_("Hos"), groups.caller, dict([NOBODY]) | {str(key): name for key, name in callers.items()}),
    }
    return [
        (name, title, [_group_line(name, each, labels, chosen) for each in counts if each.count])
        for name, (title, counts, labels) in names.items()
    ]


def day_forecast(pressing: PaceForecast, everything: PaceForecast, *, due_today: int) -> DayForecast:
    """What passes its deadline today, and when the rest is done, at the pace of the last hour."""
    if pressing.outlook == Outlook.DONE:
        return DayForecast(_("Ingen overskrider fristen i dag"), _rest_words(everything), "success")
    left = ngettext(
        "%(number)s opkald skal være ringet i dag", "%(number)s opkald skal være ringet i dag", due_today
    ) % {"number": number_da(due_today)}
    if pressing.outlook == Outlook.UNKNOWN:
        text = _("Der er ringet for lidt den seneste time til at sige, om de når det.")
        return DayForecast(left, text, "warning")
    pace = _("Med det nuværende tempo – %(pace)s opkald i timen –") % {"pace": number_da(pressing.per_hour)}
    if pressing.outlook == Outlook.TOO_LATE:
        text = _("%(pace)s når %(number)s af dem ikke at blive ringet op i dag.") % {
            "pace": pace,
            "number": number_da(pressing.left),
        }
        return DayForecast(left, text, "error")
    text = _("%(pace)s er de ringet op %(time)s.") % {"pace": pace, "time": _clock(pressing)}
    return DayForecast(left, f"{text} {_rest_words(everything)}", "info")


def _rest_words(everything: PaceForecast) -> str:
    if everything.outlook == Outlook.IN_TIME:
        return _("Alt, hvad der er klar nu, er ringet op %(time)s, hvis der ikke kommer mere til.") % {
            "time": _clock(everything)
        }
    if everything.outlook == Outlook.TOO_LATE:
        return _("Af det, der er klar nu, bliver %(number)s opkald til i morgen.") % {
            "number": number_da(everything.left)
        }
    return ""


def _clock(forecast: PaceForecast) -> str:
    return clock(forecast.ends_at) if forecast.ends_at else ""


def _doing(caller: CallerToday) -> str:
    if caller.on_line is not None:
        since = caller.on_line.claimed_at
        return _("siden %(time)s") % {"time": clock(since)} if since else _("nu")
    return _("seneste opkald %(time)s") % {"time": clock(caller.last_at)} if caller.last_at else ""


def _group_line(
    name: str, each: GroupCount, labels: Mapping[str, StrOrPromise], chosen: Mapping[str, str]
) -> GroupLine:
    current = chosen.get(name) == each.value
    # The other filters stay; the chosen value is taken off again.
    query = {key: value for key, value in chosen.items() if value and key != name}
    if not current:
        query[name] = each.value
    label = language_name(each.value).capitalize() if name == "language" else str(labels.get(each.value, "–"))
    return GroupLine(label, each.count, "?" + urlencode(query), current)


def names_of(users: Sequence[User]) -> dict[int, str]:
    """Names by key, for those who may be given a call."""
    return {user.pk: user.display_name for user in users}
