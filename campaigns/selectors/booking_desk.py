"""The desk's queue without personal data, and the one request it has taken with what it needs to know (K11)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import F, Q, QuerySet

from outreach.access.actor import Actor
from outreach.access.data_context import opened_by_route
from popup_sites.models import SessionStatus, VaccinationSession

from ..models import BookingChange, BookingRequest, BookingRoute, BookingState, ContactPoint


def queue(actor: Actor) -> QuerySet[BookingRoute]:
    """What waits at the desk, the earliest due first."""
    routes = BookingRoute.objects.visible_to(actor).open()
    return routes.select_related("municipality", "claimed_by").order_by("answer_due", "opened_at", "pk")


def answered_lately(actor: Actor, since: datetime) -> QuerySet[BookingRoute]:
    """What the desk's hand answered since that moment, the last first."""
    routes = BookingRoute.objects.visible_to(actor).filter(answered_by=actor.user_id, closed_at__gte=since)
    return routes.select_related("municipality").order_by("-closed_at")


def fallen_away(actor: Actor, since: datetime) -> QuerySet[BookingRoute]:
    """What the municipality has taken back since that moment before anybody answered it, the last first."""
    routes = BookingRoute.objects.visible_to(actor).filter(answered_by=None, closed_at__gte=since)
    return routes.select_related("municipality").order_by("-closed_at", "-pk")


def time_given_before(request: BookingRequest, now: datetime) -> BookingChange | None:
    """The time ahead that the region keeps in its own system though it stands no longer (K11)."""
    if request.booked_at is not None or request.kept_at is None or request.kept_at <= now:
        return None
    given = request.changes.filter(
        to_state__in=[BookingState.CONFIRMED, BookingState.PROPOSED], booked_at=request.kept_at
    )
    return given.order_by("-id").first()


def contact_phone(municipality_id: int) -> str:
    """The number the municipality answers, as people read it; empty when it has given none."""
    point = ContactPoint.objects.filter(municipality=municipality_id).first()
    return point.phone if point is not None else ""


@contextmanager
def request_of(route: BookingRoute) -> Iterator[BookingRequest]:
    """The request behind a route of the actor's own, its municipality open as long as the block lasts."""
    with opened_by_route(route.municipality_id):
        yield (
            BookingRequest.objects.select_related("citizen", "municipality", "wanted_session__site", "session__site")
            .prefetch_related("programmes__programme")
            .get(pk=route.pk)
        )


def sessions_for_desk(actor: Actor, now: datetime, keep: int | None = None) -> QuerySet[VaccinationSession]:
    """The region's published sessions with free places, soonest first; `keep` stays among them."""
    free = Q(status=SessionStatus.PUBLISHED, ends_at__gt=now, reserved__lt=F("capacity"))
    sessions = VaccinationSession.objects.visible_to(actor).filter(free | Q(pk=keep))
    return sessions.select_related("site").order_by("starts_at", "id")
