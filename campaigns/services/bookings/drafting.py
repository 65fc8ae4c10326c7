"""A new request and what its visit is for, before it is sent or booked (K11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.errors import UserError
from registry.models import Citizen, CitizenStatus, FollowUp
from registry.services.scope import require_municipality

from ...models import BookingProgramme, BookingRequest, ContactAttempt
from .chain_building import add_wished_links, chain_of
from .states import note_change
from .wishes import Wishes, write_wishes


def new_request(
    by: Actor,
    citizen: Citizen,
    follow_ups: Sequence[FollowUp],
    wishes: Wishes,
    now: datetime,
    attempt: ContactAttempt | None,
) -> BookingRequest | None:
    """A draft for the programmes that have no running request; None when all of them have one."""
    by.require(Permission.REQUEST_BOOKINGS)
    require_municipality(by, citizen.municipality_id)
    if citizen.status != CitizenStatus.ACTIVE:
        raise UserError("citizen_ended", _("Borgeren skal ikke kontaktes mere, så der kan ikke bestilles en tid."))
    if not follow_ups:
        raise UserError("nothing_to_book", _("Vælg, hvilket program tiden gælder."))
    taken = set(BookingProgramme.objects.filter(citizen=citizen, running=True).values_list("programme_id", flat=True))
    wanted = [each for each in follow_ups if each.programme_id not in taken]
    if not wanted:
        return None
    request = BookingRequest(
        municipality_id=citizen.municipality_id,
        citizen=citizen,
        chain=chain_of(by, citizen, now),
        attempt=attempt,
        state_at=now,
        requested_by_id=by.user_id,
        requested_by_name=by.name,
    )
    write_wishes(request, citizen, wishes)
    request.save()
    add_programmes(request, wanted)
    note_change(request, "", by=by, now=now)
    add_wished_links(request, by=by, now=now)
    return request


def add_programmes(request: BookingRequest, follow_ups: Sequence[FollowUp]) -> None:
    """What the visit is for."""
    BookingProgramme.objects.bulk_create(
        BookingProgramme(
            municipality_id=request.municipality_id,
            request=request,
            citizen_id=request.citizen_id,
            programme_id=each.programme_id,
            follow_up=each,
        )
        for each in follow_ups
    )
