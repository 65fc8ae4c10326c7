"""What the municipality asks the region's desk for (K11): a time, other wishes, another time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from registry.models import Citizen, FollowUp

from ...booking_rules import moved_on
from ...models import BookingProgramme, BookingRequest, BookingState, ContactAttempt, LinkKind
from .chain_building import add_links, add_wished_links
from .drafting import add_programmes, new_request
from .outcomes import settle
from .places import forget_time
from .releasing import RELEASABLE, release_locked, write_release
from .sending import lay_out, needs_release, send
from .states import locked_request, own_request
from .steps import follow_on
from .wishes import Wishes, wishes_of, with_more, write_wishes

# What somebody asks for once more goes to the desk as it is now wished.
SENT_AGAIN = (BookingState.HELD, BookingState.SENT, BookingState.REFUSED, BookingState.NO_SHOW)
# Where new wishes simply replace the old.
CHANGED = (BookingState.HELD, BookingState.SENT, BookingState.REFUSED)


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
    release_reason: str = "",
    on_top: bool = False,
    links: Collection[LinkKind] = (),
) -> BookingRequest:
    """Ask the region's desk for a time for one citizen, for all the programmes of `follow_ups` in one visit.

    A request nobody at the desk has taken yet is changed instead of asked twice; a programme whose time is already
    being worked on, or booked, is left there. `on_top`: the wishes are told beside what stands, as on the telephone,
    and a time that is booked gets what is needed to reach it; `links` are what must be agreed besides (K14).
    `attempt` is the answer that asked: undoing it withdraws the request.
    With `replan` false the caller plans. C5: a protected citizen's request waits for its release, unless
    `release_reason` says why the region may see them.
    Raises UserError `nothing_to_book`, `citizen_ended`, `release_too_long` or a wish's.
    """
    Citizen.objects.select_for_update().get(pk=citizen.pk)
    running = _running(citizen)
    meant = _meant(running, follow_ups)
    waiting = _to_be_sent_again(running, meant, follow_ups)
    for each in meant:
        if each != waiting:
            _stays(each, wishes if on_top else None, links, release_reason, by=by, now=now)
            follow_on(each, now, replan=replan, spoken=True)
    if waiting is not None:
        _release(waiting, release_reason, by=by, now=now)
        wishes = with_more(wishes_of(waiting), wishes) if on_top else wishes
        add_links(waiting, links, by=by, now=now)
        return _add_to(waiting, by=by, follow_ups=follow_ups, wishes=wishes, now=now, replan=replan)
    request = new_request(by, citizen, follow_ups, wishes, now, attempt)
    if request is None:
        return meant[0]
    add_links(request, links, by=by, now=now)
    _release(request, release_reason, by=by, now=now)
    send(request, by=by, now=now, replan=replan)
    return request


@transaction.atomic
def change_wishes(*, by: Actor, request_id: int, wishes: Wishes, now: datetime) -> BookingRequest:
    """New wishes for a request the desk has not taken, or has refused; it is sent (again).

    Raises UserError `booking_moved_on` in any other state: a time that is given by now is not to be lost.
    """
    request = own_request(by, request_id)
    came_from = request.state
    if came_from not in CHANGED:
        raise moved_on(came_from)
    write_wishes(request, request.citizen, wishes)
    send(request, by=by, now=now)
    if came_from == BookingState.REFUSED:
        request.refusal, request.answer_note = "", ""
        request.save(update_fields=["refusal", "answer_note"])
    return request


@transaction.atomic
def ask_again(*, by: Actor, request_id: int, wishes: Wishes, now: datetime, reason: str = "") -> BookingRequest:
    """The confirmed or proposed time does not suit: ask the region for another. The old one stands no longer."""
    request = own_request(by, request_id)
    if request.own:
        raise UserError("own_booking", _("I har selv bestilt tiden. Skriv den nye tid, når I har flyttet den."))
    write_wishes(request, request.citizen, wishes)
    old = request.booked_at
    lay_out(request, by=by, now=now, reason=reason)
    forget_time(request, by=by, now=now)
    settle(request, by=by, now=now, old_time=old)
    return request


def _meant(running: Sequence[BookingRequest], follow_ups: Sequence[FollowUp]) -> list[BookingRequest]:
    """Those of the running requests that are for one of these programmes already: what is said is about them."""
    programmes = [each.programme_id for each in follow_ups]
    return [each for each in running if each.programmes.filter(programme__in=programmes).exists()]


def _to_be_sent_again(
    running: Sequence[BookingRequest], meant: Sequence[BookingRequest], follow_ups: Sequence[FollowUp]
) -> BookingRequest | None:
    """The request that goes to the desk as it is now wished: one for these programmes, else one a new one joins."""
    again = [each for each in running if each.state in SENT_AGAIN and each.dose == 1 and not each.own]
    own = [each for each in again if each in meant]
    if own:
        return own[0]
    asked = {each.programme_id for request in meant for each in request.programmes.all()}
    joins = any(each.programme_id not in asked for each in follow_ups)
    return again[0] if again and joins else None


def _stays(
    request: BookingRequest,
    more: Wishes | None,
    links: Collection[LinkKind],
    release_reason: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """A time that is booked or being looked for is left there, with what is needed `more` and the release (C5)."""
    if more is not None:
        _add_needs(request, more, by=by, now=now)
        add_links(request, links, by=by, now=now)
    if release_reason.strip() and request.state in RELEASABLE and needs_release(request, now):
        release_locked(request, by=by, reason=release_reason, now=now)


def _add_needs(request: BookingRequest, wishes: Wishes, *, by: Actor, now: datetime) -> None:
    """A ride or an escort for a time that is booked, or being looked for: something to agree, not a new wish."""
    more = with_more(wishes_of(request), wishes)
    request.needs_ride, request.needs_escort, request.mobility = more.needs_ride, more.needs_escort, more.mobility
    request.save(update_fields=["needs_ride", "needs_escort", "mobility"])
    add_wished_links(request, by=by, now=now)


def _release(request: BookingRequest, reason: str, *, by: Actor, now: datetime) -> None:
    if reason.strip() and needs_release(request, now):
        write_release(request, by=by, reason=reason, now=now)


def _running(citizen: Citizen) -> list[BookingRequest]:
    rows = BookingProgramme.objects.filter(citizen=citizen, running=True).order_by("request_id")
    ids = list(dict.fromkeys(rows.values_list("request_id", flat=True)))
    return [locked_request(each) for each in ids]


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
    send(request, by=by, now=now, replan=replan)
    return request
