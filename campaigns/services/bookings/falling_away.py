"""Requests and chains of a citizen who is gone: ended at once, and the region told no more than that (C3, K11, K14).

Of one who moved only what the municipality itself does for the visit.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from registry.models import Citizen

from ...booking_rules import RUNNING, SETTLED
from ...models import (
    BookingRequest,
    BookingState,
    CareChain,
    ChainEvent,
    LinkState,
    RouteEnd,
)
from ...selectors.gone_citizens import OWN_WORK, own_links
from .chain_building import end_if_nothing_is_ahead, note_event
from .notices import cancel_ride_receipts
from .outcomes import settle
from .routes import end_at_desk
from .states import locked_request, move


def end_bookings(citizen: Citizen, *, by: Actor, now: datetime) -> int:
    """End the running requests of a locked citizen who is gone, then their chain; return how many requests.

    The region is told that the request fell away; a time it holds in its own system it is asked to cancel.
    """
    running = BookingRequest.objects.filter(citizen=citizen, state__in=list(RUNNING)).order_by("id")
    ids = list(running.values_list("pk", flat=True))
    for request_id in ids:
        _end_request(locked_request(request_id), by=by, now=now)
    for chain in CareChain.objects.open().select_for_update().filter(citizen=citizen):
        _end_chain(chain, by=by, now=now)
    return len(ids)


def end_own_arrangements(citizen: Citizen, *, by: Actor, now: datetime) -> int:
    """Of a locked citizen who moved: withdraw what never reached the region, and end rides, helpers and the like.

    What is agreed with people is flagged: a caseworker calls it off and tells the citizen. Times and requests with the
    region stand. Returns how many requests were withdrawn.
    """
    ids = BookingRequest.objects.filter(citizen=citizen, state__in=list(OWN_WORK)).order_by("id")
    keys = list(ids.values_list("pk", flat=True))
    for request_id in keys:
        _end_request(locked_request(request_id), by=by, now=now)
    for link in own_links(now).select_for_update(of=("self",)).filter(chain__citizen=citizen).order_by("id"):
        agreed = link.state == LinkState.AGREED
        link.state = LinkState.AGAIN if agreed else LinkState.CANCELLED
        link.agreed_for, link.updated_at = link.at if agreed else None, now
        link.save(update_fields=["state", "agreed_for", "updated_at"])
        cancel_ride_receipts(link.request, now=now)
        event = ChainEvent.FLAGGED if agreed else ChainEvent.CANCELLED
        note_event(link.chain, event, by=by, now=now, link_kind=link.kind)
    for chain in CareChain.objects.open().select_for_update().filter(citizen=citizen):
        end_if_nothing_is_ahead(chain, by=by, now=now)
    return len(keys)


def _end_request(request: BookingRequest, *, by: Actor, now: datetime) -> None:
    confirmed = request.state == BookingState.CONFIRMED
    to = BookingState.CANCELLED if confirmed else BookingState.WITHDRAWN
    move(request, to, by=by, now=now, reason=_("Borgeren er ikke længere omfattet af kommunens opfølgning"))
    end_at_desk(request, now, because=RouteEnd.NOT_FOLLOWED)
    settle(request, by=by, now=now, old_time=request.booked_at, steps=False)


def _end_chain(chain: CareChain, *, by: Actor, now: datetime) -> None:
    """What hangs on earlier visits and was still to be agreed is needed no more either."""
    for link in chain.links.select_for_update().exclude(state__in=list(SETTLED)):
        link.state, link.updated_at = LinkState.CANCELLED, now
        link.save(update_fields=["state", "updated_at"])
        note_event(chain, ChainEvent.CANCELLED, by=by, now=now, link_kind=link.kind)
    end_if_nothing_is_ahead(chain, by=by, now=now)
