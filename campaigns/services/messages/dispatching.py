"""One dispatcher pass: claim and commit, hand over outside any transaction, write down what came of it (S5)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread

import structlog
from django.db import connections

from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes
from outreach.messaging.gateways import (
    Accepted,
    Gateway,
    GatewayInDoubt,
    GatewayRefused,
    GatewayRetryable,
    get_gateway,
)

from ..message_queue import queue_due_messages
from ..planning import plan
from .claiming import HandOver, claim_batch
from .settling import Result, settle

JOB = "sms-sender"
BATCH = 200
# 40 at once: a gateway that takes 100 ms gets a batch in half a second.
THREADS = 40

log = structlog.get_logger(__name__)


@dataclass
class _Pass:
    """What is left of a pass's limit."""

    left: int | None

    def size(self) -> int:
        return BATCH if self.left is None else min(BATCH, self.left)

    def used(self, number: int) -> None:
        if self.left is not None:
            self.left -= number


def dispatch_due(*, now: datetime, limit: int | None = None, gateway: Gateway | None = None) -> dict[str, int]:
    """Hand over what is due in every municipality, at most `limit` messages; return how many ended in which status.

    `queued` counts those held until later. Opens its own contexts, so it must be called outside of one. A kill leaves
    at most the batch at hand in doubt; no message is handed over twice.
    """
    chosen = gateway or get_gateway()
    counts: Counter[str] = Counter()
    whole = _Pass(limit)
    for code in served_municipality_codes():
        counts += _dispatch(code, chosen, whole, now)
    return {str(status): number for status, number in counts.items() if number}


def _dispatch(code: int, gateway: Gateway, whole: _Pass, now: datetime) -> Counter[str]:
    counts: Counter[str] = Counter()
    with job_context(JOB, [code]) as by:
        queued = queue_due_messages(by=by, now=now, citizen_ids=None, nonresponder_list_id=None)
        if queued.without_usable_number:
            plan(by=by, now=now, citizen_ids=queued.without_usable_number)
    while size := whole.size():
        with job_context(JOB, [code]):
            claimed = claim_batch(code, now=now, size=size)
        counts += claimed.counts
        whole.used(claimed.looked_at)
        if not claimed.looked_at:
            break
        if not claimed.hand_overs:
            continue
        results = hand_over(gateway, claimed.hand_overs)
        with job_context(JOB, [code]) as by:
            counts += settle(by=by, gateway_name=gateway.name, results=results, now=now)
        if all(isinstance(result.outcome, GatewayRetryable) for result in results):
            # F16: nobody answers at the other end; the rest waits in the queue.
            log.warning("gateway_unavailable", gateway=gateway.name)
            break
    return counts


def hand_over(gateway: Gateway, batch: list[HandOver]) -> list[Result]:
    """Send each message once, on a bounded number of threads. Every failure becomes a result; none escapes."""
    waiting: SimpleQueue[HandOver] = SimpleQueue()
    for each in batch:
        waiting.put(each)
    results: SimpleQueue[Result] = SimpleQueue()
    threads = [
        Thread(target=_send_all, args=(gateway, waiting, results), name=f"sms-{number}", daemon=True)
        for number in range(min(THREADS, len(batch)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results.get() for _each in batch]


def _send_all(gateway: Gateway, waiting: SimpleQueue[HandOver], results: SimpleQueue[Result]) -> None:
    try:
        while True:
            try:
                message = waiting.get_nowait()
            except Empty:
                return
            results.put(Result(message.message_id, message.citizen_id, _send(gateway, message)))
    finally:
        connections.close_all()  # the console gateway writes to the database from this thread


def _send(gateway: Gateway, message: HandOver) -> Accepted | Exception:
    try:
        return gateway.send(reference=message.message_id, to=message.number, body=message.body, sender=message.sender)
    except (GatewayRefused, GatewayRetryable, GatewayInDoubt) as error:
        return error
    except Exception as error:
        # We cannot know how far it got: in doubt, shown to a person, never sent again blindly. The text of the error
        # may hold the number, so only its type is logged.
        log.error("gateway_failed", gateway=gateway.name, message=str(message.message_id), error=type(error).__name__)
        return GatewayInDoubt(type(error).__name__)
