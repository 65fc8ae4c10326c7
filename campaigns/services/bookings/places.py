"""The time and place of a request; a place at a pop-up session is held exactly as long as the time stands (K11)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from popup_sites.models import VaccinationSession
from popup_sites.services.places import free_place, reserve_place

from ...booking_rules import check_booked_time
from ...models import BookingRequest

PLACE_LIMIT = 200


def set_time(
    request: BookingRequest,
    *,
    booked_at: datetime,
    place: str,
    session: VaccinationSession | None,
    vaccine: str,
    by: Actor,
    now: datetime,
) -> None:
    """Write time and place on a locked request, not saved yet, and hold the session's place if there is one.

    Raises UserError: `booked_in_past`, `booked_too_far`, `booked_too_early`, `booked_place`, `booked_outside_hours`,
    `session_full`, `session_closed`.
    """
    check_booked_time(booked_at, now, request.not_before)
    if session is not None:
        if not session.starts_at <= booked_at < session.ends_at:
            raise UserError("booked_outside_hours", _("Pop-up-stedet har ikke åbent på det tidspunkt. Ret det."))
        place = f"{session.site.name}, {session.site.address}"
    place = " ".join(place.split())
    if not place or len(place) > PLACE_LIMIT:
        raise UserError("booked_place", _("Skriv stedet, så borgeren kan finde det: navn og adresse, højst 200 tegn."))
    if not (request.holds_place and session is not None and request.session_id == session.pk):
        let_go(request, by=by, now=now)
        if session is not None:
            reserve_place(by=by, session=session, now=now)
            request.holds_place = True
    request.session = session
    request.booked_at, request.place = booked_at, place
    request.vaccine = session.vaccine if session is not None else vaccine.strip()[:60]


def let_go(request: BookingRequest, *, by: Actor, now: datetime) -> bool:
    """Give the session's place back, if one is held; return whether. Not saved yet."""
    if not request.holds_place or request.session is None:
        return False
    free_place(by=by, session=request.session, now=now)
    request.holds_place = False
    return True


def forget_time(request: BookingRequest, *, by: Actor, now: datetime) -> None:
    """No time any more: the place is free again. Not saved yet; the rows of its steps keep what it was."""
    let_go(request, by=by, now=now)
    request.session = None
    request.booked_at, request.place, request.vaccine = None, "", ""
