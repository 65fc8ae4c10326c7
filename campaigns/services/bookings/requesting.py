"""What the municipality does with a request (K11): ask, change, withdraw, book by itself, ask again, cancel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.errors import UserError
from popup_sites.models import VaccinationSession
from registry.models import Citizen, CitizenStatus, FollowUp
from registry.services.scope import require_municipality

from ...booking_rules import answer_expected
from ...models import BookingProgramme, BookingRequest, BookingState, ContactAttempt, RouteTask, ToldHow
from ..guardians import guardian_gate
from .chain_building import add_wished_links, chain_of
from .outcomes import settle
from .places import forget_time, set_time
from .routes import lay_at_desk, take_from_desk
from .states import locked_request, move, note_change
from .steps import follow_on
from .wishes import Wishes, write_wishes

# What somebody asks for once more goes to the desk as it is now wished.
SENT_AGAIN = (BookingState.SENT, BookingState.REFUSED, BookingState.NO_SHOW)


@transaction.atomic
def request_booking(
    *,
    by: Actor,
    citizen: Citizen,
    follow_ups: Sequence[FollowUp],
    wishes: Wishes,
    now: datetime,
    attempt: ContactAttempt | None = None,
    replan: bool = True,
) -> BookingRequest:
    """Ask the region's desk for a time for one citizen, for all the programmes of `follow_ups` in one visit.

    A request nobody at the desk has taken yet is changed instead of asked twice; a programme whose time is already
    being worked on, or booked, is left there. `attempt` is the answer that asked: undoing it withdraws the request.
    With `replan` false the caller plans. Raises UserError `nothing_to_book`, `citizen_ended` or a wish's.
    """
    Citizen.objects.select_for_update().get(pk=citizen.pk)
    running = _running(citizen)
    waiting = [each for each in running if each.state in SENT_AGAIN and each.dose == 1 and not each.own]
    if waiting:
        return _add_to(waiting[0], by=by, follow_ups=follow_ups, wishes=wishes, now=now, replan=replan)
    request = _new(by, citizen, follow_ups, wishes, now, attempt)
    if request is None:
        follow_on(running[0], now, replan=replan, spoken=True)
        return running[0]
    _send(request, by=by, now=now, replan=replan)
    return request


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
    request = _new(by, citizen, follow_ups, wishes or Wishes(), now, attempt)
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
def change_wishes(*, by: Actor, request_id: int, wishes: Wishes, now: datetime) -> BookingRequest:
    """New wishes for a request the desk has not taken, or has refused; it is sent (again)."""
    request = own_request(by, request_id)
    came_from = request.state
    write_wishes(request, request.citizen, wishes)
    _send(request, by=by, now=now)
    if came_from != BookingState.SENT:
        request.refusal, request.answer_note = "", ""
        request.save(update_fields=["refusal", "answer_note"])
    return request


@transaction.atomic
def withdraw(*, by: Actor, request_id: int, now: datetime, reason: str = "") -> BookingRequest:
    """The citizen needs no time from the region any more. A time the region holds is handed back to it."""
    request = own_request(by, request_id)
    held = request.state == BookingState.PROPOSED and request.session_id is None
    _end(request, BookingState.WITHDRAWN, by=by, now=now, reason=reason, tell_desk=held)
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
        elif request.state == BookingState.SENT:
            forget_booking(request, BookingState.WITHDRAWN, by=by, now=now, reason=_("Svaret blev fortrudt"))
        else:
            raise UserError(
                "booking_taken",
                _("Regionens bookingvagt er gået i gang med ønsket. Træk det tilbage under Bookingønsker i stedet."),
            )
        withdrawn += 1
    return withdrawn


@transaction.atomic
def ask_again(*, by: Actor, request_id: int, wishes: Wishes, now: datetime, reason: str = "") -> BookingRequest:
    """The confirmed or proposed time does not suit: ask the region for another. The old one stands no longer."""
    request = own_request(by, request_id)
    if request.own:
        raise UserError("own_booking", _("I har selv bestilt tiden. Skriv den nye tid, når I har flyttet den."))
    write_wishes(request, request.citizen, wishes)
    old = request.booked_at
    move(request, BookingState.SENT, by=by, now=now, reason=reason)
    forget_time(request, by=by, now=now)
    request.wanted_session = wishes.session
    lay_out(request, now)
    settle(request, by=by, now=now, old_time=old)
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


@transaction.atomic
def cancel(*, by: Actor, request_id: int, now: datetime, reason: str = "") -> BookingRequest:
    """A confirmed time is not needed. The region is told, unless the place was one of our own sessions'."""
    request = own_request(by, request_id)
    _end(
        request,
        BookingState.CANCELLED,
        by=by,
        now=now,
        reason=reason,
        tell_desk=not request.own and request.session_id is None,
    )
    return request


def forget_booking(request: BookingRequest, to: BookingState, *, by: Actor, now: datetime, reason: str) -> None:
    """End a locked request without touching the follow-ups' steps: the caller puts those back itself."""
    move(request, to, by=by, now=now, reason=reason)
    take_from_desk(request, now)
    settle(request, by=by, now=now, old_time=request.booked_at, steps=False)


def _end(request: BookingRequest, to: BookingState, *, by: Actor, now: datetime, reason: str, tell_desk: bool) -> None:
    move(request, to, by=by, now=now, reason=reason)
    take_from_desk(request, now)
    if tell_desk:
        lay_at_desk(request, RouteTask.CANCEL, now)
    settle(request, by=by, now=now, old_time=request.booked_at)


def own_request(by: Actor, request_id: int) -> BookingRequest:
    """A request of the actor's municipality, locked. Raises PermissionDenied or DoesNotExist."""
    by.require(Permission.REQUEST_BOOKINGS)
    request = locked_request(request_id)
    require_municipality(by, request.municipality_id)
    return request


def _running(citizen: Citizen) -> list[BookingRequest]:
    rows = BookingProgramme.objects.filter(citizen=citizen, running=True).order_by("request_id")
    ids = list(dict.fromkeys(rows.values_list("request_id", flat=True)))
    return [locked_request(each) for each in ids]


def _new(
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


def _add_to(
    request: BookingRequest,
    *,
    by: Actor,
    follow_ups: Sequence[FollowUp],
    wishes: Wishes,
    now: datetime,
    replan: bool,
) -> BookingRequest:
    taken = set(
        BookingProgramme.objects.filter(citizen=request.citizen_id, running=True).values_list("programme_id", flat=True)
    )
    add_programmes(request, [each for each in follow_ups if each.programme_id not in taken])
    write_wishes(request, request.citizen, wishes)
    request.refusal, request.answer_note = "", ""
    if request.state == BookingState.NO_SHOW:
        forget_time(request, by=by, now=now)
    _send(request, by=by, now=now, replan=replan)
    return request


def _send(request: BookingRequest, *, by: Actor, now: datetime, replan: bool = True) -> None:
    move(request, BookingState.SENT, by=by, now=now)
    lay_out(request, now)
    add_wished_links(request, by=by, now=now)
    follow_on(request, now, replan=replan)


def lay_out(request: BookingRequest, now: datetime) -> None:
    """Lay a locked request at the desk, answered by the next working day. Saves it."""
    request.sent_at, request.answer_due = now, answer_expected(now)
    request.save()
    lay_at_desk(request, RouteTask.BOOK, now)
