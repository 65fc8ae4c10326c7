"""What waits for a choice between a file and a hand-made edit."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from outreach.access.actor import Actor

from ..models import Citizen, CitizenDifference, DifferenceState, EditedField


def open_differences(actor: Actor) -> QuerySet[CitizenDifference]:
    """Open ones of citizens the actor may see, by field and name."""
    return (
        CitizenDifference.objects.filter(state=DifferenceState.OPEN, citizen__in=Citizen.objects.visible_to(actor))
        .select_related("citizen", "citizen_import", "other_citizen")
        .prefetch_related("citizen__relatives")
        .order_by("field", "citizen__sort_name", "id")
    )


def open_fields_of(actor: Actor, citizen: Citizen) -> list[str]:
    """What files say otherwise of one citizen, as the page names it."""
    found = open_differences(actor).filter(citizen=citizen).values_list("field", flat=True)
    return [str(EditedField(field).label) for field in found]


def open_by_field(actor: Actor) -> dict[str, int]:
    """How many wait, by field."""
    counted = open_differences(actor).order_by().values_list("field").annotate(Count("pk"))
    return dict(counted)
