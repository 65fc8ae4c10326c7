"""What every SMS gateway offers, and the ways in which a hand-over can fail (S1, S5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID


class NumberFate(StrEnum):
    """What becomes of the telephone number itself."""

    NOTHING = ""
    WRONG = "wrong"  # nobody's any more: the plan looks for another
    LANDLINE = "landline"  # can be called, gets no SMS (C4)
    OPTED_OUT = "opted_out"  # has said STOP to the gateway (S7)


@dataclass(frozen=True)
class Accepted:
    """The gateway has the message, under its own id."""

    gateway_id: str


@dataclass(frozen=True)
class GatewayMessage:
    """A message as the gateway's own list shows it. `body` is never logged or stored from here."""

    gateway_id: str
    to: str
    body: str
    status: str
    error_code: str
    created_at: datetime


class GatewayRefused(Exception):
    """The gateway said no to this message, and has not sent it. `danish`: what the caseworker reads."""

    def __init__(self, code: str, danish: str, fate: NumberFate = NumberFate.NOTHING) -> None:
        super().__init__(code)
        self.code = code
        self.danish = danish
        self.fate = fate


class GatewayRetryable(Exception):
    """Certainly not handed over, so trying again cannot send twice.

    `unreachable`: nobody answered, which counts for the circuit breaker; else the gateway asked to slow down, for
    `retry_after` seconds where it said so.
    """

    def __init__(self, code: str, *, unreachable: bool = True, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.unreachable = unreachable
        self.retry_after = retry_after


class GatewayAccountTrouble(Exception):
    """Not handed over, because of our own account (F17): every other message would fare the same. Stops the line."""

    def __init__(self, code: str, danish: str) -> None:
        super().__init__(code)
        self.code = code
        self.danish = danish


class GatewaySenderTrouble(Exception):
    """Not handed over, because the sender's name or number is refused: the municipality's other messages would fare
    the same, those of other municipalities not. Stops this municipality's only.
    """

    def __init__(self, code: str, danish: str) -> None:
        super().__init__(code)
        self.code = code
        self.danish = danish


class GatewayInDoubt(Exception):
    """The request was written and no answer came: the message may be on its way, so never send it again.

    `unreachable`: the gateway itself is at fault, which counts for the circuit breaker.
    """

    def __init__(self, code: str, *, unreachable: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.unreachable = unreachable


class Gateway(Protocol):
    """Hands one message over. Called outside any transaction, by many threads at once."""

    name: str

    def send(self, *, reference: UUID, to: str, body: str, sender: str, valid_seconds: int | None = None) -> Accepted:
        """Hands `body` over for `to` (E.164), under our own `reference`, shown as coming from `sender`.

        `valid_seconds`: after how long the gateway must drop it unsent. Raises GatewayRefused, GatewayRetryable,
        GatewayAccountTrouble, GatewaySenderTrouble or GatewayInDoubt.
        """
        ...


@runtime_checkable
class TracingGateway(Protocol):
    """A gateway that can be asked what it has sent."""

    name: str

    def sent_between(
        self, *, first: datetime, last: datetime, to: str | None = None, limit: int
    ) -> Iterator[GatewayMessage]:
        """What the gateway took from us in that time (to one number), newest first, at most `limit`.

        Raises GatewayRetryable or GatewayAccountTrouble.
        """
        ...
