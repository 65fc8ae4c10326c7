"""Work on what the gateway told us: find the municipality of each event, then write it down there (S6, S7).

An event is worked on in the same transaction that marks it so: exactly once, however many workers see it. One that
cannot be worked on is tried again, and after five times left to a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from outreach.access.actor import Actor
from outreach.access.data_context import job_context
from outreach.messaging.models import EventKind, EventResult, GatewayEvent, MessageRoute

from ..models import SmsMessage
from ..receipt_rules import Verdict
from .inbox import receive_reply
from .inbox.routing import municipalities_of_replies
from .receipts import Report, apply_status, apply_together

JOB = "gateway-events"
BATCH = 200
MOST_ATTEMPTS = 5
# Receipts for messages nobody knows: a few are another installation's leftovers, many are a wrong address (SW06).
ORPHAN_ALARM, ORPHAN_WINDOW = 20, timedelta(hours=1)

log = structlog.get_logger(__name__)


def process_events(*, now: datetime) -> dict[str, int]:
    """Work through all events that wait; return how many ended in which result. Opens its own contexts."""
    counts: Counter[str] = Counter()
    after = 0
    while batch := list(GatewayEvent.objects.filter(processed_at=None, pk__gt=after).order_by("pk")[:BATCH]):
        after = batch[-1].pk
        by_municipality: dict[int, list[int]] = defaultdict(list)
        strays: list[GatewayEvent] = []
        codes = _municipalities(batch)
        for event in batch:
            code = codes.get(event.pk)
            strays.append(event) if code is None else by_municipality[code].append(event.pk)
        counts += _put_aside(strays, now)
        for code, keys in sorted(by_municipality.items()):
            counts += _work_in(code, keys, now)
    if counts[EventResult.ORPHAN]:
        _warn_of_orphans(now)
    return {str(result): number for result, number in counts.items() if number}


def orphans_lately(now: datetime) -> int:
    """Receipts of the last hour that belong to no message of ours."""
    return GatewayEvent.objects.filter(result=EventResult.ORPHAN, received_at__gt=now - ORPHAN_WINDOW).count()


def _municipalities(events: Sequence[GatewayEvent]) -> dict[int, int]:
    """Event → municipality, for those that have one; from tables that name no citizen."""
    references = [event.reference for event in events if event.reference is not None]
    routes = dict(MessageRoute.objects.filter(message_id__in=references).values_list("message_id", "municipality_code"))
    found = {
        event.pk: routes[event.reference]
        for event in events
        if event.kind == EventKind.STATUS and event.reference is not None and event.reference in routes
    }
    return found | municipalities_of_replies([event for event in events if event.kind == EventKind.INBOUND])


def _put_aside(strays: Sequence[GatewayEvent], now: datetime) -> Counter[str]:
    counts: Counter[str] = Counter()
    for event in strays:
        result = EventResult.ORPHAN if event.kind == EventKind.STATUS else EventResult.UNROUTED
        waiting = GatewayEvent.objects.filter(pk=event.pk, processed_at=None)
        counts[result] += waiting.update(processed_at=now, result=result)
    return counts


def _work_in(code: int, keys: Sequence[int], now: datetime) -> Counter[str]:
    counts: Counter[str] = Counter()
    with job_context(JOB, [code]) as by:
        waiting = GatewayEvent.objects.filter(pk__in=keys, processed_at=None).select_for_update(skip_locked=True)
        # In the order of their messages: two workers with events of the same messages do not wait crosswise.
        events = sorted(waiting, key=lambda each: (str(each.reference or ""), each.pk))
        plain = _apply_plain(events, by)
        for result in set(plain.values()):
            done = [key for key, verdict in plain.items() if verdict == result]
            counts[result] += GatewayEvent.objects.filter(pk__in=done).update(processed_at=now, result=result)
        for event in events:
            if event.pk not in plain:
                counts[_work_on(event, by, code, now)] += 1
    return counts


def _apply_plain(events: Sequence[GatewayEvent], by: Actor) -> dict[int, Verdict]:
    try:
        with transaction.atomic():
            return apply_together(by=by, reports=[_report(event) for event in events if event.kind == EventKind.STATUS])
    except Exception as error:
        # One by one, then: that finds the one at fault, and the others go on.
        log.error("gateway_batch_failed", error=type(error).__name__)
        return {}


def _report(event: GatewayEvent) -> Report:
    reference = event.reference or UUID(int=0)
    return Report(event.pk, reference, event.status, event.gateway_id, event.received_at)


def _work_on(event: GatewayEvent, by: Actor, code: int, now: datetime) -> str:
    try:
        with transaction.atomic():
            event.result = _apply(event, by, code, now)
    except Exception as error:
        # Anything may be wrong with one event, and the others must go on. Its text may hold a number: only the type.
        log.error("gateway_event_failed", event_id=event.pk, error=type(error).__name__)
        event.attempts += 1
        if event.attempts < MOST_ATTEMPTS:
            event.save(update_fields=["attempts"])
            return "again"
        event.result = EventResult.FAILED
    event.processed_at = now
    if event.kind == EventKind.INBOUND and event.result != EventResult.FAILED:
        # It stands in the municipality's inbox now, behind row security.
        event.body, event.number_ciphertext, event.number_index = "", None, None
    event.save()
    return event.result


def _apply(event: GatewayEvent, by: Actor, code: int, now: datetime) -> str:
    if event.kind == EventKind.INBOUND:
        reply = receive_reply(
            by=by,
            municipality_id=code,
            number=event.number,
            body=event.body or "",
            gateway_id=event.gateway_id,
            media=event.media,
            opt_out_word=event.opt_out_word,
            at=event.received_at,
            now=now,
        )
        return EventResult.REPEATED if reply is None else EventResult.APPLIED
    message = SmsMessage.objects.filter(pk=event.reference).first() if event.reference is not None else None
    if message is None:
        return EventResult.ORPHAN
    return apply_status(
        by=by,
        message=message,
        status=event.status,
        error_code=event.error_code,
        gateway_id=event.gateway_id,
        at=event.received_at,
        now=now,
    )


def _warn_of_orphans(now: datetime) -> None:
    if (number := orphans_lately(now)) >= ORPHAN_ALARM:
        log.error("gateway_orphans", number=number, minutes=int(ORPHAN_WINDOW.total_seconds() // 60))
