"""When each message of a wave goes: evenly over the sending window, never a burst, never at night (S4). Pure.

Counted in real time, so that a clock change neither doubles nor loses a message (SS06).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from django.utils.translation import gettext as _

from outreach.errors import UserError

from ..sending_window import COPENHAGEN, Window, at_hour, next_sending_moment

LONGEST_DAYS = 60


@dataclass(frozen=True)
class Slot:
    """An unbroken stretch of sending: messages `first` … `first + number - 1`, the first of them at `opens`."""

    opens: datetime
    first: int
    number: int


@dataclass(frozen=True)
class Pace:
    """The whole plan of a wave. `slots` is empty for no messages."""

    per_minute: int
    slots: tuple[Slot, ...]

    @property
    def gap(self) -> timedelta:
        return timedelta(minutes=1) / self.per_minute

    @property
    def starts_at(self) -> datetime | None:
        return self.slots[0].opens if self.slots else None

    @property
    def ends_at(self) -> datetime | None:
        """When the last message goes."""
        return self.slots[-1].opens + (self.slots[-1].number - 1) * self.gap if self.slots else None

    def at(self, index: int) -> datetime:
        """When message number `index` (from 0) goes. Raises IndexError beyond the last one."""
        for slot in self.slots:
            if slot.first <= index < slot.first + slot.number:
                return slot.opens + (index - slot.first) * self.gap
        raise IndexError(index)

    def sent_by(self, moment: datetime) -> int:
        """How many have gone strictly before `moment`."""
        return sum(min(slot.number, max(0, ceil((moment - slot.opens) / self.gap))) for slot in self.slots)


def pace(*, starts_at: datetime, number: int, per_minute: int, window: Window) -> Pace:
    """Spread `number` messages from `starts_at` on, `per_minute` in each minute of the sending window.

    Raises UserError `wave_too_slow` when that takes more than 60 days, and ValueError for a pace below one a minute.
    """
    if per_minute < 1:
        raise ValueError("a wave needs a pace")
    slots: list[Slot] = []
    left, moment = number, starts_at
    gap = timedelta(minutes=1) / per_minute
    while left > 0:
        opens = next_sending_moment(moment, window)
        if opens - starts_at > timedelta(days=LONGEST_DAYS):
            raise UserError(
                "wave_too_slow",
                _("Udsendelsen ville tage mere end %(days)s dage. Send flere i minuttet, eller vælg færre modtagere.")
                % {"days": LONGEST_DAYS},
            )
        closes = at_hour(opens.astimezone(COPENHAGEN).date(), window.closes)
        # In UTC: a day with a clock change has 23 or 25 hours.
        opens, closes = opens.astimezone(UTC), closes.astimezone(UTC)
        taken = min(left, ceil((closes - opens) / gap))
        slots.append(Slot(opens, number - left, taken))
        left, moment = left - taken, closes
    return Pace(per_minute, tuple(slots))


def slot_columns(slots: Sequence[Slot]) -> dict[str, Any]:
    """The slots as columns for SQL, beside the gap of the pace."""
    return {
        "slot_opens": [slot.opens for slot in slots],
        "slot_first": [slot.first for slot in slots],
        "slot_number": [slot.number for slot in slots],
    }
