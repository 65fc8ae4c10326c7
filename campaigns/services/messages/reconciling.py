"""Ask the gateway what became of messages: those in doubt (F11), and those whose callbacks never came (F19).

Its list carries no id of ours, so a message in doubt is only recognised by number, text and minute together, and only
when exactly one message of ours and one of the gateway's fit. Whatever else stays in doubt, for a person to decide.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from outreach.access.actor import Actor
from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes
from outreach.messaging.gateways import GatewayAccountTrouble, GatewayMessage, GatewayRetryable, TracingGateway
from outreach.privacy.sealing import unseal

from ...models import MessageStatus, SmsMessage
from ..receipts import apply_status

JOB = "sms-reconciler"
# Not asked about before the callback has had its chance, nor after the gateway's own queue has long let go.
SETTLING_TIME = timedelta(minutes=2)
RECEIPT_TIME = timedelta(minutes=10)
GIVEN_UP = timedelta(hours=24)
# The gateway may keep a message for ten hours before it sends it; it takes it within seconds of our request.
LONGEST_QUEUE = timedelta(hours=11)
BEFORE, AFTER = timedelta(minutes=1), timedelta(minutes=5)
# A run's bounds: questions about single messages, and lines of the list.
MOST_DOUBTS, MOST_LISTED, MOST_FOR_NUMBER = 50, 10_000, 50
PORTION = 200
FINAL = {"delivered", "undelivered", "failed", "sent", "canceled", "read"}

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Doubt:
    """A message in doubt; number and text stay in memory and are never logged."""

    message_id: UUID
    municipality_id: int
    number: str
    number_index: bytes
    body: str
    handed_over_at: datetime


def reconcile(*, now: datetime, gateway: TracingGateway) -> Counter[str]:
    """Resolve what can be resolved; return how many `resolved`, `unknown`, `ambiguous`, and receipts `fetched`.

    A gateway that does not answer ends the run; the next one asks again.
    """
    counts: Counter[str] = Counter()
    try:
        for doubt in _doubts(now):
            counts[_resolve(doubt, gateway, now)] += 1
        counts["fetched"] += _fetch_receipts(gateway, now)
    except (GatewayRetryable, GatewayAccountTrouble) as error:
        log.warning("reconciliation_ended", gateway=gateway.name, code=error.code)
    return +counts


def _doubts(now: datetime) -> list[_Doubt]:
    found: list[_Doubt] = []
    for code in served_municipality_codes():
        with job_context(JOB, [code]):
            doubtful = SmsMessage.objects.filter(
                municipality=code,
                status=MessageStatus.IN_DOUBT,
                gateway_id="",
                handed_over_at__range=(now - GIVEN_UP, now - SETTLING_TIME),
            )
            # What the gateway never took stays in doubt: asked about first each time, it would keep the others waiting.
            # So each minute's run takes the next portion, newest first, and begins again at the end.
            portions = -(-doubtful.count() // MOST_DOUBTS) or 1
            start = int(now.timestamp() // 60) % portions * MOST_DOUBTS
            for message in doubtful.order_by("-handed_over_at", "pk")[start : start + MOST_DOUBTS]:
                index = bytes(message.number_index)
                number = unseal("phone", bytes(message.number_ciphertext), index)
                at = message.handed_over_at or now
                found.append(_Doubt(message.pk, code, number, index, message.body, at))
    return found


def _resolve(doubt: _Doubt, gateway: TracingGateway, now: datetime) -> str:
    first = doubt.handed_over_at - BEFORE
    listed = gateway.sent_between(
        first=first, last=min(now, doubt.handed_over_at + LONGEST_QUEUE), to=doubt.number, limit=MOST_FOR_NUMBER
    )
    until = doubt.handed_over_at + AFTER
    fitting = [
        each
        for each in listed
        if each.to == doubt.number and each.body == doubt.body and first <= each.created_at <= until
    ]
    unclaimed, rivals = _seen_from_here(doubt, fitting)
    if not unclaimed:
        return "unknown"  # perhaps never taken, perhaps not sent yet: nobody knows
    if rivals or len(unclaimed) > 1:
        return "ambiguous"
    with job_context(JOB, [doubt.municipality_id]) as by:
        _apply(by, doubt.message_id, unclaimed[0], now)
    return "resolved"


def _seen_from_here(doubt: _Doubt, fitting: list[GatewayMessage]) -> tuple[list[GatewayMessage], bool]:
    """The gateway's messages that no message of ours, of any municipality, has claimed; and whether another uncertain
    message of ours fits them as well.
    """
    if not fitting:
        return [], False
    with job_context(JOB, served_municipality_codes()):
        ids = [each.gateway_id for each in fitting]
        claimed = set(SmsMessage.objects.filter(gateway_id__in=ids).values_list("gateway_id", flat=True))
        others = SmsMessage.objects.filter(
            number_index=doubt.number_index,
            gateway_id="",
            status__in=[MessageStatus.IN_DOUBT, MessageStatus.HANDING_OVER],
            handed_over_at__range=(doubt.handed_over_at - BEFORE - AFTER, doubt.handed_over_at + BEFORE + AFTER),
        ).exclude(pk=doubt.message_id)
        rivals = any(other.body == doubt.body for other in others)
    return [each for each in fitting if each.gateway_id not in claimed], rivals


def _apply(by: Actor, message_id: UUID, listed: GatewayMessage, now: datetime) -> None:
    apply_status(
        by=by,
        message=SmsMessage.objects.get(pk=message_id),
        status=listed.status,
        error_code=listed.error_code,
        gateway_id=listed.gateway_id,
        at=min(now, listed.created_at),
        now=now,
    )


def _fetch_receipts(gateway: TracingGateway, now: datetime) -> int:
    """Take from the list what the callbacks should have told (F19); return how many messages had news."""
    open_ones: dict[str, tuple[int, UUID, str]] = {}
    oldest = now
    for code in served_municipality_codes():
        with job_context(JOB, [code]):
            waiting = SmsMessage.objects.filter(
                municipality=code,
                status__in=[MessageStatus.ACCEPTED, MessageStatus.SENT],
                gateway=gateway.name,
                handed_over_at__range=(now - GIVEN_UP, now - RECEIPT_TIME),
            ).exclude(gateway_id="")
            rows = waiting.order_by("-handed_over_at").values_list("gateway_id", "id", "status", "handed_over_at")
            for gateway_id, message_id, status, handed_over_at in rows[:MOST_LISTED]:
                open_ones[gateway_id] = (code, message_id, status)
                oldest = min(oldest, handed_over_at or now)
    if not open_ones:
        return 0
    news: dict[int, list[tuple[UUID, GatewayMessage]]] = defaultdict(list)
    for each in gateway.sent_between(first=oldest - BEFORE, last=now, limit=MOST_LISTED):
        known = open_ones.get(each.gateway_id)
        if known is not None and each.status in FINAL and each.status != known[2]:
            news[known[0]].append((known[1], each))
    for code, found in news.items():
        for start in range(0, len(found), PORTION):
            with job_context(JOB, [code]) as by:
                for message_id, each in found[start : start + PORTION]:
                    _apply(by, message_id, each, now)
    return sum(len(found) for found in news.values())
