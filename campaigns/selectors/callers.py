"""Who rang: the citizens behind a number, and what has been tried (K10)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from outreach.access.actor import Actor
from outreach.messaging.numbers import normalise
from outreach.privacy.sealing import blind_index
from registry.models import Citizen, FollowUp, Relative
from registry.selectors.citizens import by_phone

from ..models import ContactAttempt


@dataclass(frozen=True)
class Caller:
    """A citizen behind the number; `relative` when the number is not the citizen's own."""

    citizen: Citizen
    relative: Relative | None
    follow_ups: list[FollowUp]
    attempts: list[ContactAttempt]


def callers_of(actor: Actor, number: str) -> list[Caller]:
    """Everybody the number may belong to, the citizens' own numbers first. Four queries, however many."""
    canonical = normalise(number)
    if canonical is None:
        return []
    index = blind_index("phone", canonical)
    found = [each.pk for each in by_phone(actor, canonical)]
    citizens = (
        Citizen.objects.visible_to(actor).filter(pk__in=found).select_related("parish").order_by("sort_name", "id")
    )
    callers = [
        _caller(citizen, index)
        for citizen in citizens.prefetch_related(
            "relatives",
            "phones",
            Prefetch("follow_ups", queryset=FollowUp.objects.select_related("programme")),
            Prefetch(
                "contact_attempts",
                queryset=ContactAttempt.objects.filter(undone_at=None).prefetch_related("answers"),
            ),
        )
    ]
    return sorted(callers, key=lambda caller: caller.relative is not None)


def _caller(citizen: Citizen, index: bytes) -> Caller:
    own = any(bytes(phone.number_index) == index for phone in citizen.phones.all())
    relatives = (each for each in citizen.relatives.all() if each.phone_index and bytes(each.phone_index) == index)
    return Caller(
        citizen=citizen,
        relative=None if own else next(relatives, None),
        follow_ups=list(citizen.follow_ups.all()),
        attempts=list(citizen.contact_attempts.all()),
    )
