"""A protected citizen is shown to the region's desk for one visit, because somebody decided so and said why (C5)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ...booking_rules import WITH_REGION, moved_on
from ...models import BookingRequest, BookingState
from .sending import needs_release, send
from .states import note_change, own_request

REASON_LIMIT = 300
# Where the region looks for a time, or will once it may.
RELEASABLE = frozenset({BookingState.HELD, *WITH_REGION})


@transaction.atomic
def release_to_region(*, by: Actor, request_id: int, reason: str, now: datetime) -> BookingRequest:
    """Let the region see the citizen for this one visit; a request that was held goes to the desk. Again: no effect.

    Raises UserError `release_no_reason`, `release_too_long`, and `booking_moved_on` where nobody looks for a time.
    """
    request = own_request(by, request_id)
    if request.state not in RELEASABLE:
        raise moved_on(request.state)
    if needs_release(request, now):
        release_locked(request, by=by, reason=reason, now=now)
    return request


def release_locked(request: BookingRequest, *, by: Actor, reason: str, now: datetime) -> None:
    """Release a locked request that is held or with the region. Raises as `write_release`."""
    write_release(request, by=by, reason=reason, now=now)
    if request.state == BookingState.HELD:
        send(request, by=by, now=now, reason=released_words(request))
    else:
        request.save()
        note_change(request, request.state, by=by, now=now, reason=released_words(request))


def write_release(request: BookingRequest, *, by: Actor, reason: str, now: datetime) -> None:
    """Note on a locked request, not saved yet, that it is released and why; logged as an export of the citizen's data.

    Raises UserError `release_no_reason`, `release_too_long`.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise UserError("release_no_reason", _("Skriv, hvorfor regionen må få borgerens oplysninger."))
    if len(reason) > REASON_LIMIT:
        raise UserError("release_too_long", _("Begrundelsen må højst fylde 300 tegn. Forkort den."))
    request.release_reason, request.released_at, request.released_by_name = reason, now, by.name
    record(
        by=by,
        action=Action.EXPORT,
        subject_kind="citizen",
        subject_id=request.citizen_id,
        municipality_id=request.municipality_id,
        purpose=_("Beskyttede oplysninger frigivet til regionens bookingvagt"),
        detail={"booking": request.pk},
        at=now,
    )


def released_words(request: BookingRequest) -> str:
    """`Frigivet til regionen: Borgeren har selv bedt om en tid`, for the request's own history."""
    return _("Frigivet til regionen: %(reason)s") % {"reason": request.release_reason}
