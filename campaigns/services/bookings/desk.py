"""The region's booking desk (K11): takes one request at a time, answers it, and loses sight of the citizen.

Each function opens the request's municipality by its route, for this one request, and closes it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.data_context import opened_by_route
from outreach.access.permissions import Permission
from outreach.errors import UserError
from popup_sites.models import VaccinationSession

from ...booking_rules import require_following
from ...models import BookingRequest, BookingRoute, BookingState, RefusalReason, RouteTask
from .outcomes import settle
from .places import forget_time, set_time
from .routes import take_from_desk
from .sending import PROTECTED_MEANWHILE, needs_release, send
from .states import locked_request, move, note_change

CLAIM_MINUTES = 30
# Whoever answered may mend a slip; after that the desk has no business with the citizen.
GRACE = timedelta(minutes=15)
NOTE_LIMIT = 400
TRIES = 20


@transaction.atomic
def claim_next(*, by: Actor, now: datetime) -> BookingRoute | None:
    """The request with the earliest due answer that nobody has, taken for 30 minutes; one's own first; None: none."""
    _require_desk(by)
    own = BookingRoute.objects.visible_to(by).open().filter(claimed_by=by.user_id, claimed_until__gt=now)
    if (route := own.order_by("claimed_until").first()) is not None:
        return route
    free = BookingRoute.objects.visible_to(by).open().filter(_free(now))
    for key in list(free.order_by("answer_due", "opened_at", "pk").values_list("pk", flat=True)[:TRIES]):
        try:
            return claim(by=by, request_id=key, now=now)
        except UserError:
            continue  # a colleague was a moment faster
    return None


@transaction.atomic
def claim(*, by: Actor, request_id: int, now: datetime) -> BookingRoute:
    """Take this very request. Raises UserError `request_gone`, `request_claimed`, `awaits_release`; DoesNotExist for
    another region's.
    """
    _require_desk(by)
    with _request_opened(by, request_id) as request:
        route = _locked_route(request_id)
        if route.closed_at is not None:
            raise UserError("request_gone", _("Ønsket er allerede besvaret eller trukket tilbage."))
        held = route.claimed_until is not None and route.claimed_until > now
        if held and route.claimed_by_id == by.user_id:
            return route
        if held:
            raise UserError("request_claimed", _("En kollega har taget ønsket. Tag det næste."))
        if route.task == RouteTask.BOOK:
            _require_released(request, now)
        route.claimed_by_id, route.claimed_until = by.user_id, now + timedelta(minutes=CLAIM_MINUTES)
        route.save(update_fields=["claimed_by", "claimed_until"])
        if route.task == RouteTask.BOOK:
            move(request, BookingState.TAKEN, by=by, now=now)
        return route


@transaction.atomic
def release(*, by: Actor, request_id: int, now: datetime) -> None:
    """Lay a request back for others. Again, or somebody else's: no effect."""
    _require_desk(by)
    with _request_opened(by, request_id) as request:
        route = _locked_route(request_id)
        if route.closed_at is not None or route.claimed_by_id != by.user_id:
            return
        lay_back(request, route, by=by, now=now)


def lay_back(request: BookingRequest, route: BookingRoute, *, by: Actor, now: datetime) -> None:
    """Nobody has the locked route any more; the request waits as before."""
    route.claimed_by, route.claimed_until = None, None
    route.save(update_fields=["claimed_by", "claimed_until"])
    if request.state == BookingState.TAKEN:
        if needs_release(request, now):
            send(request, by=by, now=now, reason=str(PROTECTED_MEANWHILE))  # C5: it is held back
        else:
            move(request, BookingState.SENT, by=by, now=now)


@transaction.atomic
def confirm(
    *,
    by: Actor,
    request_id: int,
    booked_at: datetime,
    place: str,
    now: datetime,
    session: VaccinationSession | None = None,
    vaccine: str = "",
    note: str = "",
) -> BookingRequest:
    """A time and place for the citizen; a session's place is reserved in the same transaction.

    Raises UserError `not_yours`, `booking_moved_on`, and what `set_time` raises: `session_full` among them.
    """
    return _answer(
        by, request_id, BookingState.CONFIRMED, booked_at, place, session=session, vaccine=vaccine, note=note, now=now
    )


@transaction.atomic
def propose(
    *,
    by: Actor,
    request_id: int,
    booked_at: datetime,
    place: str,
    now: datetime,
    session: VaccinationSession | None = None,
    vaccine: str = "",
    note: str = "",
) -> BookingRequest:
    """Another time than was wished, held for the citizen until the municipality answers. Raises as `confirm`."""
    return _answer(
        by, request_id, BookingState.PROPOSED, booked_at, place, session=session, vaccine=vaccine, note=note, now=now
    )


