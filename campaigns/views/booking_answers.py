"""What the region's desk answers: a time, a proposal, a no; a time cancelled, a number shown (K11)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ..forms.booking_desk import RefusalForm
from ..models import BookingRoute
from ..selectors.booking_desk import (
    request_of,
)
from ..services.bookings import desk
from ..services.bookings.sending import needs_release
from .booking_desk import route_of, show_request, time_form

FIELD_OF = {
    "booked_in_past": "day",
    "booked_too_far": "day",
    "booked_too_early": "day",
    "booked_outside_hours": "clock",
    "booked_place": "place",
    "session_full": "session",
    "session_closed": "session",
}


@requires(Permission.CONFIRM_BOOKINGS)
@require_POST
def desk_answer(request: ActorRequest, booking_id: int) -> HttpResponse:
    """A time, a proposal, or a no."""
    route = route_of(request, booking_id)
    if request.POST.get("answer") == "refuse":
        return _refuse(request, route)
    form = time_form(request, request.POST)
    if not form.is_valid():
        return show_request(request, route, time=form, status=422)
    proposes = request.POST.get("answer") == "propose"
    service = desk.propose if proposes else desk.confirm
    values = form.cleaned_data
    try:
        service(
            by=request.actor,
            request_id=route.pk,
            booked_at=form.booked_at,
            place=values["place"],
            session=values["session"],
            vaccine=values["vaccine"],
            note=values["note"],
            now=request.now,
        )
    except UserError as problem:
        field = FIELD_OF.get(problem.code)
        form.add_error(field if field in form.fields else None, problem.message)
        return show_request(request, route_of(request, booking_id), time=form, status=422)
    done = _("Forslaget er sendt til kommunen.") if proposes else _("Tiden er bekræftet. Kommunen får besked.")
    messages.success(request, done)
    return redirect("campaigns:desk_queue")


@requires(Permission.CONFIRM_BOOKINGS)
@require_POST
def desk_cancelled(request: ActorRequest, booking_id: int) -> HttpResponse:
    """The time is cancelled in the region's own system."""
    route_of(request, booking_id)
    try:
        desk.cancellation_done(by=request.actor, request_id=booking_id, now=request.now)
        messages.success(request, _("Det er noteret, at tiden er aflyst."))
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:desk_queue")


@requires(Permission.CONFIRM_BOOKINGS)
@require_POST
@never_cache
def desk_reveal_cpr(request: ActorRequest, booking_id: int) -> HttpResponse:
    """The whole CPR number, logged before it is shown (A4); only for whoever has the request."""
    route = route_of(request, booking_id)
    if not desk.may_see(request.actor, route, request.now):
        messages.info(request, _("Tag ønsket først."))
        return redirect("campaigns:desk_request", route.pk)
    with request_of(route) as found:
        if needs_release(found, request.now):
            return redirect("campaigns:desk_request", route.pk)
        citizen = found.citizen
        record(
            by=request.actor,
            action=Action.REVEAL,
            subject_kind="citizen",
            subject_id=citizen.pk,
            municipality_id=citizen.municipality_id,
            purpose=_("CPR-nummer vist for regionens bookingvagt"),
            at=request.now,
        )
        context = {"citizen_id": "desk", "name": citizen.name, "cpr": citizen.cpr_formatted, "booking_id": route.pk}
    template = "campaigns/parts/cpr.html" if request.htmx else "campaigns/desk_reveal_cpr.html"
    return render(request, template, context)


def _refuse(request: ActorRequest, route: BookingRoute) -> HttpResponse:
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return show_request(request, route, refusal=form, status=422)
    values = form.cleaned_data
    try:
        desk.refuse(
            by=request.actor,
            request_id=route.pk,
            refusal=values["refusal"],
            note=values["refusal_note"],
            now=request.now,
        )
    except UserError as problem:
        form.add_error(None, problem.message)
        return show_request(request, route_of(request, route.pk), refusal=form, status=422)
    messages.success(request, _("Kommunen har fået besked om, at der ikke kan gives en tid."))
    return redirect("campaigns:desk_queue")
