"""Citizens without a number that works: write down the one that was found, or that there is none (C4)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError
from registry.models import Citizen

from ..forms.citizens import FoundNumberForm
from ..presenters.lookups import lookup_row
from ..selectors.lookup_page import citizens_to_look_up
from ..services import lookups as lookup_services

ROWS = 20


@requires(Permission.LOOK_UP_CONTACTS)
@require_GET
def lookups(request: ActorRequest) -> HttpResponse:
    """The list, those with the nearest deadline first."""
    return _show(request)


@requires(Permission.LOOK_UP_CONTACTS)
@require_POST
@sensitive_post_parameters()
def lookup_found(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """Save a number with its source; the follow-up goes on to SMS or call."""
    citizen = _citizen(request, citizen_id)
    form = FoundNumberForm(request.POST, prefix=str(citizen.pk))
    if not form.is_valid():
        return _show(request, {citizen.pk: form}, status=422)
    try:
        lookup_services.number_found(by=request.actor, citizen=citizen, now=request.now, **form.cleaned_data)
    except UserError as problem:
        form.add_error("number", problem.message)
        return _show(request, {citizen.pk: form}, status=422)
    messages.success(request, _("Nummeret er gemt. Borgeren er tilbage i køen."))
    return redirect("campaigns:lookups")


@requires(Permission.LOOK_UP_CONTACTS)
@require_POST
def lookup_nothing(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """No number is to be found: a letter is next."""
    citizen = _citizen(request, citizen_id)
    try:
        lookup_services.nothing_found(by=request.actor, citizen=citizen, now=request.now)
        messages.success(request, _("Det er skrevet ned, at der ikke kunne findes et nummer. Borgeren får et brev."))
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:lookups")


def _show(request: ActorRequest, bound: dict[int, FoundNumberForm] | None = None, status: int = 200) -> HttpResponse:
    page = Paginator(citizens_to_look_up(request.actor), ROWS).get_page(request.GET.get("page"))
    rows = [
        (
            lookup_row(citizen, list(citizen.follow_ups.all()), now=request.now),
            (bound or {}).get(citizen.pk) or FoundNumberForm(prefix=str(citizen.pk)),
        )
        for citizen in page.object_list
    ]
    record_looks(
        by=request.actor,
        citizen_ids=[row.citizen_id for row, _form in rows],
        purpose=_("Mangler telefonnummer"),
        at=request.now,
    )
    context = {"page": page, "rows": rows, "has_errors": bool(bound)}
    return render(request, "campaigns/lookups.html", context, status=status)


def _citizen(request: ActorRequest, citizen_id: int) -> Citizen:
    return get_object_or_404(Citizen.objects.visible_to(request.actor), pk=citizen_id)
