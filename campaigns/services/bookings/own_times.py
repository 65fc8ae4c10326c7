"""Times the municipality booked itself (K6): no desk is asked, and none is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from popup_sites.models import VaccinationSession
from registry.models import Citizen, FollowUp

from ...models import BookingRequest, BookingState, ContactAttempt, ToldHow
from ..guardians import guardian_gate
from .drafting import new_request
from .outcomes import settle
from .places import set_time
from .states import move, own_request
from .steps import follow_on
from .wishes import Wishes


@transaction.atomic
def book_own(
    *,
    by: Actor,
    citizen: Citizen,
    follow_ups: Sequence[FollowUp],
    booked_at: datetime,
    place: str,
    now: datetime,
    session: VaccinationSession | None = None,
    vaccine: str = "",
    wishes: Wishes | None = None,
    attempt: ContactAttempt | None = None,
    told: bool = False,
    replan: bool = True,
) -> BookingRequest:
    """Write down a time that the municipality booked itself (K6 booked on behalf). No desk is asked.

    `told`: the citizen heard it while it was booked, so that nobody has to call; the receipt goes all the same.
    Raises UserError as `set_time` does, `nothing_to_book`, and `guardian_not_informed` (K8).
    """
    if sentence := guardian_gate(citizen):
        raise UserError("guardian_not_informed", sentence)
    Citizen.objects.select_for_update().get(pk=citizen.pk)
    request = new_request(by, citizen, follow_ups, wishes or Wishes(), now, attempt)
    if request is None:
        raise UserError("already_booked", _("Borgeren har allerede et bookingønske eller en tid. Ret det i stedet."))
    request.own = True
    set_time(request, booked_at=booked_at, place=place, session=session, vaccine=vaccine, by=by, now=now)
    move(request, BookingState.CONFIRMED, by=by, now=now)
    settle(request, by=by, now=now, steps=not told, replan=replan)
    if told and request.told_at is None:
        request.told_at, request.told_how, request.told_by_name = now, ToldHow.CALL, by.name
        request.save(update_fields=["told_at", "told_how", "told_by_name"])
    if told:
        follow_on(request, now, replan=replan)
    return request


@transaction.atomic
def move_own(
    *,
    by: Actor,
    request_id: int,
    booked_at: datetime,
    place: str,
    now: datetime,
    session: VaccinationSession | None = None,
    vaccine: str = "",
) -> BookingRequest:
    """Another time for a booking the municipality made itself."""
    request = own_request(by, request_id)
    if not request.own:
        raise UserError("desk_booking", _("Regionen har bestilt tiden. Bed regionen om en anden tid i stedet."))
    old = request.booked_at
    set_time(request, booked_at=booked_at, place=place, session=session, vaccine=vaccine, by=by, now=now)
    move(request, BookingState.CONFIRMED, by=by, now=now)
    settle(request, by=by, now=now, old_time=old)
    return request
