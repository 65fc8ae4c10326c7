"""The offer to undo what one has just done with calls in the queue, kept in the session for a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from outreach.access.requests import ActorRequest

from ..services.calls import HandedOn

OFFERED_SECONDS = 60
_KEY = "undo_queue"


@dataclass(frozen=True)
class QueueUndo:
    """What the undo bar says; `seconds` are those left."""

    url: str
    text: str
    seconds: int


def offer_queue_undo(request: ActorRequest, handed: HandedOn, text: str) -> None:
    """Remember the press; the session holds its key and the sentence, which names colleagues only."""
    until = request.now + timedelta(seconds=OFFERED_SECONDS)
    request.session[_KEY] = {"batch": str(handed.batch), "text": text, "until": until.isoformat()}


def withdraw_queue_undo(request: ActorRequest) -> None:
    """It has been undone."""
    request.session.pop(_KEY, None)


def queue_undo_offer(request: ActorRequest) -> QueueUndo | None:
    """The offer while it stands."""
    offer = request.session.get(_KEY)
    if not offer:
        return None
    left = (datetime.fromisoformat(offer["until"]) - request.now).total_seconds()
    if left < 1:
        withdraw_queue_undo(request)
        return None
    return QueueUndo(reverse("campaigns:queue_undo", args=[offer["batch"]]), offer["text"], int(left))
