"""What a reply does to the next step: a call now, or silence until somebody has read it (S7, K9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from outreach.access.actor import Actor
from registry.models import FollowUp, NextStepKind
from registry.services.follow_up_steps import set_next_step
from registry.services.follow_ups import TO_BE_PLANNED

from ...models import Conversation
from ...next_steps import OFFICE_OPENS
from ...step_reasons import StepReason
from ...step_times import slot
from ..message_cancelling import cancel_queued
from ..planning import plan

# Steps that somebody else is at work on (a booking, a ride, a health adviser's talk) are not taken from them.
OURS_TO_CHANGE = [
    NextStepKind.SMS,
    NextStepKind.CALL,
    NextStepKind.INTERPRETER_CALL,
    NextStepKind.LETTER,
    NextStepKind.LOOKUP,
    NextStepKind.WAIT,
]
READ_WITHIN_DAYS = 2


def plan_calls(*, by: Actor, citizen_ids: Sequence[int], now: datetime) -> int:
    """Let these citizens be called now, because they asked for it; return how many have a follow-up that is open."""
    asked = FollowUp.objects.open().filter(citizen__in=citizen_ids, next_step_kind__in=OURS_TO_CHANGE)
    called = set()
    for follow_up in asked.select_for_update().order_by("id"):
        # Whoever needs an interpreter still does.
        keeps = follow_up.next_step_kind == NextStepKind.INTERPRETER_CALL
        kind = NextStepKind.INTERPRETER_CALL if keeps else NextStepKind.CALL
        set_next_step(follow_up, kind, now, StepReason.ASKED_FOR_CALL, {}, now)
        called.add(follow_up.citizen_id)
    plan(by=by, now=now, citizen_ids=sorted(called))
    return len(called)


def wait_for_answer(citizen_ids: Sequence[int], now: datetime) -> None:
    """No next message, and no call "because nobody answered", while the answer lies in the inbox.

    After two working days unread it is a call again (K1). Planning on is the caller's.
    """
    unanswered = Q(next_step_kind=NextStepKind.SMS) | Q(
        next_step_kind=NextStepKind.CALL, next_step_reason=StepReason.SMS_UNANSWERED
    )
    until = slot(now, READ_WITHIN_DAYS, OFFICE_OPENS)
    waiting = FollowUp.objects.open().filter(unanswered, citizen__in=citizen_ids)
    for follow_up in waiting.select_for_update().order_by("id"):
        set_next_step(follow_up, NextStepKind.WAIT, until, StepReason.REPLY_WAITING, {}, now)


def be_silent(by: Actor, citizen_ids: Sequence[int], now: datetime) -> None:
    """K9: who has written to us gets nothing from the machine until a person has read it."""
    cancel_queued(citizen_ids=citizen_ids, reason="replied", now=now)
    wait_for_answer(citizen_ids, now)
    plan(by=by, now=now, citizen_ids=sorted(citizen_ids))


def speak_again(by: Actor, citizen_ids: Sequence[int], now: datetime) -> None:
    """It was not they who wrote: what waited for their reply goes on as planned, unless another reply waits."""
    silent = Conversation.objects.open().filter(citizen__in=citizen_ids).values_list("citizen_id", flat=True)
    freed = sorted(set(citizen_ids) - set(silent))
    waiting = FollowUp.objects.open().filter(
        citizen__in=freed, next_step_kind=NextStepKind.WAIT, next_step_reason=StepReason.REPLY_WAITING
    )
    for follow_up in waiting.select_for_update().order_by("id"):
        set_next_step(follow_up, NextStepKind.WAIT, now, TO_BE_PLANNED, {}, now)
    plan(by=by, now=now, citizen_ids=freed)
