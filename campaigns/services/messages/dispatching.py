"""One dispatcher pass: claim and commit, hand over outside any transaction, write down what came of it (S5).

While one batch is being sent, the one before is settled and the next is claimed.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime

from django.conf import settings

from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes
from outreach.messaging.gateways import Gateway, open_gateway
from outreach.messaging.line import admit, give_back, report

from ..message_queue import queue_due_messages
from ..planning import plan
from .claiming import claim_batch
from .pool import Batch, Pool, sending_pool
from .refused_senders import forget_if_nothing_waits, sender_is_refused
from .settling import settle

JOB = "sms-sender"
BATCH = 100
# Batches on their way at a time: one is sent while the next is claimed and the last one settled.
DEPTH = 2
# The longest nap while the rate limit fills up again.
NAP_SECONDS = 0.5


def dispatch_due(
    *,
    now: datetime,
    limit: int | None = None,
    gateway: Gateway | None = None,
    clock: Callable[[], datetime] | None = None,
    seconds: float | None = None,
) -> dict[str, int]:
    """Hand over what is due in every municipality, at most `limit` messages; return how many ended in which status.

    `queued` counts those held until later. Municipalities take turns, batch by batch. `clock` gives the time of each
    batch (`now` when there is none), so that the sending window closes on time; after `seconds` nothing new is begun.
    Opens its own contexts, so it must be called outside of one. A kill leaves at most two batches in doubt; no message
    is handed over twice.
    """
    with nullcontext(gateway) if gateway else open_gateway() as chosen:
        whole = _Pass(chosen, clock or (lambda: now), limit, seconds)
        codes = [code for code in served_municipality_codes() if _queue_due(code, whole.clock())]
        with sending_pool(
            chosen, threads=settings.SMS_THREADS, failures_in_a_row=settings.SMS_FAILURES_IN_A_ROW
        ) as pool:
            whole.run(pool, deque(codes))
    return {str(status): number for status, number in whole.counts.items() if number}


def _queue_due(code: int, now: datetime) -> bool:
    """Make the messages that are due; return whether the municipality's may be sent in this pass."""
    with job_context(JOB, [code]) as by:
        queued = queue_due_messages(by=by, now=now, citizen_ids=None, nonresponder_list_id=None)
        if queued.without_usable_number:
            plan(by=by, now=now, citizen_ids=queued.without_usable_number)
        forget_if_nothing_waits(code)
        return not sender_is_refused(code, now)


class _Pass:
    """What is left of a pass, and what came of it so far."""

    def __init__(
        self, gateway: Gateway, clock: Callable[[], datetime], limit: int | None, seconds: float | None
    ) -> None:
        self.gateway, self.clock = gateway, clock
        self.left = limit
        self.ends = time.monotonic() + seconds if seconds is not None else None
        self.counts: Counter[str] = Counter()
        self.flying: deque[Batch] = deque()
        self.refused: set[int] = set()

    def run(self, pool: Pool, codes: deque[int]) -> None:
        """Take a batch from each municipality in turn until nothing is due, allowed or possible."""
        try:
            while self._has_turn(codes) and not pool.closed and not self._over():
                admission = admit(self.gateway.name, BATCH if self.left is None else min(BATCH, self.left))
                if not admission.granted:
                    if admission.wait is None or not self._nap(admission.wait):
                        break
                    continue
                if not self._begin(pool, codes, admission.granted, probe=admission.probe):
                    continue
                while len(self.flying) >= (1 if admission.probe else DEPTH):
                    self._settle_oldest()
        finally:
            while self.flying:
                self._settle_oldest()

    def _has_turn(self, codes: deque[int]) -> bool:
        """Whether a municipality is left; one whose sender was refused loses its turns."""
        while codes and codes[0] in self.refused:
            codes.popleft()
        return bool(codes)

    def _begin(self, pool: Pool, codes: deque[int], granted: int, *, probe: bool) -> bool:
        """Claim from the municipality whose turn it is; return whether anything is on its way."""
        code, now = codes[0], self.clock()
        with job_context(JOB, [code]):
            claimed = claim_batch(code, now=now, size=granted)
        self.counts += claimed.counts
        if self.left is not None:
            self.left -= claimed.looked_at
        if probe and not claimed.hand_overs:
            give_back(self.gateway.name, 1, probe=True)
        elif not probe:
            give_back(self.gateway.name, granted - sum(each.segments for each in claimed.hand_overs))
        if claimed.looked_at < granted:
            codes.popleft()
        else:
            codes.rotate(-1)
        if not claimed.hand_overs:
            return False
        batch = Batch(code, claimed.hand_overs, probe)
        self.flying.append(batch)
        pool.submit(batch)
        return True

    def _settle_oldest(self) -> None:
        batch = self.flying.popleft()
        results = batch.wait()
        report(self.gateway.name, batch.tally, probe=batch.probe)
        if batch.sender_refused:
            self.refused.add(batch.municipality_id)
        with job_context(JOB, [batch.municipality_id]) as by:
            self.counts += settle(by=by, gateway_name=self.gateway.name, results=results, now=self.clock())

    def _nap(self, wait: float) -> bool:
        """Wait for the rate limit, settling meanwhile; False when the pass would be over before."""
        if self.ends is not None and time.monotonic() + wait >= self.ends:
            return False
        while self.flying:
            self._settle_oldest()
        time.sleep(min(wait, NAP_SECONDS))
        return True

    def _over(self) -> bool:
        used_up = self.left is not None and self.left <= 0
        return used_up or (self.ends is not None and time.monotonic() >= self.ends)
