"""The timeline's entries as the page writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..selectors.timeline import TimelineEntry
from .moments import stamp


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
            when=stamp(entry.at),
            datetime=entry.at.isoformat(timespec="minutes"),
            text=f"{entry.text} · {entry.by_name.split(' ')[0]}" if entry.by_name else entry.text,
            detail=entry.detail if message_texts or entry.kind != "sms" else "",
        )
        for entry in entries
    ]
