"""What follows a request's new answer: the citizen is told, the chain moves, the next step is set (K11, K14)."""

from __future__ import annotations

from datetime import datetime

from outreach.access.actor import Actor

from ...models import BookingRequest, BookingState, ChainEvent, LinkKind, LinkState
from .chain_building import booking_moved, end_if_nothing_is_ahead, note_event
from .notices import CANCELLED, CHANGED, CONFIRMED, cancel_waiting, has_heard, send_receipt
from .places import let_go
from .steps import follow_on


def settle(
    request: BookingRequest,
    *,
    by: Actor,
    now: datetime,
    old_time: datetime | None = None,
    steps: bool = True,
    replan: bool = True,
) -> None:
    """After a move of a locked request: tell, move the chain, plan on. `old_time` is the time that stood before.

    With `steps` false the follow-ups are left as they are, with `replan` false the caller plans.
    """
    _tell(request, now)
    if request.state in (BookingState.WITHDRAWN, BookingState.CANCELLED):
        let_go(request, by=by, now=now)
    request.save()
    _move_chain(request, by=by, now=now, had_time=old_time is not None)
    if steps:
        follow_on(request, now, replan=replan)
    end_if_nothing_is_ahead(request.chain, by=by, now=now)


def _tell(request: BookingRequest, now: datetime) -> None:
    last_change = request.changes.order_by("-id").values_list("pk", flat=True).first()
    key = f"{request.state}:{last_change}"
    if request.state == BookingState.CONFIRMED:
        send_receipt(request, CHANGED if _had_another(request) else CONFIRMED, key=key, now=now)
    elif request.state == BookingState.CANCELLED and has_heard(request):
        send_receipt(request, CANCELLED, key=key, now=now)
    elif request.state == BookingState.PROPOSED or request.state == BookingState.REFUSED:
        request.told_at, request.told_how, request.told_by_name, request.receipt = None, "", "", None
    else:
        cancel_waiting(request, now=now, reason="booking_moved")


def _had_another(request: BookingRequest) -> bool:
    """Whether the citizen knows an earlier time that this one replaces."""
    times = request.changes.filter(to_state=BookingState.CONFIRMED).values_list("booked_at", flat=True)
    return any(time != request.booked_at for time in times) and has_heard(request)


def _move_chain(request: BookingRequest, *, by: Actor, now: datetime, had_time: bool) -> None:
    """A proposal moves nothing: nobody has said yes to it."""
    if request.state == BookingState.CONFIRMED:
        booking_moved(request, by=by, now=now)
    elif request.state in (BookingState.CANCELLED, BookingState.WITHDRAWN):
        kept, request.booked_at = request.booked_at, None
        booking_moved(request, by=by, now=now)
        request.booked_at = kept
    elif request.state in (BookingState.SENT, BookingState.HELD) and had_time:
        _flag_agreed(request, by=by, now=now)


def _flag_agreed(request: BookingRequest, *, by: Actor, now: datetime) -> None:
    """The time is off and the next one not known: what was agreed for it must be agreed again."""
    for link in request.links.select_for_update().filter(state=LinkState.AGREED).exclude(kind=LinkKind.SECOND_DOSE):
        link.state, link.agreed_for, link.updated_at = LinkState.AGAIN, link.at, now
        link.save(update_fields=["state", "agreed_for", "updated_at"])
        note_event(request.chain, ChainEvent.FLAGGED, by=by, now=now, link_kind=link.kind)
