"""What an answer would lead to: it is recorded, looked at and taken back, so the words cannot be wrong (K5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from outreach.access.actor import Actor
from outreach.errors import UserError
from registry.models import Citizen, FollowUp

from ...models import ContactAttempt
from .recording import record_call
from .said import Contact, MemberSaid, Said


@dataclass(frozen=True)
class LedTo:
    """The answered follow-ups as they would stand: the citizen's, then each household member's.

    `problem` says instead why the answer cannot be saved as it is.
    """

    follow_ups: list[FollowUp]
    problem: str = ""


class _TakenBack(Exception):
    """The way out of the transaction."""


def leads_to(
    *,
    by: Actor,
    citizen: Citizen,
    said: Mapping[int, Said],
    contact: Contact,
    members: Sequence[MemberSaid],
    now: datetime,
) -> LedTo:
    """Record the call, read the next steps after planning, and roll all of it back. Nothing is left behind."""

    def record() -> ContactAttempt:
        return record_call(by=by, citizen=citizen, said=said, contact=contact, members=members, now=now)

    return taken_back(record, citizen)


def taken_back(record: Callable[[], ContactAttempt], citizen: Citizen) -> LedTo:
    """What `record` would lead to: it is called in a transaction that is rolled back."""
    shown: list[FollowUp] = []
    try:
        with transaction.atomic():
            shown = _answered(record())
            raise _TakenBack
    except _TakenBack:
        citizen.refresh_from_db()  # what the answer had changed on it is gone again
        return LedTo(shown)
    except UserError as problem:
        return LedTo([], problem.message)


def _answered(attempt: ContactAttempt) -> list[FollowUp]:
    """Read before the rows are rolled back: the citizen's own first."""
    attempts = [attempt.pk, *(attempt.before or {}).get("also", [])]
    rows = FollowUp.objects.filter(answers__attempt__in=attempts).select_related("programme", "citizen")
    return sorted(rows, key=lambda each: (each.citizen_id != attempt.citizen_id, each.citizen_id, each.programme.name))
