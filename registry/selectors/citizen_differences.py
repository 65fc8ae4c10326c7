"""What waits for a choice between a file and a hand-made edit."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from outreach.access.actor import Actor

from ..models import Citizen, CitizenDifference, DifferenceState


def open_differences(actor: Actor) -> QuerySet[CitizenDifference]:
    """Open ones of citizens the actor may see, by field and name."""
    return (
        CitizenDifference.objects.filter(state=DifferenceState.OPEN, citizen__in=Citizen.objects.visible_to(actor))
        .select_related("citizen", "citizen_import", "other_citizen")
        .order_by("field", "citizen__sort_name", "id")
    )


def open_by_field(actor: Actor) -> dict[str, int]:
    """How many wait, by field."""
    counted = open_differences(actor).order_by().values_list("field").annotate(Count("pk"))
    return dict(counted)
