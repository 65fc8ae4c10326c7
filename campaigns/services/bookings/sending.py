"""A request laid at the region's desk, with the answer that is due and the next step that waits for it (K11)."""

from __future__ import annotations

from datetime import datetime

from outreach.access.actor import Actor

from ...booking_rules import answer_expected
from ...models import BookingRequest, BookingState, RouteTask
from .chain_building import add_wished_links
from .routes import lay_at_desk
from .states import move
from .steps import follow_on


def send(request: BookingRequest, *, by: Actor, now: datetime, replan: bool = True) -> None:
    move(request, BookingState.SENT, by=by, now=now)
    lay_out(request, now)
    add_wished_links(request, by=by, now=now)
    follow_on(request, now, replan=replan)


def lay_out(request: BookingRequest, now: datetime) -> None:
    """Lay a locked request at the desk, answered by the next working day. Saves it."""
    request.sent_at, request.answer_due = now, answer_expected(now)
    request.save()
    lay_at_desk(request, RouteTask.BOOK, now)
