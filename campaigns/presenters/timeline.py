"""The timeline's entries as the page writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from outreach.design.formats import day_month

from ..selectors.timeline import TimelineEntry
from .moments import local_day, stamp

# Known by their day only.
KNOWN_BY_DAY = {"invited", "reminder", "imported"}


@dataclass(frozen=True)
class TimelineRow:
    """`when` for people, `datetime` for machines."""

    when: str
    datetime: str
    text: str
    detail: str


def timeline_rows(entries: Iterable[TimelineEntry], *, message_texts: bool = True) -> list[TimelineRow]:
    """Newest first, as they come; without `message_texts` the text of an SMS is left out."""
    return [
        TimelineRow(
            when=_when(entry),
            datetime=entry.at.isoformat(timespec="minutes"),
            text=f"{entry.text} · {entry.by_name.split(' ')[0]}" if entry.by_name else entry.text,
            detail=entry.detail if message_texts or entry.kind != "sms" else "",
        )
        for entry in entries
    ]


def _when(entry: TimelineEntry) -> str:
    return day_month(local_day(entry.at)) if entry.kind in KNOWN_BY_DAY else stamp(entry.at)
