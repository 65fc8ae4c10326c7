"""Read the access log, for those whose job it is."""

from django.db.models import QuerySet

from outreach.access.actor import Actor
from outreach.access.permissions import Permission

from .models import AccessEvent


def events_visible_to(actor: Actor) -> QuerySet[AccessEvent]:
    """The log of the auditor's own municipalities; nothing for anybody else."""
    if not actor.may(Permission.SEE_ACCESS_LOG):
        return AccessEvent.objects.none()
    return AccessEvent.objects.filter(municipality_id__in=actor.municipality_codes)
