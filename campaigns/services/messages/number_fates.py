"""What a message's failure means for the telephone number it went to (S6, C4, S7). For answers and for receipts."""

from __future__ import annotations

from datetime import datetime

from outreach.access.actor import Actor
from outreach.messaging.gateways.base import NumberFate
from registry.models import PhoneKind
from registry.services.phones import mark_wrong, set_kind

from ...models import OptOut, SmsMessage


def apply_fate(*, by: Actor, message: SmsMessage, fate: NumberFate, reason: str, now: datetime) -> None:
    """Strike the number out, call it a landline, or write down its opt-out, so that the plan goes on without it.

    `reason` is the Danish sentence that stands beside a number struck out. The caller plans the citizen afterwards.
    """
    if fate == NumberFate.OPTED_OUT:
        OptOut.objects.update_or_create(
            municipality_id=message.municipality_id,
            number_index=bytes(message.number_index),
            defaults={"earlier_contacts": None},
            create_defaults={"since": now, "source": "reply", "by_name": by.name},
        )
    elif message.phone is None:
        return
    elif fate == NumberFate.WRONG:
        mark_wrong(by=by, phone=message.phone, reason=reason, now=now)
    elif fate == NumberFate.LANDLINE:
        set_kind(by=by, phone=message.phone, kind=PhoneKind.LANDLINE, now=now)
