"""Citizens whose number somebody must look up, the most urgent first (C4)."""

from __future__ import annotations

from django.db.models import Min, Prefetch, Q, QuerySet

from outreach.access.actor import Actor
from registry.models import Citizen, FollowUp, NextStepKind

from ..models import ContactAttempt, ContactKind


def citizens_to_look_up(actor: Actor) -> QuerySet[Citizen]:
    """Each citizen once, with `follow_ups` loaded: only those that wait for a number."""
    waiting = FollowUp.objects.open().filter(next_step_kind=NextStepKind.LOOKUP).select_related("programme")
    open_lookup = Q(follow_ups__status="open", follow_ups__next_step_kind=NextStepKind.LOOKUP)
    return (
        Citizen.objects.visible_to(actor)
        .filter(open_lookup)
        .annotate(deadline=Min("follow_ups__first_contact_due", filter=open_lookup))
        .select_related("lookup_claim__claimed_by")
        .prefetch_related("relatives", Prefetch("follow_ups", queryset=waiting))
        .order_by("deadline", "sort_name", "id")
    )


def tried_before(citizen_ids: list[int]) -> dict[int, ContactAttempt]:
    """The last look-up in vain of each of them who has had one."""
    attempts = ContactAttempt.objects.filter(citizen__in=citizen_ids, kind=ContactKind.LOOKUP, undone_at=None)
    return {each.citizen_id: each for each in attempts.order_by("at", "id")}
