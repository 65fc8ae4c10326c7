"""The index of lists in words: one line for each, and what is expected next. Never queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from outreach.design.formats import date_da, number_da, weekday_da

from ..models import DEFAULT_SENDER, ListChannel, ListState, NonresponderList, RowClass
from .lists import READING_STATES, Mark, kind_words, moment_words, state_mark, week_words


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One list on the index."""

    id: int
    week: str
    as_of: str
    title: str
    order: str
    state: Mark
    counts: list[tuple[str, str]]
    who: str
    when: str
    channel: str
    action: str
    invented: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """The next weekly list of a programme."""

    text: str
    late: bool


def timeline_row(nonresponder_list: NonresponderList) -> TimelineRow:
    """A line of the index; counts are those of the review, "–" before there is one."""
    counts = nonresponder_list.counts
    columns = {
        RowClass.NEW: _("Nye"),
        RowClass.WAITING: _("Stadig"),
        RowClass.GONE: _("Væk"),
        RowClass.NEEDS_DECISION: _("Uafklaret"),
    }
    shown = [(label, number_da(counts.get(row_class, 0)) if counts else "–") for row_class, label in columns.items()]
    committed = nonresponder_list.state == ListState.COMMITTED
    name = nonresponder_list.committed_by_name if committed else nonresponder_list.uploaded_by_name
    moment = nonresponder_list.committed_at if committed else nonresponder_list.uploaded_at
    return TimelineRow(
        id=nonresponder_list.pk,
        week=week_words(nonresponder_list.as_of),
        as_of=date_da(nonresponder_list.as_of),
        title=f"{nonresponder_list.programme.name} · {kind_words(nonresponder_list)}",
        order=nonresponder_list.order.reference if nonresponder_list.order else "",
        state=state_mark(nonresponder_list),
        counts=shown,
        who=name,
        when=moment_words(moment),
        channel=_channel(nonresponder_list),
        action=_action(nonresponder_list),
        invented=nonresponder_list.invented,
    )


def expected(entries: Iterable[tuple[str, date]], today: date) -> list[Expected]:
    """When the next weekly list of each programme should be here."""
    return [
        Expected(
            (
                _("%(programme)s: listen for %(week)s ventedes %(day)s")
                if day < today
                else _("%(programme)s: listen for %(week)s ventes %(day)s")
            )
            % {"programme": programme, "week": week_words(day).lower(), "day": weekday_da(day)},
            day < today,
        )
        for programme, day in entries
    ]


def _action(nonresponder_list: NonresponderList) -> str:
    state = nonresponder_list.state
    if state == ListState.REVIEWED:
        return _("Gennemse")
    if state in READING_STATES:
        return _("Vælg kolonner") if nonresponder_list.waits_for else _("Se, hvor langt den er")
    return _("Se hvorfor") if state == ListState.FAILED else _("Kvittering")


def _channel(nonresponder_list: NonresponderList) -> str:
    """How the list came, and from whom when that is not SSI."""
    channel = str(ListChannel(nonresponder_list.channel).label)
    sender = nonresponder_list.sender
    return (
        channel
        if sender == DEFAULT_SENDER
        else _("%(channel)s, fra %(sender)s") % {"channel": channel, "sender": sender}
    )
