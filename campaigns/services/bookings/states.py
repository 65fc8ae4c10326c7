"""A request's states: locked in one order, moved by one function, each step a row that stays (K11)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from registry.models import Citizen
from registry.services.scope import require_municipality

from ...booking_rules import RUNNING, require_following
from ...models import BookingChange, BookingRequest, BookingState


def locked_request(request_id: int) -> BookingRequest:
    """The request, locked after its citizen: answers, desk and caseworkers all take the citizen first, so none of them
    waits for another in a ring. Needs the municipality in context. Raises DoesNotExist.
    """
    citizen_id = BookingRequest.objects.values_list("citizen_id", flat=True).get(pk=request_id)
    Citizen.objects.select_for_update().get(pk=citizen_id)
    return (
        BookingRequest.objects.select_for_update(of=("self",))
        .select_related("citizen", "chain", "session__site", "municipality")
        .get(pk=request_id)
    )


def move(
    request: BookingRequest, to: BookingState, *, by: Actor, now: datetime, reason: str = "", programmes: bool = True
) -> None:
    """Take a locked request to another state and save it whole. Raises UserError `booking_moved_on`."""
    came_from = request.state
    require_following(came_from, to)
    request.state, request.state_at = to, now
    request.save()
    if programmes and (came_from in RUNNING) != (to in RUNNING):
        request.programmes.update(running=to in RUNNING)
    note_change(request, came_from, by=by, now=now, reason=reason)


def note_change(request: BookingRequest, came_from: str, *, by: Actor, now: datetime, reason: str = "") -> None:
    """The row of one step, and its line in the access log. The desk's hand signs with the region's name."""
    BookingChange.objects.create(
        municipality_id=request.municipality_id,
        request=request,
        from_state=came_from,
        to_state=request.state,
        at=now,
        by_name=signature(by),
        reason=reason,
        booked_at=request.booked_at,
        place=request.place,
    )
    record(
        by=by,
        action=Action.CHANGE if came_from else Action.ADD,
        subject_kind="citizen",
        subject_id=request.citizen_id,
        municipality_id=request.municipality_id,
        purpose=_("Tidsbestilling på borgerens vegne"),
        detail={"booking": request.pk, "state": request.state},
        at=now,
    )


def signature(by: Actor) -> str:
    """`Tom Krogh, Region Hovedstaden` for the region's people, else the name alone."""
    return f"{by.name}, {by.organisation_name}" if by.region_code is not None else by.name


def own_request(by: Actor, request_id: int) -> BookingRequest:
    """A request of the actor's municipality, locked. Raises PermissionDenied or DoesNotExist."""
    by.require(Permission.REQUEST_BOOKINGS)
    request = locked_request(request_id)
    require_municipality(by, request.municipality_id)
    return request
