"""A message that the gateway confirms was a contact (K3): documented once, whoever learns of it first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from outreach.access.actor import Actor
from registry.services.follow_up_steps import record_message_contact, record_messages_sent

from ...models import MACHINE_PURPOSES, ContactAttempt, ContactKind, SmsMessage

SENT_BY = "Opsøg"


def record_contacts(
    by: Actor, messages: Collection[SmsMessage], *, counted: Collection[SmsMessage], now: datetime
) -> None:
    """Document that the messages went out; those `counted` have used up their step before, when they were in doubt."""
    ContactAttempt.objects.bulk_create(
        ContactAttempt(
            municipality_id=message.municipality_id,
            citizen_id=message.citizen_id,
            kind=ContactKind.SMS,
            at=message.handed_over_at or now,
            by_user_id=by.user_id,
            by_name=SENT_BY,
            phone=message.phone,
            nonresponder_list_id=message.follow_up.last_list_id if message.follow_up else None,
        )
        for message in messages
    )
    # What the citizen asked for, or a person wrote, is no step of the plan.
    machines = [each for each in messages if each.purpose in MACHINE_PURPOSES]
    record_messages_sent([each.citizen_id for each in machines if each not in counted], now)
    for message in machines:
        if message in counted:
            record_message_contact([message.citizen_id], at=message.handed_over_at or now, now=now)
