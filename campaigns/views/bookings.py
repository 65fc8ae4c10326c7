"""Bookingønsker: what was asked of the region, what it answered, and what somebody here must do about it (K11)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError
from registry.models import Citizen

from ..booking_rules import ReminderPlan
from ..forms.bookings import NewRequestForm, ReminderSettingsForm
from ..presenters.booking_words import asked_now, stands_already
from ..presenters.bookings import booking_row
from ..presenters.moments import local_day
from ..selectors.bookings import TABS, TO_TELL, counts, links_to_agree, sessions_to_book, under, with_rows
from ..services import bookings as booking_services
from ..services.bookings import reminders

ROWS = 30
TAB_NAMES = {
    "tell": gettext_lazy("Borgeren skal høre"),
    "held": gettext_lazy("Skal frigives"),
    "overdue": gettext_lazy("Svar mangler"),
    "waiting": gettext_lazy("Hos regionen"),
    "came": gettext_lazy("Registrér fremmøde"),
    "booked": gettext_lazy("Kommende tider"),
    "ended": gettext_lazy("Afsluttet"),
}


@requires(Permission.REQUEST_BOOKINGS)
@require_GET
def bookings(request: ActorRequest) -> HttpResponse:
    """The requests under one heading, the most urgent first."""
    sizes = counts(request.actor, request.now)
    tab = request.GET.get("vis", "")
    if tab not in TABS:
        tab = next((each for each in TABS[:5] if getattr(sizes, each, 0)), TO_TELL)
    page = Paginator(with_rows(under(request.actor, tab, request.now)), ROWS).get_page(request.GET.get("page"))
    rows = [booking_row(each, now=request.now) for each in page.object_list]
    record_looks(
        by=request.actor, citizen_ids=[row.citizen_id for row in rows], purpose=_("Bookingønsker"), at=request.now
    )
    tabs = [(each, TAB_NAMES[each], getattr(sizes, each, None), each == tab) for each in TABS]
    context = {
        "page": page,
        "rows": rows,
        "tabs": tabs,
        "tab": tab,
        "to_agree": links_to_agree(request.actor, mine=False).order_by().count(),
        "may_set_reminders": request.actor.may(Permission.MANAGE_POLICIES),
    }
    return render(request, "campaigns/bookings.html", context)


@requires(Permission.MANAGE_POLICIES)
@require_http_methods(["GET", "POST"])
def booking_reminders(request: ActorRequest) -> HttpResponse:
    """When citizens are reminded of their times (S8)."""
    code = request.actor.municipality_code or 0
    plan = reminders.reminder_plan(code)
    form = ReminderSettingsForm(request.POST or None, initial=vars(plan))
    if request.method == "POST" and form.is_valid():
        reminders.save_reminder_plan(
            by=request.actor, municipality_id=code, plan=ReminderPlan(**form.cleaned_data), now=request.now
        )
        messages.success(request, _("Gemt. Det gælder for de næste påmindelser."))
        return redirect("campaigns:booking_reminders")
    status = 422 if form.errors else 200
    return render(request, "campaigns/booking_reminders.html", {"form": form}, status=status)


@requires(Permission.REQUEST_BOOKINGS)
@require_http_methods(["GET", "POST"])
def booking_new(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """Ask for a time for a citizen, without a call."""
    citizen = get_object_or_404(Citizen.objects.visible_to(request.actor), pk=citizen_id)
    open_ones = citizen.follow_ups.open().select_related("programme").order_by("programme__name")
    sessions = sessions_to_book(municipality_id=citizen.municipality_id, now=request.now)
    form = NewRequestForm(
        request.POST or None,
        follow_ups=open_ones,
        protected=citizen.is_protected(local_day(request.now)),
        sessions=sessions,
        initial={"needs_interpreter": citizen.needs_interpreter},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = booking_services.request_booking(
                    by=request.actor,
                    citizen=citizen,
                    follow_ups=list(form.cleaned_data["follow_ups"]),
                    wishes=form.wishes(),
                    release_reason=form.cleaned_data.get("release_reason", ""),
                    now=request.now,
                )
            except UserError as problem:
                form.add_error(None, problem.message)
            else:
                if made.state_at == request.now:
                    messages.success(request, asked_now(made))
                else:
                    messages.info(request, stands_already(made, released=made.released_at == request.now))
                return redirect("campaigns:booking", made.pk)
    record_looks(by=request.actor, citizen_ids=[citizen.pk], purpose=_("Bookingønske"), at=request.now)
    context = {"form": form, "citizen": citizen, "has_programmes": open_ones.exists()}
    return render(request, "campaigns/booking_new.html", context, status=status)
