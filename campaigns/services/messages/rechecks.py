"""What is checked once more about each kind of message before it is handed over (SS10).

Dead, moved, opted out, wrong number, child: checked for every message in `claiming`. What else may have changed is
known to the part that made the message; it registers a function here, from the app's `ready`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from ...models import SmsMessage

# Messages of one municipality and one purpose, and the moment → the reason to cancel, for those to be cancelled.
# Called inside the claim's transaction and data context with at most a batch: a fixed number of queries, please.
Recheck = Callable[[list[SmsMessage], datetime], dict[UUID, str]]

_rechecks: dict[str, Recheck] = {}


def register(purpose: str, recheck: Recheck) -> None:
    """Let `recheck` look at the messages of `purpose` (an `SmsPurpose`) before they go; one for each purpose."""
    _rechecks[purpose] = recheck


def cancelled(messages: list[SmsMessage], now: datetime) -> dict[UUID, str]:
    """Message → why it is cancelled, asked of each purpose's own function."""
    found: dict[UUID, str] = {}
    for purpose, recheck in _rechecks.items():
        if own := [message for message in messages if message.purpose == purpose]:
            found |= recheck(own, now)
    return found
