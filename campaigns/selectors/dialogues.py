"""The health advisers' queue, and what was said in earlier talks (K6). Only advisers get anything here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from outreach.access.actor import Actor
from registry.models import Citizen, FollowUp, NextStepKind

from ..models import DialogueState, HealthDialogue, HealthTalk


@dataclass(frozen=True)
class DialogueCounts:
    """`due` may be called now, `later` have a day to come, `taken` are with an adviser."""

    due: int
    later: int
    taken: int


def waiting_dialogues(actor: Actor) -> QuerySet[HealthDialogue]:
    """Talks that somebody still waits for, the promised and the oldest first."""
    wanted = FollowUp.objects.open().filter(citizen=OuterRef("citizen"), next_step_kind=NextStepKind.HEALTH_DIALOGUE)
    rows = HealthDialogue.objects.visible_to(actor).waiting().filter(Exists(wanted))
    return rows.select_related("citizen", "claimed_by").order_by("due_at", "id")


def dialogue_counts(actor: Actor, now: datetime) -> DialogueCounts:
    """The queue in figures."""
    rows = list(waiting_dialogues(actor).values_list("due_at", "state", "claimed_until"))
    taken = sum(state == DialogueState.CLAIMED and bool(until and until > now) for _due, state, until in rows)
    due = sum(due_at <= now for due_at, _state, _until in rows)
    return DialogueCounts(due=due, later=len(rows) - due, taken=taken)


def earlier_talks(actor: Actor, citizen: Citizen) -> list[HealthTalk]:
    """Talks with the citizen, newest first, with the advisers' notes."""
    rows = HealthTalk.objects.visible_to(actor).filter(dialogue__citizen=citizen, attempt__undone_at=None)
    return list(rows.select_related("attempt").order_by("-attempt__at", "-id"))
