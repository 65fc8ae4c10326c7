"""A message that did not arrive: what it says of the telephone number, and how the plan goes on (S6)."""

from __future__ import annotations

from datetime import datetime

from outreach.access.actor import Actor
from outreach.messaging.gateways.twilio_errors import ErrorMeaning, NumberFate
from registry.models import FollowUp, NextStepKind, PhoneKind
from registry.services.follow_up_steps import set_next_step
from registry.services.phones import mark_wrong, set_kind

from ...models import SmsMessage, SmsPurpose
from ...next_steps import DEFAULT_CALL_HOURS
from ...step_reasons import StepReason
from ...step_times import slot
from ..opt_outs import stop_number


def settle_number(by: Actor, message: SmsMessage, meaning: ErrorMeaning, now: datetime) -> None:
    """Mark the number as the report says: nobody's, a landline (PH05), or one that has said STOP (S7)."""
    if meaning.fate == NumberFate.OPTED_OUT:
        stop_number(
            by=by, municipality_id=message.municipality_id, index=bytes(message.number_index), source="reply", now=now
        )
    elif message.phone is None:
        return
    elif meaning.fate == NumberFate.LANDLINE:
        set_kind(by=by, phone=message.phone, kind=PhoneKind.LANDLINE, now=now)
    elif meaning.fate == NumberFate.WRONG:
        mark_wrong(by=by, phone=message.phone, reason=meaning.danish, now=now)


def go_on_after_failure(message: SmsMessage, now: datetime) -> None:
    """Who was thought not to have answered has not been asked: call, instead of waiting for an answer (K1)."""
    if message.purpose != SmsPurpose.FIRST_CONTACT:
        return
    waiting = FollowUp.objects.open().filter(
        citizen=message.citizen_id, next_step_kind=NextStepKind.CALL, next_step_reason=StepReason.SMS_UNANSWERED
    )
    at = slot(now, 0, DEFAULT_CALL_HOURS[0])
    for follow_up in waiting.select_for_update().order_by("id"):
        set_next_step(follow_up, NextStepKind.CALL, at, StepReason.SMS_NOT_DELIVERED, {}, now)
