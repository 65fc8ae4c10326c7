"""One citizen: where they stand and why, what has happened, and how to reach them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Citizen
from registry.selectors.citizen_differences import open_fields_of
from registry.services.phones import mark_wrong
from registry.services.told_deaths import confirm_death

from ..forms.citizens import PhoneForm
from ..presenters.call_notices import call_notices
from ..presenters.citizen import citizen_page
from ..presenters.people import person_view
from ..presenters.programmes import programme_view
from ..presenters.timeline import timeline_rows
from ..selectors.contact_signs import contact_signs
from ..selectors.timeline import timeline
from ..selectors.waiting import held_task
from ..services.lookups import number_found
from ..services.planning import plan
from ..services.reopening import reopen
from .call_pages import case_of
from .chains import chain_panel
from .undo import undo_offer

HOUSEHOLD_EVENTS = 6


@requires(Permission.SEE_CITIZENS)
@require_GET
@never_cache
def citizen(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """The citizen's page."""
    return _show_citizen(request, _citizen(request, citizen_id), PhoneForm())


@requires(Permission.REVEAL_CPR)
@require_POST
@never_cache
def citizen_reveal_cpr(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """The whole CPR number, logged before it is shown (A4): in place under HTMX, else on a page of its own."""
    found = _citizen(request, citizen_id)
    record(
        by=request.actor,
        action=Action.REVEAL,
        subject_kind="citizen",
        subject_id=found.pk,
        municipality_id=found.municipality_id,
        purpose=_("CPR-nummer vist"),
        at=request.now,
    )
    template = "campaigns/parts/cpr.html" if request.htmx else "campaigns/citizen_reveal_cpr.html"
    return render(request, template, {"citizen_id": found.pk, "name": found.name, "cpr": found.cpr_formatted})


@requires(Permission.EDIT_CITIZENS)
@require_POST
@sensitive_post_parameters()
def phone_add(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """Write down a number with its source (C4)."""
    found = _citizen(request, citizen_id)
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _show_citizen(request, found, form, status=422)
    try:
        number_found(by=request.actor, citizen=found, **form.cleaned_data, now=request.now)
    except UserError as problem:
        form.add_error("number", problem.message)
        return _show_citizen(request, found, form, status=422)
    messages.success(request, _("Nummeret er gemt og bliver brugt næste gang."))
    return redirect("campaigns:citizen", found.pk)


@requires(Permission.EDIT_CITIZENS)
@require_POST
def phone_wrong(request: ActorRequest, citizen_id: int, phone_id: int) -> HttpResponse:
    """Mark a number as wrong; the caller stays in the call and sees the next one."""
    found = _citizen(request, citizen_id)
    phone = get_object_or_404(found.phones, pk=phone_id)
    held = held_task(request.actor, request.now)
    call = held if held is not None and held.citizen_id == found.pk else None
    mark_wrong(by=request.actor, phone=phone, reason=_("Forkert nummer"), now=request.now)
    if call is None:  # the answer that ends the call plans on
        plan(by=request.actor, now=request.now, citizen_ids=[found.pk])
    if request.htmx:
        case = case_of(request, found, purpose=_("Opringning"))
        programmes = [programme_view(each, found, now=request.now) for each in case.open_follow_ups]
        view = {
            "person": person_view(case, now=request.now),
            "programmes": programmes,
            "several_programmes": len(programmes) > 1,
        }
        return render(request, "campaigns/parts/person.html", view)
    messages.success(request, _("Nummeret er markeret som forkert."))
    return redirect("campaigns:call", call.pk) if call else redirect("campaigns:citizen", found.pk)


@requires(Permission.EDIT_CITIZENS)
@require_POST
def follow_up_reopen(request: ActorRequest, citizen_id: int, follow_up_id: int) -> HttpResponse:
    """The citizen regrets a no, or wants to talk again (L8)."""
    found = _citizen(request, citizen_id)
    follow_up = get_object_or_404(found.follow_ups.select_related("citizen"), pk=follow_up_id)
    try:
        reopen(by=request.actor, follow_up=follow_up, now=request.now)
        messages.success(request, _("Opfølgningen er åben igen og har fået et næste skridt."))
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:citizen", found.pk)


@requires(Permission.EDIT_CITIZENS)
@require_POST
def citizen_dead(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """A death told on the telephone, looked up and confirmed (C3)."""
    found = _citizen(request, citizen_id)
    confirm_death(by=request.actor, citizen=found, now=request.now)
    messages.success(request, _("Dødsfaldet er registreret. Alt arbejde er afsluttet, og der sendes ikke mere."))
    return redirect("campaigns:citizen", found.pk)


@requires(Permission.SEE_CITIZENS)
@require_GET
@never_cache
def citizen_history(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """What has happened to somebody in the household, fetched into the call screen when it is asked for."""
    found = _citizen(request, citizen_id)
    case = case_of(request, found, purpose=_("Opringning"))
    context = {
        "name": found.name,
        "citizen_id": found.pk,
        "programmes": [programme_view(each, found, now=request.now) for each in case.follow_ups],
        "entries": timeline_rows(timeline(found, until=request.now)[:HOUSEHOLD_EVENTS], message_texts=False),
    }
    if request.htmx:
        return render(request, "campaigns/parts/member_history.html", context)
    return redirect("campaigns:citizen", found.pk)


def _show_citizen(request: ActorRequest, found: Citizen, form: PhoneForm, status: int = 200) -> HttpResponse:
    case = case_of(request, found, purpose=_("Opslag på borger"))
    context = {
        "page": citizen_page(case, actor=request.actor, now=request.now, signs=contact_signs(found, request.now)),
        "entries": timeline_rows(timeline(found, until=request.now)),
        "form": form,
        "undo": undo_offer(request),
        "notices": call_notices(case, actor=request.actor, now=request.now),
        **chain_panel(request, found),
        "differences": open_fields_of(request.actor, found) if request.actor.may(Permission.EDIT_CITIZENS) else [],
    }
    return render(request, "campaigns/citizen.html", context, status=status)


def _citizen(request: ActorRequest, citizen_id: int) -> Citizen:
    citizens = Citizen.objects.visible_to(request.actor).select_related("parish", "institution")
    return get_object_or_404(citizens, pk=citizen_id)
