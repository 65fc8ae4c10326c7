"""Callers, citizens in bulk and gateways that misbehave, for tests of the contact services."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from campaigns.models import ContactPoint, SmsMessage
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.messaging.gateways import Accepted
from registry.models import Citizen, FollowUp, NextStepKind

from .cast import actor_with_role
from .contact_pages import citizen, follow_up, phone, records
from .geography import ISHOEJ

# Tuesday 20 April 2021, 11.20 in Copenhagen.
NOW = datetime(2021, 4, 20, 9, 20, tzinfo=UTC)


def caller(username: str = "ringer", languages: list[str] | None = None, role: Role = Role.CASEWORKER) -> Actor:
    """Somebody who calls for Ishøj, speaking these languages beside Danish."""
    actor = actor_with_role(role, username=username)
    if languages is None:
        return actor
    return replace(actor, languages=tuple(languages))


def contact_point() -> ContactPoint:
    """The number that Ishøj's messages name."""
    return ContactPoint.objects.create(municipality_id=ISHOEJ, phone="43 57 75 75", sms_sender="Ishoj")


def fresh(name: str = "Aase Birthe Mikkelsen", programme: str = "covid-19", **changes: Any) -> FollowUp:
    """A follow-up just opened by a list, not planned yet; the citizen has a mobile."""
    owner = citizen(name)
    phone(owner, f"+45201{owner.pk % 100_000:05d}")
    return unplanned(owner, programme, **changes)


def unplanned(owner: Citizen, programme: str = "covid-19", **changes: Any) -> FollowUp:
    """A follow-up as the commit of a list leaves it."""
    values: dict[str, Any] = {
        "opened_at": NOW,
        "next_step_kind": NextStepKind.WAIT,
        "next_step_at": NOW,
        "next_step_reason": "to_be_planned",
    }
    return follow_up(owner, programme, **values | changes)


def step(each: FollowUp) -> tuple[str, str]:
    """Kind and reason as they stand in the database."""
    each.refresh_from_db()
    return each.next_step_kind, each.next_step_reason


def statuses() -> dict[str, int]:
    """Messages by status."""
    with records():
        found: dict[str, int] = {}
        for status in SmsMessage.objects.values_list("status", flat=True):
            found[status] = found.get(status, 0) + 1
        return found


class CountingGateway:
    """Counts the hand-overs of each reference; `behave` may raise for one."""

    name = "counting"

    def __init__(self, behave: Callable[[UUID, str], None] | None = None) -> None:
        self.sent: dict[UUID, int] = {}
        self.texts: list[str] = []
        self._behave = behave
        self._lock = threading.Lock()

    def send(self, *, reference: UUID, to: str, body: str, sender: str, valid_seconds: int | None = None) -> Accepted:
        with self._lock:
            self.sent[reference] = self.sent.get(reference, 0) + 1
            self.texts.append(body)
        if self._behave is not None:
            self._behave(reference, to)
        return Accepted(gateway_id=f"fake-{reference}")


def in_context(actor: Actor, work: Callable[[], Any]) -> Any:
    """Run something in the actor's data context."""
    with data_context(actor):
        return work()
