"""The one check that a write stays inside the actor's municipalities."""

from django.core.exceptions import PermissionDenied

from outreach.access.actor import Actor

from ..models import Municipality


def require_municipality(by: Actor, municipality: Municipality | int) -> None:
    """Raise PermissionDenied (403) unless the actor works in the municipality (A1)."""
    code = municipality if isinstance(municipality, int) else municipality.pk
    if code not in by.municipality_codes:
        raise PermissionDenied("municipality")