@transaction.atomic
def refuse(*, by: Actor, request_id: int, refusal: str, now: datetime, note: str = "") -> BookingRequest:
    """No time, and why. Raises UserError `not_yours`, `refusal_unknown` or `refusal_note`."""
    _require_desk(by)
    if refusal not in RefusalReason.values:
        raise UserError("refusal_unknown", _("Vælg, hvorfor der ikke kan gives en tid."))
    if refusal == RefusalReason.OTHER and not note.strip():
        raise UserError("refusal_note", _("Skriv til kommunen, hvorfor der ikke kan gives en tid."))
    with _request_opened(by, request_id) as request:
        _require_mine(by, request_id, now)
        _require_released(request, now)
        request.refusal, request.answer_note = refusal, note.strip()[:NOTE_LIMIT]
        forget_time(request, by=by, now=now)
        move(request, BookingState.REFUSED, by=by, now=now)
        take_from_desk(request, now, answered_by_id=by.user_id)
        settle(request, by=by, now=now)
        return request


@transaction.atomic
def cancellation_done(*, by: Actor, request_id: int, now: datetime) -> None:
    """The desk has cancelled the time in its own system. Again: no effect.

    Raises UserError `not_yours`, and `booking_moved_on` where a time is to be found, not to be cancelled.
    """
    _require_desk(by)
    with _request_opened(by, request_id) as request:
        _require_mine(by, request_id, now)
        route = _locked_route(request_id)
        if route.task != RouteTask.CANCEL:
            require_following(request.state, BookingState.CANCELLED)
            raise UserError("not_yours", _("Du har ikke ønsket længere. Tag det igen, hvis det stadig venter."))
        if route.closed_at is not None:
            return
        request.kept_at = None
        request.save(update_fields=["kept_at"])
        note_change(request, request.state, by=by, now=now, reason=_("Aflyst i regionens system"))
        take_from_desk(request, now, answered_by_id=by.user_id)


def may_see(by: Actor, route: BookingRoute, now: datetime) -> bool:
    """Whether the desk's hand may look at the citizen: they have the request, or answered it a moment ago."""
    if route.closed_at is None:
        return route.claimed_by_id == by.user_id and route.claimed_until is not None and route.claimed_until > now
    return route.answered_by_id == by.user_id and now - route.closed_at <= GRACE


def _answer(
    by: Actor,
    request_id: int,
    to: BookingState,
    booked_at: datetime,
    place: str,
    *,
    session: VaccinationSession | None,
    vaccine: str,
    note: str,
    now: datetime,
) -> BookingRequest:
    _require_desk(by)
    with _request_opened(by, request_id) as request:
        _require_mine(by, request_id, now)
        _require_released(request, now)
        old = request.booked_at if request.state == BookingState.CONFIRMED else None
        set_time(request, booked_at=booked_at, place=place, session=session, vaccine=vaccine, by=by, now=now)
        # Another it gave before is cancelled there by now: its card says so.
        request.kept_at = booked_at if session is None else None
        request.refusal, request.answer_note = "", note.strip()[:NOTE_LIMIT]
        move(request, to, by=by, now=now)
        take_from_desk(request, now, answered_by_id=by.user_id)
        settle(request, by=by, now=now, old_time=old)
        return request


@contextmanager
def _request_opened(by: Actor, request_id: int) -> Iterator[BookingRequest]:
    """The request, locked, its municipality open for the desk as long as the block lasts."""
    route = BookingRoute.objects.visible_to(by).get(pk=request_id)
    with opened_by_route(route.municipality_id):
        yield locked_request(request_id)


def _locked_route(request_id: int) -> BookingRoute:
    return BookingRoute.objects.select_for_update().get(pk=request_id)


def _require_desk(by: Actor) -> None:
    by.require(Permission.CONFIRM_BOOKINGS)
    if by.user_id is None or by.region_code is None:
        raise UserError("not_a_person", _("Kun regionens bookingvagt kan svare på ønsket."))


def _require_mine(by: Actor, request_id: int, now: datetime) -> None:
    if not may_see(by, _locked_route(request_id), now):
        raise UserError("not_yours", _("Du har ikke ønsket længere. Tag det igen, hvis det stadig venter."))


def _require_released(request: BookingRequest, now: datetime) -> None:
    """C5: whoever was protected after the request was sent is held back until the municipality says why not."""
    if needs_release(request, now):
        raise UserError("awaits_release", _("Kommunen skal først frigive borgerens oplysninger. Ønsket kommer igen."))


def _free(now: datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lte=now)
