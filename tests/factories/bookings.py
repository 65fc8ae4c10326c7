"""Requests, desks and answers of booking on behalf, for tests: Ishøj asks, the Capital Region's desk answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

from campaigns.models import BookingRequest, ContactPoint
from campaigns.services.bookings import Wishes, desk, request_booking
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import FollowUp

from .cast import actor_with_role
from .contact_pages import NOW, citizen, follow_up, phone
from .geography import ISHOEJ

# Monday 26 April 2021, 14.00 in Copenhagen.
BOOKED_AT = datetime(2021, 4, 26, 12, tzinfo=UTC)
PLACE = "Vaccinationscenter Ishøj, Industrivangen 2"


def caseworker(username: str = "mette") -> Actor:
    """A caseworker of Ishøj with a user behind them."""
    return actor_with_role(Role.CASEWORKER, username=username)


def desk_hand(username: str = "tom", code: int | None = None) -> Actor:
    """Somebody at the region's booking desk."""
    return actor_with_role(Role.REGION_BOOKING_DESK, code, username=username)


def booker(name: str = "Aase Birthe Mikkelsen", mobile: bool = True, **changes: Any) -> FollowUp:
    """An open follow-up of a citizen of Ishøj who wants help with booking; with a mobile unless said otherwise."""
    owner = citizen(name, **changes)
    if mobile:
        phone(owner, f"+45201{owner.pk % 100_000:05d}")
    return follow_up(owner)


def contact_point() -> None:
    """The number that receipts name."""
    ContactPoint.objects.get_or_create(municipality_id=ISHOEJ, defaults={"phone": "43 57 75 75"})


def asked(by: Actor, wanted: FollowUp, wishes: Wishes | None = None, now: datetime = NOW) -> BookingRequest:
    """The municipality asks. Needs no open context."""
    with data_context(by):
        return request_booking(by=by, citizen=wanted.citizen, follow_ups=[wanted], wishes=wishes or Wishes(), now=now)


def taken(hand: Actor, request: BookingRequest, now: datetime = NOW + timedelta(minutes=5)) -> None:
    """The desk takes the request."""
    with data_context(hand):
        desk.claim(by=hand, request_id=request.pk, now=now)


def confirmed(
    hand: Actor,
    request: BookingRequest,
    *,
    booked_at: datetime = BOOKED_AT,
    now: datetime = NOW + timedelta(minutes=10),
    **values: Any,
) -> BookingRequest:
    """The desk takes the request and gives a time."""
    taken(hand, request, now)
    with data_context(hand):
        return desk.confirm(by=hand, request_id=request.pk, booked_at=booked_at, now=now, **{"place": PLACE} | values)
