"""One search box: what was typed decides whether it is a CPR number, a phone number or a name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Prefetch, prefetch_related_objects

from outreach.access.actor import Actor
from outreach.messaging.numbers import normalise
from registry.models import Citizen, FollowUp
from registry.selectors.citizens import by_cpr, by_name, by_phone

LIMIT = 50
CPR_LENGTHS = (9, 10)  # nine digits: a leading zero that a spreadsheet lost (C2)


class Criterion(StrEnum):
    """What somebody searched by; the only thing about a search that is logged (A3)."""

    CPR = "cpr"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True)
class SearchResult:
    """At most `LIMIT` citizens; `more` when there are others."""

    criterion: Criterion
    citizens: list[Citizen]
    more: bool


def criterion_of(text: str) -> Criterion:
    """Nine or ten digits, or an eCPR, are a CPR number; other digits a phone number; the rest a name. Pure."""
    compact = "".join(text.split()).replace("-", "")
    is_ecpr = len(compact) == 10 and compact[:6].isdigit() and compact.isalnum()
    if is_ecpr or (len(compact) in CPR_LENGTHS and compact.isdigit()):
        return Criterion.CPR
    if normalise(text) is not None or compact.lstrip("+").isdigit():
        return Criterion.PHONE
    return Criterion.NAME


def search_citizens(actor: Actor, text: str) -> SearchResult:
    """Citizens the actor may see, with their follow-ups; by name in Danish order."""
    criterion = criterion_of(text)
    if criterion == Criterion.CPR:
        found = by_cpr(actor, text)
        return SearchResult(criterion, _with_follow_ups([found] if found else []), more=False)
    if criterion == Criterion.PHONE:
        return SearchResult(criterion, _with_follow_ups(by_phone(actor, text)[:LIMIT]), more=False)
    named = by_name(actor, text, LIMIT + 1)
    return SearchResult(criterion, _with_follow_ups(named[:LIMIT]), more=len(named) > LIMIT)


def _with_follow_ups(citizens: list[Citizen]) -> list[Citizen]:
    follow_ups = Prefetch("follow_ups", queryset=FollowUp.objects.select_related("programme"))
    prefetch_related_objects(citizens, "parish", follow_ups)
    return citizens
