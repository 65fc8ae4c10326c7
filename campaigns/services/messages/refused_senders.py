"""A municipality whose sender the gateway refuses: its messages wait and try again; nobody else's do (S5, F17).

Told by the waiting messages themselves: no row of its own that could stay behind when they are gone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from outreach.access.actor import Actor
from outreach.messaging.gateways import GatewaySenderTrouble

from ...models import SENDER_REFUSED, MessageStatus, SmsMessage

# How long they wait: a name is mended by a person at the gateway, and a try is a refused request for each thread.
WAIT = timedelta(minutes=15)

log = structlog.get_logger(__name__)


def hold_refused(message: SmsMessage, outcome: GatewaySenderTrouble, now: datetime) -> None:
    """Back into the queue for a while, untried: nothing is wrong with the message. The caller saves it."""
    message.status, message.status_reason = MessageStatus.QUEUED, SENDER_REFUSED
    message.error_code, message.error_text = outcome.code, outcome.danish
    message.attempts = max(0, message.attempts - 1)
    message.not_before = now + WAIT
    log.error("sms_sender_refused", municipality=message.municipality_id, code=outcome.code)


def sender_is_refused(municipality_id: int, now: datetime) -> bool:
    """Whether messages of the municipality were refused for their sender within the last quarter of an hour."""
    return SmsMessage.objects.filter(
        municipality=municipality_id,
        status=MessageStatus.QUEUED,
        status_reason=SENDER_REFUSED,
        not_before__gt=now,
        not_before__lte=now + WAIT,
    ).exists()


def release_refused(by: Actor, now: datetime) -> None:
    """Somebody says that the sender is mended: the actor's messages may be tried at once."""
    SmsMessage.objects.visible_to(by).filter(status=MessageStatus.QUEUED, status_reason=SENDER_REFUSED).update(
        not_before=now
    )
