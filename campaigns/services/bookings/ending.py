"""A request withdrawn or a time cancelled (K11); what the region holds for the citizen is handed back to it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError

from ...models import BookingRequest, BookingState, ContactAttempt
from .outcomes import settle
from .routes import end_at_desk
from .states import locked_request, move, own_request


@transaction.atomic
def withdraw(*, by: Actor, request_id: int, now: datetime, reason: str = "") -> BookingRequest:
    """The citizen needs no time from the region any more. A time the region holds is handed back to it."""
    request = own_request(by, request_id)
    _end(request, BookingState.WITHDRAWN, by=by, now=now, reason=reason)
    return request


@transaction.atomic
def withdraw_for_attempt(*, by: Actor, attempt: ContactAttempt, now: datetime) -> int:
    """The answer that asked is undone: withdraw what it asked for; return how many. The caller plans.

    Raises UserError `booking_taken` when the desk is at work already: then the answer stays, and the request is
    withdrawn on its page.
    """
    ids = BookingRequest.objects.filter(attempt=attempt).values_list("pk", flat=True)
    withdrawn = 0
    for request_id in list(ids):
        request = locked_request(request_id)
        if request.state == BookingState.WITHDRAWN or (request.own and request.state == BookingState.CANCELLED):
            continue
        if request.own and request.state == BookingState.CONFIRMED:
            forget_booking(request, BookingState.CANCELLED, by=by, now=now, reason=_("Svaret blev fortrudt"))
        elif request.state in (BookingState.SENT, BookingState.HELD):
            forget_booking(request, BookingState.WITHDRAWN, by=by, now=now, reason=_("Svaret blev fortrudt"))
        else:
            raise desk_at_work()
        withdrawn += 1
    return withdrawn


def desk_at_work() -> UserError:
    """What an answer asked for cannot be undone with it any more."""
    return UserError(
        "booking_taken",
        _("Regionens bookingvagt er gået i gang med ønsket. Træk det tilbage under Bookingønsker i stedet."),
    )


@transaction.atomic
def cancel(*, by: Actor, request_id: int, now: datetime, reason: str = "") -> BookingRequest:
    """A confirmed time is not needed. The region is told, unless the place was one of our own sessions'."""
    request = own_request(by, request_id)
    _end(request, BookingState.CANCELLED, by=by, now=now, reason=reason)
    return request


def forget_booking(request: BookingRequest, to: BookingState, *, by: Actor, now: datetime, reason: str) -> None:
    """End a locked request without touching the follow-ups' steps: the caller puts those back itself."""
    _end(request, to, by=by, now=now, reason=reason, steps=False)


def _end(
    request: BookingRequest, to: BookingState, *, by: Actor, now: datetime, reason: str, steps: bool = True
) -> None:
    move(request, to, by=by, now=now, reason=reason)
    end_at_desk(request, now)
    settle(request, by=by, now=now, old_time=request.booked_at, steps=steps)
