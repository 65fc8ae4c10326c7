"""Write down what came of a talk with a health professional: the answer for all, the health note for advisers only."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, NextStepKind
from registry.services.commit_lock import work_beside_commits
from registry.services.referrals import keep_access
from registry.services.scope import require_municipality

from ...dialogue_outcomes import ANSWERS, STAYS, dialogue_step
from ...models import ContactAttempt, ContactKind, DialogueOutcome, DialogueState, HealthDialogue, HealthTalk, SpokeWith
from ..answers.before import rows_before
from ..answers.checking import checked
from ..answers.said import Contact, Said
from ..answers.writing import write_answers
from ..planning import plan
from .claims import CLAIM_MINUTES
from .referring import dialogue_row

# A1: after closing, the adviser may look back and finish what they write.
SEES_AFTERWARDS = timedelta(hours=2)


@transaction.atomic
def record_talk(
    *,
    by: Actor,
    dialogue: HealthDialogue,
    outcome: DialogueOutcome | str,
    now: datetime,
    barrier: str = "",
    talk_at: datetime | None = None,
    health_note: str = "",
    spoke_with: str = SpokeWith.CITIZEN,
    spoke_with_name: str = "",
    interpreter_language: str = "",
    minutes: int | None = None,
) -> ContactAttempt:
    """Record a talk for the follow-ups that wait for it, close or go on with the referral, and plan on.

    `health_note` is encrypted and for advisers only; the attempt says for all that the talk was held and its outcome.
    Returns the attempt, which `undo_answer` takes back. Raises UserError `unknown_outcome`, `talk_time`,
    `dialogue_gone`, `dialogue_taken` and those of `record_call`.
    """
    by.require(Permission.WORK_HEALTH_DIALOGUES)
    require_municipality(by, dialogue.municipality_id)
    if outcome not in DialogueOutcome.values:
        raise UserError("unknown_outcome", _("Svaret »%(code)s« findes ikke.") % {"code": outcome})
    chosen = DialogueOutcome(outcome)
    if chosen == DialogueOutcome.THINKING and talk_at is None:
        raise UserError("talk_time", _("Skriv, hvornår I skal tale sammen igen."))
    said = Said(outcome=ANSWERS[chosen], barrier=barrier, talk_at=talk_at)
    contact = Contact(
        kind=ContactKind.DIALOGUE,
        spoke_with=spoke_with,
        spoke_with_name=spoke_with_name,
        interpreter_language=interpreter_language,
        minutes=minutes,
    )
    answer = checked(said, contact, by=by, now=now)
    work_beside_commits(dialogue.municipality_id)
    citizen = Citizen.objects.select_for_update(of=("self",)).get(pk=dialogue.citizen_id)
    locked = _own(by, dialogue, now)
    before = rows_before([citizen.pk])
    waiting = FollowUp.objects.open().filter(citizen=citizen, next_step_kind=NextStepKind.HEALTH_DIALOGUE)
    keys = list(waiting.order_by("id").values_list("pk", flat=True))
    if not keys:
        raise UserError("dialogue_gone", _("Fagsamtalen er ikke længere nødvendig. Din registrering er ikke gemt."))
    step = dialogue_step(chosen, now=now, tries=locked.tries, talk_at=talk_at)
    steps = {answer.outcome: step} if step is not None else {}
    attempt = write_answers(citizen, dict.fromkeys(keys, answer), task=None, steps=steps)
    attempt.before = {**(attempt.before or {}), **before, "dialogues": [dialogue_row(locked)]}
    attempt.minutes = attempt.minutes if attempt.minutes is not None else _minutes(locked, now)
    attempt.save(update_fields=["before", "minutes"])
    HealthTalk.objects.create(
        municipality_id=citizen.municipality_id,
        dialogue=locked,
        attempt=attempt,
        outcome=chosen,
        health_note=health_note,
    )
    _go_on(locked, chosen, step.at if step else None, now, still_adviser=step is not None and _is_dialogue(step.kind))
    keep_access(by=by, citizen=citizen, until=now + SEES_AFTERWARDS)
    plan(by=by, now=now, citizen_ids=[citizen.pk])
    return attempt


def _is_dialogue(kind: str | None) -> bool:
    return kind == NextStepKind.HEALTH_DIALOGUE


def _own(by: Actor, dialogue: HealthDialogue, now: datetime) -> HealthDialogue:
    """The talk, locked, unless it has ended or somebody else holds it."""
    locked = HealthDialogue.objects.select_for_update().get(pk=dialogue.pk)
    if locked.state not in (DialogueState.OPEN, DialogueState.CLAIMED):
        raise UserError("dialogue_gone", _("Fagsamtalen er afsluttet. Din registrering er ikke gemt."))
    running = locked.claimed_until is not None and locked.claimed_until > now
    if running and locked.claimed_by_id != by.user_id:
        raise UserError("dialogue_taken", _("En kollega har taget fagsamtalen imens. Din registrering er ikke gemt."))
    return locked


def _minutes(dialogue: HealthDialogue, now: datetime) -> int | None:
    """From taking the talk to saving it, where the adviser told nothing else (K12); None for one that was not taken."""
    if dialogue.claimed_until is None:
        return None
    taken = dialogue.claimed_until - timedelta(minutes=CLAIM_MINUTES)
    return min(CLAIM_MINUTES, max(1, round((now - taken).total_seconds() / 60)))


def _go_on(
    dialogue: HealthDialogue, outcome: DialogueOutcome, at: datetime | None, now: datetime, *, still_adviser: bool
) -> None:
    """A new talk keeps the row in the queue; anything else ends it."""
    dialogue.claimed_until = None
    if outcome in STAYS and still_adviser and at is not None:
        dialogue.state, dialogue.claimed_by, dialogue.due_at = DialogueState.OPEN, None, at
        dialogue.agreed_time = outcome == DialogueOutcome.THINKING
        dialogue.tries = 0 if outcome == DialogueOutcome.THINKING else dialogue.tries + 1
    else:
        dialogue.state, dialogue.closed_at = DialogueState.CLOSED, now
    dialogue.save()
