"""The overview's panels as values: words, bars and the chart's geometry. Never queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from outreach.design.formats import number_da, time_da
from reports.selectors.overview import CallsReady, DayDeadlines, OverDeadline, WeekList

CHART_WIDTH, CHART_HEIGHT, BAR_WIDTH, LABEL_GAP = 520, 120, 16, 5


@dataclass(frozen=True, slots=True)
class BarRow:
    """A count with its bar in percent of the largest."""

    label: str
    number: int
    percent: int
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ChartDay:
    """Two bars of one day, in the chart's own units."""

    day: date
    name: str
    x: int
    second_x: int
    first_y: int
    first_height: int
    second_y: int
    second_height: int
    first_contact: int
    answer: int

    @property
    def first_label_y(self) -> int:
        """Where the number stands, just above its bar."""
        return self.first_y - LABEL_GAP

    @property
    def second_label_y(self) -> int:
        """The same for the other bar."""
        return self.second_y - LABEL_GAP


def greeting(name: str, now: datetime) -> str:
    """`Godmorgen, Mette`, by the hour of the day in Copenhagen."""
    hour = timezone.localtime(now).hour
    if hour < 5 or hour >= 18:
        words = _("God aften")
    elif hour < 10:
        words = _("Godmorgen")
    elif hour < 12:
        words = _("God formiddag")
    else:
        words = _("God eftermiddag")
    first = name.split()[0] if name.split() else ""
    return f"{words}, {first}" if first else words


def calls_note(calls: CallsReady) -> str:
    """`5 har frist i dag · 8 i morgen · aftalt kl. 10.30 og 13.00`."""
    parts = []
    if calls.due_today:
        parts.append(_("{number} har frist i dag").format(number=number_da(calls.due_today)))
    if calls.due_tomorrow:
        parts.append(_("{number} i morgen").format(number=number_da(calls.due_tomorrow)))
    if calls.agreed:
        times = [time_da(timezone.localtime(moment)) for moment in calls.agreed]
        joined = (
            times[0] if len(times) == 1 else _("{first} og {last}").format(first=", ".join(times[:-1]), last=times[-1])
        )
        parts.append(_("aftalt kl. {times}").format(times=joined))
    if not parts:
        return _("Ingen frister i dag.") if calls.ready else _("Der er ikke flere opkald lige nu.")
    return " · ".join(parts)


def over_deadline_note(over: OverDeadline) -> str:
    """Which groups, and why they could not be reached where that is one reason."""
    parts = []
    if over.groups:
        label = ngettext("Målgruppe {codes}", "Målgruppe {codes}", len(over.groups))
        parts.append(label.format(codes=", ".join(over.groups)))
    if over.without_number and over.without_number == over.mandatory:
        parts.append(_("ingen har et brugbart nummer"))
    elif over.without_number:
        parts.append(_("{number} uden brugbart nummer").format(number=number_da(over.without_number)))
    if over.voluntary:
        parts.append(_("desuden {number} i frivillige målgrupper").format(number=number_da(over.voluntary)))
    return " · ".join(parts)


def week_bars(week: WeekList) -> list[BarRow]:
    """New, still waiting and gone, side by side."""
    largest = max(week.new, week.waiting, week.gone, 1)
    return [
        BarRow(label, number, round(100 * number / largest), tone)
        for label, number, tone in (
            (_("Nye"), week.new, ""),
            (_("Stadig uden reaktion"), week.waiting, ""),
            (_("Ikke længere på listen"), week.gone, "success"),
        )
    ]


def week_note(week: WeekList) -> str:
    """`138 borgere i alt · 27 har sagt nej · 11 er i tvivl`; empty where nobody has counted."""
    if week.on_list is None:
        return ""
    return _("{on_list} borgere i alt · {declined} har sagt nej · {undecided} er i tvivl").format(
        on_list=number_da(week.on_list), declined=number_da(week.declined), undecided=number_da(week.undecided)
    )


def chart_days(days: list[DayDeadlines]) -> list[ChartDay]:
    """Bars scaled to the busiest day; a day without deadlines keeps its place."""
    names = [
        pgettext("weekday", "ma"), pgettext("weekday", "ti"), pgettext("weekday", "on"), pgettext("weekday", "to"),
        pgettext("weekday", "fr"), pgettext("weekday", "lø"), pgettext("weekday", "sø"),
    ]  # fmt: skip
    largest = max((max(day.first_contact, day.answer) for day in days), default=0) or 1
    step = CHART_WIDTH // max(len(days), 1)
    drawn = []
    for index, day in enumerate(days):
        first, second = (round(CHART_HEIGHT * number / largest) for number in (day.first_contact, day.answer))
        drawn.append(
            ChartDay(
                day=day.day,
                name=names[day.day.weekday()],
                x=index * step,
                second_x=index * step + BAR_WIDTH + 2,
                first_y=CHART_HEIGHT - first,
                first_height=first,
                second_y=CHART_HEIGHT - second,
                second_height=second,
                first_contact=day.first_contact,
                answer=day.answer,
            )
        )
    return drawn
