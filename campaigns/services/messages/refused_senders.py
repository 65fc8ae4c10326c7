"""A municipality whose sender the gateway refuses: its messages wait and try again; nobody else's do (S5, F17).

What waits, and until when, the messages say themselves. For those who watch the whole installation there is one row
besides, without a word of anybody: it goes with the first message that goes through, or when none waits any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from outreach.access.actor import Actor
from outreach.messaging.gateways import GatewaySenderTrouble
from outreach.messaging.refused_senders import forget_refused, is_refused, note_refused

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


def tell_watchers(messages: Sequence[SmsMessage]) -> None:
    """Write down or forget that senders are refused, after a batch of one municipality has been settled."""
    refused = [each for each in messages if each.status_reason == SENDER_REFUSED and each.error_code]
    if refused:
        newest = refused[-1]
        note_refused(newest.municipality_id, code=newest.error_code, danish=newest.error_text)
    elif any(each.status in (MessageStatus.ACCEPTED, MessageStatus.SENT) for each in messages):
        forget_refused(messages[0].municipality_id)


def forget_if_nothing_waits(municipality_id: int) -> None:
    """Nobody can be refused who has nothing to say: the messages were cancelled, or have expired."""
    waiting = SmsMessage.objects.filter(municipality=municipality_id, status=MessageStatus.QUEUED)
    if is_refused(municipality_id) and not waiting.exists():
        forget_refused(municipality_id)


def release_refused(by: Actor, now: datetime) -> None:
    """Somebody says that the sender is mended: the actor's messages may be tried at once."""
    SmsMessage.objects.visible_to(by).filter(status=MessageStatus.QUEUED, status_reason=SENDER_REFUSED).update(
        not_before=now
    )
