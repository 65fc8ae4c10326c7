"""What every SMS gateway offers, and the three ways in which a hand-over can fail (S1, S5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Accepted:
    """The gateway has the message, under its own id."""

    gateway_id: str


class GatewayRefused(Exception):
    """The gateway said no. `permanent`: the number will never do; `danish`: what the caseworker reads."""

    def __init__(self, code: str, permanent: bool, danish: str) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.danish = danish


class GatewayRetryable(Exception):
    """Certainly not handed over (no connection, 429): trying again cannot send twice."""


class GatewayInDoubt(Exception):
    """The request was written and no answer came: the message may be on its way, so never send it again."""


class Gateway(Protocol):
    """Hands one message over. Called outside any transaction."""

    name: str

    def send(self, *, reference: UUID, to: str, body: str, sender: str) -> Accepted:
        """Hands `body` over for `to` (E.164), under our own `reference`, shown as coming from `sender`.

        Raises GatewayRefused, GatewayRetryable or GatewayInDoubt.
        """
        ...
