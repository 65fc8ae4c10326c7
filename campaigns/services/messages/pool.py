"""A bounded pool of sending threads for one dispatcher pass; claiming and settling go on beside it (S5).

Threads of ours, not Celery's, whose thread pool knows no time limits. A kill leaves in doubt at most what is in here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Lock, Thread
from uuid import UUID

import structlog
from django.db import connections

from outreach.messaging.gateways import (
    Accepted,
    Gateway,
    GatewayAccountTrouble,
    GatewayInDoubt,
    GatewayRefused,
    GatewayRetryable,
    GatewaySenderTrouble,
)
from outreach.messaging.line import Tally

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class HandOver:
    """What a sending thread needs of one claimed message; nothing of it is ever logged."""

    message_id: UUID
    citizen_id: int
    number: str
    body: str
    sender: str
    segments: int = 1
    valid_seconds: int | None = None


@dataclass(frozen=True)
class NotTried:
    """The line closed, or its municipality's sender was refused, before this message's turn: it goes back into the
    queue as if it had never been claimed.
    """

    sender_refused: bool = False


Outcome = Accepted | Exception | NotTried


@dataclass(frozen=True)
class Result:
    """What became of one hand-over."""

    message_id: UUID
    citizen_id: int
    outcome: Outcome


@dataclass
class Batch:
    """Messages of one municipality on their way; `tally` is what the line is told about them."""

    municipality_id: int
    hand_overs: list[HandOver]
    probe: bool = False
    tally: Tally = field(default_factory=Tally)
    results: SimpleQueue[Result] = field(default_factory=SimpleQueue)
    # The sender of this municipality is refused: the rest of its messages is not tried.
    sender_refused: bool = False

    def wait(self) -> list[Result]:
        """All results, in the order they came; blocks until the last."""
        return [self.results.get() for _each in self.hand_overs]


class Pool:
    """Sends each message of each batch once. Every failure becomes a result; none escapes."""

    def __init__(self, gateway: Gateway, threads: int, failures_in_a_row: int) -> None:
        self._gateway = gateway
        self._limit = failures_in_a_row
        self._lock = Lock()
        self._failures = 0
        self._closed = False
        self._waiting: SimpleQueue[tuple[Batch, HandOver] | None] = SimpleQueue()
        self._threads = [Thread(target=self._work, name=f"sms-{number}", daemon=True) for number in range(threads)]
        for thread in self._threads:
            thread.start()

    @property
    def closed(self) -> bool:
        """Whether it has stopped trying: the gateway is down, refuses our account, or asked us to slow down."""
        return self._closed

    def submit(self, batch: Batch) -> None:
        """Let the threads send it."""
        for each in batch.hand_overs:
            self._waiting.put((batch, each))

    def finish(self) -> None:
        """Send nothing more that has not begun, and wait for the threads."""
        self._closed = True
        for _thread in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        try:
            while (job := self._waiting.get()) is not None:
                batch, message = job
                stopped = self._closed or batch.sender_refused
                outcome = NotTried(batch.sender_refused) if stopped else _send(self._gateway, message)
                self._note(batch, outcome)
                batch.results.put(Result(message.message_id, message.citizen_id, outcome))
        finally:
            connections.close_all()  # the console gateway writes to the database from this thread

    def _note(self, batch: Batch, outcome: Outcome) -> None:
        """Count towards the breaker; close at once when going on could only do harm (5xx puts each one in doubt)."""
        tally = batch.tally
        with self._lock:
            if isinstance(outcome, NotTried):
                return
            if isinstance(outcome, GatewayAccountTrouble):
                tally.account = tally.account or (outcome.code, outcome.danish)
                self._closed = True
            elif isinstance(outcome, (GatewayRetryable, GatewayInDoubt)) and outcome.unreachable:
                tally.trailing += 1
                tally.last_failure = outcome.code
                self._failures += 1
                self._closed = self._closed or self._failures >= self._limit
            else:
                tally.answered, tally.trailing, self._failures = tally.answered + 1, 0, 0
                batch.sender_refused = batch.sender_refused or isinstance(outcome, GatewaySenderTrouble)
                if isinstance(outcome, GatewayRetryable):
                    tally.slow, self._closed = True, True
                    tally.retry_after = max(tally.retry_after or 0.0, outcome.retry_after or 0.0)


@contextmanager
def sending_pool(gateway: Gateway, *, threads: int, failures_in_a_row: int) -> Iterator[Pool]:
    """A pool whose threads are gone when the block ends, however it ends."""
    pool = Pool(gateway, threads, failures_in_a_row)
    try:
        yield pool
    finally:
        pool.finish()


def _send(gateway: Gateway, message: HandOver) -> Outcome:
    try:
        return gateway.send(
            reference=message.message_id,
            to=message.number,
            body=message.body,
            sender=message.sender,
            valid_seconds=message.valid_seconds,
        )
    except (GatewayRefused, GatewayRetryable, GatewayAccountTrouble, GatewaySenderTrouble, GatewayInDoubt) as error:
        return error
    except Exception as error:
        # We cannot know how far it got: in doubt, shown to a person, never sent again blindly. The text of the error
        # may hold the number, so only its type is logged.
        log.error("gateway_failed", gateway=gateway.name, message=str(message.message_id), error=type(error).__name__)
        return GatewayInDoubt(type(error).__name__, unreachable=False)
