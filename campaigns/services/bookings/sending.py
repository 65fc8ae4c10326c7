"""A request laid at the region's desk, or held until somebody releases a protected citizen to the region (C5, K11)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy

from outreach.access.actor import Actor

from ...booking_rules import answer_expected
from ...models import BookingRequest, BookingState, RouteEnd, RouteTask
from ...sending_window import COPENHAGEN
from .chain_building import add_wished_links
from .routes import end_at_desk, lay_at_desk
from .states import move
from .steps import follow_on

# What the history says of a request that was held back after it had been sent.
PROTECTED_MEANWHILE = gettext_lazy("Borgeren har fået navne- og adressebeskyttelse")


def send(request: BookingRequest, *, by: Actor, now: datetime, replan: bool = True, reason: str = "") -> None:
    """Send a locked request as it is now wished, and plan on from there."""
    lay_out(request, by=by, now=now, reason=reason)
    add_wished_links(request, by=by, now=now)
    follow_on(request, now, replan=replan)


def lay_out(request: BookingRequest, *, by: Actor, now: datetime, reason: str = "") -> None:
    """Lay a locked request at the desk, answered by the next working day; or hold it, and have the desk cancel the time
    it keeps. Saves it.

    C5: what is protected leaves the municipality by a person's release alone, so no way to the desk goes round this.
    """
    if needs_release(request, now):
        move(request, BookingState.HELD, by=by, now=now, reason=reason)
        request.sent_at = request.answer_due = None
        request.save()
        end_at_desk(request, now, because=RouteEnd.HELD_BACK)
        return
    move(request, BookingState.SENT, by=by, now=now, reason=reason)
    request.sent_at, request.answer_due = now, answer_expected(now)
    request.save()
    lay_at_desk(request, RouteTask.BOOK, now)


def needs_release(request: BookingRequest, now: datetime) -> bool:
    """Whether the citizen's name and address are protected today and nobody has released them for this visit (C5)."""
    today = now.astimezone(COPENHAGEN).date()
    return request.released_at is None and request.citizen.is_protected(today)
