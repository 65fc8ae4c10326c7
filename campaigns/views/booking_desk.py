"""The region's booking desk: a queue that names no citizen, and the one request it has taken (K11)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError

from ..forms.booking_desk import DeskTimeForm, RefusalForm
from ..models import BookingRoute
from ..presenters.booking_desk import desk_card, desk_row, withheld_card
from ..selectors.booking_desk import (
    answered_lately,
    contact_phone,
    fallen_away,
    queue,
    request_of,
    sessions_for_desk,
    time_given_before,
)
from ..services.bookings import desk
from ..services.bookings.sending import needs_release

# How long the queue's page tells of a request that fell away.
FALLEN_AWAY = timedelta(days=1)


@requires(Permission.CONFIRM_BOOKINGS)
@require_GET
def desk_queue(request: ActorRequest) -> HttpResponse:
    """What waits, for which municipality, and until when. Nobody's name is on it."""
    actor, now = request.actor, request.now
    routes = list(queue(actor))
    rows = [desk_row(route, user_id=actor.user_id, now=now) for route in routes]
    lately = [desk_row(each, user_id=actor.user_id, now=now) for each in answered_lately(actor, now - desk.GRACE)]
    gone = [desk_row(each, user_id=actor.user_id, now=now) for each in fallen_away(actor, now - FALLEN_AWAY)]
    free = sum(row.free for row in rows)
    lead = ngettext("%(number)s ønske venter på et svar.", "%(number)s ønsker venter på et svar.", free)
    context = {"rows": rows, "lately": lately, "gone": gone, "lead": lead % {"number": free}, "free": free}
    return render(request, "campaigns/desk_queue.html", context)


@requires(Permission.CONFIRM_BOOKINGS)
@require_POST
def desk_next(request: ActorRequest) -> HttpResponse:
    """Take the request that must be answered first."""
    route = desk.claim_next(by=request.actor, now=request.now)
    if route is None:
        messages.info(request, _("Der venter ikke flere ønsker lige nu."))
        return redirect("campaigns:desk_queue")
    return redirect("campaigns:desk_request", route.pk)


@requires(Permission.CONFIRM_BOOKINGS)
@require_POST
def desk_claim(request: ActorRequest, booking_id: int) -> HttpResponse:
    """Take this very request."""
    route_of(request, booking_id)
    try:
        desk.claim(by=request.actor, request_id=booking_id, now=request.now)
    except UserError as problem:
        messages.info(request, problem.message)
        return redirect("campaigns:desk_queue")
    return redirect("campaigns:desk_request", booking_id)


@requires(Permission.CONFIRM_BOOKINGS)
@require_POST
def desk_release(request: ActorRequest, booking_id: int) -> HttpResponse:
    """Lay it back for a colleague."""
    route_of(request, booking_id)
    desk.release(by=request.actor, request_id=booking_id, now=request.now)
    messages.success(request, _("Ønsket er lagt tilbage."))
    return redirect("campaigns:desk_queue")


@requires(Permission.CONFIRM_BOOKINGS)
@require_GET
@never_cache
def desk_request(request: ActorRequest, booking_id: int) -> HttpResponse:
    """The request for whoever has taken it; to everybody else only that it is there."""
    return show_request(request, route_of(request, booking_id))


def show_request(
    request: ActorRequest,
    route: BookingRoute,
    *,
    time: DeskTimeForm | None = None,
    refusal: RefusalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The request with what was posted, for whoever has it; for everybody else why not. Each look is logged (A3)."""
    actor, now = request.actor, request.now
    row = desk_row(route, user_id=actor.user_id, now=now)
    if not desk.may_see(actor, route, now):
        if route.closed_at is not None:
            return render(request, "campaigns/desk_request.html", {"row": row, "ended": True}, status=status)
        return render(request, "campaigns/desk_request.html", {"row": row}, status=status)
    with request_of(route) as found:
        before = time_given_before(found, now)
        if needs_release(found, now):
            withheld = withheld_card(found, route, before=before, phone=contact_phone(found.municipality_id))
            return render(request, "campaigns/desk_request.html", {"row": row, "withheld": withheld}, status=status)
        card = desk_card(found, route, before=before, now=now)
        initial = DeskTimeForm.initial_of(found)
        keep = found.session_id or found.wanted_session_id
        record_looks(
            by=actor,
            citizen_ids=[found.citizen_id],
            municipality_id=found.municipality_id,
            purpose=_("Bookingønske hos regionen"),
            at=now,
        )
    context = {
        "row": row,
        "card": card,
        "form": time or DeskTimeForm(sessions=sessions_for_desk(actor, now, keep), initial=initial),
        "refusal": refusal or RefusalForm(),
        "held_until": route.claimed_until,
        "seen_until": route.closed_at + desk.GRACE if route.closed_at else None,
        "has_errors": status != 200,
    }
    return render(request, "campaigns/desk_request.html", context, status=status)


def time_form(request: ActorRequest, posted: object) -> DeskTimeForm:
    """The form of a time at one of the region's sessions, or elsewhere."""
    return DeskTimeForm(posted, sessions=sessions_for_desk(request.actor, request.now))


def route_of(request: ActorRequest, booking_id: int) -> BookingRoute:
    """The route of the actor's region; what was answered long ago does not exist for the desk any more."""
    routes = BookingRoute.objects.visible_to(request.actor).select_related("municipality", "claimed_by")
    found = get_object_or_404(routes, pk=booking_id)
    if found.closed_at is not None and request.now - found.closed_at > timedelta(days=1):
        raise Http404("answered")
    return found
