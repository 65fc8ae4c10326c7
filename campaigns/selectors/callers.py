"""Who rang: the citizens behind a number or a name, and what has been tried (K10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from outreach.access.actor import Actor
from outreach.messaging.numbers import normalise
from outreach.privacy.sealing import blind_index
from registry.models import Citizen, FollowUp, Relative
from registry.selectors.citizens import by_name, phone_holders

from ..models import ContactAttempt

MOST_NAMED = 12


@dataclass(frozen=True)
class Caller:
    """A citizen behind the number; `relative` when the number is not the citizen's own."""

    citizen: Citizen
    relative: Relative | None
    follow_ups: list[FollowUp]
    attempts: list[ContactAttempt]


def callers_of(actor: Actor, number: str) -> list[Caller]:
    """Everybody the number may belong to, the citizens' own numbers first. The same queries, however many."""
    canonical = normalise(number)
    if canonical is None:
        return []
    callers = _callers(actor, phone_holders(actor, canonical), blind_index("phone", canonical))
    return sorted(callers, key=lambda caller: caller.relative is not None)


def callers_named(actor: Actor, name: str) -> list[Caller]:
    """The first whose name begins so, in Danish order: at most `MOST_NAMED`, and one more if there are others."""
    return _callers(actor, [each.pk for each in by_name(actor, name, MOST_NAMED + 1)], None)


def _callers(actor: Actor, citizen_ids: Iterable[int], index: bytes | None) -> list[Caller]:
    citizens = Citizen.objects.visible_to(actor).filter(pk__in=citizen_ids)
    return [
        _caller(citizen, index)
        for citizen in citizens.select_related("parish")
        .order_by("sort_name", "id")
        .prefetch_related(
            "relatives",
            "phones",
            Prefetch("follow_ups", queryset=FollowUp.objects.select_related("programme")),
            Prefetch(
                "contact_attempts",
                queryset=ContactAttempt.objects.filter(undone_at=None).prefetch_related("answers"),
            ),
        )
    ]


def _caller(citizen: Citizen, index: bytes | None) -> Caller:
    own = any(bytes(phone.number_index) == index for phone in citizen.phones.all())
    relatives = (each for each in citizen.relatives.all() if each.phone_index and bytes(each.phone_index) == index)
    return Caller(
        citizen=citizen,
        relative=None if own or index is None else next(relatives, None),
        follow_ups=list(citizen.follow_ups.all()),
        attempts=list(citizen.contact_attempts.all()),
    )
