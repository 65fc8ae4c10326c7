"""Read the access log, for those whose job it is."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from outreach.access.actor import Actor
from outreach.access.permissions import Permission

from .models import AccessEvent


def events_visible_to(actor: Actor) -> QuerySet[AccessEvent]:
    """The log of the auditor's own municipalities; nothing for anybody else."""
    if not actor.may(Permission.SEE_ACCESS_LOG):
        return AccessEvent.objects.none()
    return AccessEvent.objects.filter(municipality_id__in=actor.municipality_codes)


def narrowed(
    events: QuerySet[AccessEvent],
    *,
    person: str = "",
    action: str = "",
    from_day: date | None = None,
    to_day: date | None = None,
) -> QuerySet[AccessEvent]:
    """The events of a person at work (part of the name), of a kind, within days, both included."""
    if person:
        events = events.filter(actor_name__icontains=person)
    if action:
        events = events.filter(action=action)
    if from_day is not None:
        events = events.filter(at__gte=_start_of(from_day))
    if to_day is not None:
        events = events.filter(at__lt=_start_of(to_day + timedelta(days=1)))
    return events


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
