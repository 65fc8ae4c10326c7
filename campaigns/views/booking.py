"""One booking request: what it is about, and each thing somebody here may do about it (K11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError

from ..booking_rules import moved_on
from ..forms.bookings import ReleaseForm, TimeForm, WishesForm
from ..models import BookingRequest, BookingState, ToldHow
from ..presenters.booking_words import not_released, released_now, seen_of
from ..presenters.bookings import booking_page
from ..selectors.bookings import sessions_to_book, with_rows
from ..services import bookings as booking_services
from ..services.bookings import own_times, releasing, reminders, settling
from ..services.guardians import guardian_gate

# What new wishes mean depends on where the request stands; before an answer they simply replace the old.
ASK_AGAIN: dict[BookingState, Callable[..., BookingRequest]] = {
    BookingState.PROPOSED: settling.decline_proposal,
    BookingState.CONFIRMED: booking_services.ask_again,
    BookingState.NO_SHOW: booking_services.ask_again,
}


@requires(Permission.REQUEST_BOOKINGS)
@require_GET
@never_cache
def booking(request: ActorRequest, booking_id: int) -> HttpResponse:
    """One request."""
    return _show(request, _booking(request, booking_id))


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def booking_wishes(request: ActorRequest, booking_id: int) -> HttpResponse:
    """New wishes: before anybody has taken the request, after a no, instead of a proposal, or for another time."""
    found = _booking(request, booking_id)
    form = _wishes_form(request, found, request.POST)
    if not form.is_valid():
        return _show(request, found, wishes=form, status=422)
    ask = ASK_AGAIN.get(BookingState(found.state), booking_services.change_wishes)
    try:
        # What the wishes were meant for: a time that was given meanwhile is not lost by them.
        if request.POST.get("seen") != seen_of(found):
            raise moved_on(found.state)
        asked = ask(by=request.actor, request_id=found.pk, wishes=form.wishes(), now=request.now)
    except UserError as problem:
        form.add_error(None, problem.message)
        return _show(request, found, wishes=form, status=422)
    messages.success(
        request,
        _("De nye ønsker er gemt og venter på, at borgerens oplysninger bliver frigivet.")
        if asked.state == BookingState.HELD
        else _("Regionens bookingvagt har fået de nye ønsker."),
    )
    return redirect("campaigns:booking", found.pk)


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def booking_release(request: ActorRequest, booking_id: int) -> HttpResponse:
    """The region may see a protected citizen for this one visit, and why (C5)."""
    found = _booking(request, booking_id)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _show(request, found, release=form, status=422)
    reason = form.cleaned_data["release_reason"]
    try:
        made = releasing.release_to_region(by=request.actor, request_id=found.pk, reason=reason, now=request.now)
        if made.released_at == request.now:
            messages.success(request, released_now(made))
        else:
            messages.info(request, not_released(made))
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:booking", found.pk)


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def booking_move(request: ActorRequest, booking_id: int) -> HttpResponse:
    """Another time for a booking the municipality made itself."""
    found = _booking(request, booking_id)
    form = _time_form(request, found, request.POST)
    if not form.is_valid():
        return _show(request, found, time=form, status=422)
    values = form.cleaned_data
    try:
        own_times.move_own(
            by=request.actor,
            request_id=found.pk,
            booked_at=form.booked_at,
            place=values["place"],
            session=values["session"],
            vaccine=values["vaccine"],
            now=request.now,
        )
    except UserError as problem:
        form.add_error(None, problem.message)
        return _show(request, found, time=form, status=422)
    messages.success(request, _("Den nye tid er gemt."))
    return redirect("campaigns:booking", found.pk)


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def booking_withdraw(request: ActorRequest, booking_id: int) -> HttpResponse:
    """The citizen needs no time from the region any more."""
    return _act(request, booking_id, booking_services.withdraw, _("Ønsket er trukket tilbage."))


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def booking_cancel(request: ActorRequest, booking_id: int) -> HttpResponse:
    """The time is not needed; the region hears of it."""
    return _act(
        request, booking_id, booking_services.cancel, _("Tiden er aflyst, og det, der hang på den, er aflyst med.")
    )


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def booking_accept(request: ActorRequest, booking_id: int) -> HttpResponse:
    """The citizen takes the proposed time."""
    return _act(request, booking_id, settling.accept_proposal, _("Tiden er bestilt."))


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def booking_told(request: ActorRequest, booking_id: int) -> HttpResponse:
    """Somebody has told the citizen."""
    how = request.POST.get("how", ToldHow.CALL)
    return _act(request, booking_id, settling.tell_citizen, _("Det er noteret, at borgeren har fået besked."), how=how)


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def booking_remind(request: ActorRequest, booking_id: int) -> HttpResponse:
    """A reminder now; whoever is second is told who was first (SS04)."""
    return _act(request, booking_id, reminders.remind_by_hand, _("Påmindelsen bliver sendt."))


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def booking_attendance(request: ActorRequest, booking_id: int) -> HttpResponse:
    """Whether the citizen came."""
    if request.POST.get("came") == "yes":
        return _act(request, booking_id, settling.citizen_came, _("Det er registreret, at borgeren kom."))
    return _act(
        request, booking_id, settling.citizen_did_not_come, _("Det er registreret. Borgeren skal ringes op igen.")
    )


def _act(request: ActorRequest, booking_id: int, service: Callable[..., Any], done: str, **values: Any) -> HttpResponse:
    """One button of the page: the service, a word, and back to where it was pressed."""
    found = _booking(request, booking_id)
    try:
        service(by=request.actor, request_id=found.pk, now=request.now, **values)
        messages.success(request, done)
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:booking", found.pk)


def _show(
    request: ActorRequest,
    found: BookingRequest,
    *,
    wishes: WishesForm | None = None,
    time: TimeForm | None = None,
    release: ReleaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    record_looks(by=request.actor, citizen_ids=[found.citizen_id], purpose=_("Bookingønske"), at=request.now)
    page = booking_page(
        found,
        changes=list(found.changes.order_by("-at", "-id")),
        guardian=guardian_gate(found.citizen),
        now=request.now,
    )
    context = {
        "page": page,
        "booking": found,
        "wishes_form": wishes or _wishes_form(request, found, None),
        "time_form": time or _time_form(request, found, None),
        "release_form": release or ReleaseForm(),
        "told_choices": ToldHow.choices,
        "has_errors": status != 200,
    }
    return render(request, "campaigns/booking.html", context, status=status)


def _wishes_form(request: ActorRequest, found: BookingRequest, posted: Any) -> WishesForm:
    sessions = sessions_to_book(municipality_id=found.municipality_id, now=request.now, keep=found.wanted_session_id)
    return WishesForm(posted, sessions=sessions, initial=WishesForm.initial_of(found))


def _time_form(request: ActorRequest, found: BookingRequest, posted: Any) -> TimeForm:
    sessions = sessions_to_book(municipality_id=found.municipality_id, now=request.now, keep=found.session_id)
    return TimeForm(posted, sessions=sessions, initial=TimeForm.initial_of(found), prefix="time")


def _booking(request: ActorRequest, booking_id: int) -> BookingRequest:
    return get_object_or_404(with_rows(BookingRequest.objects.visible_to(request.actor)), pk=booking_id)
