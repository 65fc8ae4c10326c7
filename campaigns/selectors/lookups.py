"""Follow-ups that wait for a telephone number (C4)."""

from __future__ import annotations

from django.db.models import QuerySet

from outreach.access.actor import Actor
from registry.models import FollowUp, NextStepKind


def waiting(actor: Actor) -> QuerySet[FollowUp]:
    """Open follow-ups whose next step is a look-up, those with the nearest deadline first; citizen loaded."""
    return (
        FollowUp.objects.visible_to(actor)
        .filter(status="open", next_step_kind=NextStepKind.LOOKUP)
        .select_related("citizen", "programme")
        .order_by("first_contact_due", "citizen__sort_name", "id")
    )
