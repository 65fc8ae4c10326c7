"""A message that the gateway confirms was a contact (K3): documented once, whoever learns of it first."""

from __future__ import annotations

from datetime import datetime

from outreach.access.actor import Actor
from registry.services.follow_up_steps import record_messages_sent

from ...models import MACHINE_PURPOSES, ContactAttempt, ContactKind, SmsMessage

SENT_BY = "Opsøg"


def record_contact(by: Actor, message: SmsMessage, *, counted: bool, now: datetime) -> None:
    """Document that the message went out; `counted`: its step is used up already, as that of one in doubt is."""
    ContactAttempt.objects.create(
        municipality_id=message.municipality_id,
        citizen_id=message.citizen_id,
        kind=ContactKind.SMS,
        at=message.handed_over_at or now,
        by_user_id=by.user_id,
        by_name=SENT_BY,
        phone=message.phone,
        nonresponder_list_id=message.follow_up.last_list_id if message.follow_up else None,
    )
    # What the citizen asked for, or a person wrote, is no step of the plan.
    if not counted and message.purpose in MACHINE_PURPOSES:
        record_messages_sent([message.citizen_id], now)
