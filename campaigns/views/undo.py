"""The offer to undo the answer one has just saved, kept in the session by the attempt's key for ten seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from outreach.access.requests import ActorRequest
from registry.models import Outcome

from ..models import ContactAttempt, ContactKind, DialogueOutcome

UNDO_SECONDS = 10
_KEY = "undo_answer"


@dataclass(frozen=True)
class UndoOffer:
    """What the undo bar says; `seconds` are those left."""

    attempt_id: int
    text: str
    seconds: int
    url: str


def offer_undo(request: ActorRequest, attempt: ContactAttempt) -> None:
    """Remember the attempt; the session holds keys and times, never a name."""
    request.session[_KEY] = {"attempt": attempt.pk, "until": _until(request.now)}


def withdraw_offer(request: ActorRequest) -> None:
    """The answer has been undone, or another has been saved."""
    request.session.pop(_KEY, None)


def undo_offer(request: ActorRequest) -> UndoOffer | None:
    """The offer while it stands, with the citizen's name and the answer."""
    offer = request.session.get(_KEY)
    if not offer:
        return None
    left = (datetime.fromisoformat(offer["until"]) - request.now).total_seconds()
    if left < 1:
        withdraw_offer(request)
        return None
    attempt = (
        ContactAttempt.objects.filter(pk=offer["attempt"], by_user_id=request.actor.user_id, undone_at=None)
        .select_related("citizen", "health_talk")
        .prefetch_related("answers")
        .first()
    )
    if attempt is None:
        return None
    words = {"outcome": _answers(attempt), "name": attempt.citizen.name}
    if attempt.kind == ContactKind.DIALOGUE:
        url = reverse("campaigns:dialogue_undo", args=[attempt.health_talk.pk])
    else:
        url = reverse("campaigns:call_undo", args=[attempt.pk])
    return UndoOffer(attempt.pk, _("Gemt: »%(outcome)s« for %(name)s.") % words, int(left), url)


def _answers(attempt: ContactAttempt) -> str:
    if attempt.kind == ContactKind.DIALOGUE:
        return str(DialogueOutcome(attempt.health_talk.outcome).label)
    return ", ".join(dict.fromkeys(str(Outcome(answer.outcome).label) for answer in attempt.answers.all()))


def _until(now: datetime) -> str:
    return (now + timedelta(seconds=UNDO_SECONDS)).isoformat()
