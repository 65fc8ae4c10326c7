"""Take a talk, or give it back: one adviser at a time, under a lock with expiry (as K4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import FollowUp, NextStepKind

from ...models import DialogueState, HealthDialogue
from .referring import withdraw_unneeded

CLAIM_MINUTES = 60


@transaction.atomic
def take_dialogue(*, by: Actor, dialogue: HealthDialogue, now: datetime) -> HealthDialogue:
    """Claim a waiting talk for an hour, due or not. One's own is claimed anew.

    Raises UserError `dialogue_gone` (no longer wanted) or `dialogue_taken`.
    """
    by.require(Permission.WORK_HEALTH_DIALOGUES)
    locked = HealthDialogue.objects.select_for_update().get(pk=dialogue.pk)
    if not _still_wanted(locked):
        withdraw_unneeded(citizen=locked.citizen, now=now)
    locked.refresh_from_db()
    if locked.state not in (DialogueState.OPEN, DialogueState.CLAIMED):
        raise UserError(
            "dialogue_gone",
            _("Fagsamtalen er ikke længere nødvendig: Borgeren har svaret eller skal ikke kontaktes mere."),
        )
    running = locked.state == DialogueState.CLAIMED and locked.claimed_until and locked.claimed_until > now
    if running and locked.claimed_by_id != by.user_id:
        raise UserError("dialogue_taken", _("En kollega har taget fagsamtalen. Vælg en anden."))
    locked.state, locked.claimed_by_id = DialogueState.CLAIMED, by.user_id
    locked.claimed_until = now + timedelta(minutes=CLAIM_MINUTES)
    locked.save(update_fields=["state", "claimed_by", "claimed_until"])
    _log(by, locked, "claimed", now)
    return locked


@transaction.atomic
def take_next_dialogue(*, by: Actor, now: datetime) -> HealthDialogue | None:
    """The talk that is due first: agreed times, then those whose language the adviser speaks, then the oldest.

    None when nothing is due.
    """
    by.require(Permission.WORK_HEALTH_DIALOGUES)
    due = HealthDialogue.objects.visible_to(by).waiting().filter(due_at__lte=now)
    free = due.filter(Q(state=DialogueState.OPEN) | Q(claimed_until__lte=now) | Q(claimed_by=by.user_id))
    spoken = {"da", *by.languages}
    rows = free.select_related("citizen").order_by("-agreed_time", "due_at", "id")
    for dialogue in sorted(rows, key=lambda each: (not each.agreed_time, each.citizen.language not in spoken)):
        if HealthDialogue.objects.select_for_update(skip_locked=True).filter(pk=dialogue.pk).exists():
            try:
                return take_dialogue(by=by, dialogue=dialogue, now=now)
            except UserError:
                continue
    return None


@transaction.atomic
def release_dialogue(*, by: Actor, dialogue: HealthDialogue, now: datetime) -> HealthDialogue:
    """Put one's own claimed talk back into the queue. Again: no effect."""
    by.require(Permission.WORK_HEALTH_DIALOGUES)
    locked = HealthDialogue.objects.select_for_update().get(pk=dialogue.pk)
    if locked.state == DialogueState.CLAIMED and locked.claimed_by_id == by.user_id:
        locked.state, locked.claimed_by, locked.claimed_until = DialogueState.OPEN, None, None
        locked.save(update_fields=["state", "claimed_by", "claimed_until"])
        _log(by, locked, "released", now)
    return locked


def _still_wanted(dialogue: HealthDialogue) -> bool:
    wanted = FollowUp.objects.open().filter(citizen=dialogue.citizen_id, next_step_kind=NextStepKind.HEALTH_DIALOGUE)
    return wanted.exists()


def _log(by: Actor, dialogue: HealthDialogue, what: str, now: datetime) -> None:
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizen",
        subject_id=dialogue.citizen_id,
        municipality_id=dialogue.municipality_id,
        purpose=_("Fagsamtale"),
        detail={"dialogue": dialogue.pk, "what": what},
        at=now,
    )
