"""A case opened by hand for somebody who calls in (L9)."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record_looks
from outreach.errors import UserError

from ..forms.cases import CaseForm, NewCitizenCaseForm
from ..models import Citizen, Municipality
from ..presenters.selections import selected_person
from ..selectors.citizens import by_cpr
from ..selectors.possible_duplicates import possible_duplicates
from ..services.cases import open_case
from ..services.citizens import create_citizen


@requires(Permission.EDIT_CITIZENS)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@never_cache
def case_new(request: ActorRequest) -> HttpResponse:
    """Name and number; somebody we know already is offered before anybody is written down twice."""
    form = NewCitizenCaseForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return render(request, "registry/case_new.html", {"form": form}, status=422 if form.errors else 200)
    data = form.cleaned_data
    known = by_cpr(request.actor, data["cpr"], today=localdate(request.now)) if data["cpr"] else None
    alike = (
        [known]
        if known
        else possible_duplicates(request.actor, name=data["name"], birth_date=data["birth_date"], phone=data["phone"])
    )
    if alike and (known or not request.POST.get("another")):
        record_looks(
            by=request.actor, citizen_ids=[each.pk for each in alike], purpose=_("Fundet ved ny sag"),
            action=Action.SEARCH, at=request.now,
        )  # fmt: skip
        today = localdate(request.now)
        found = {"form": form, "alike": [selected_person(each, today) for each in alike], "certain": known is not None}
        return render(request, "registry/case_new.html", found)
    return _create(request, form)


@requires(Permission.EDIT_CITIZENS)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@never_cache
def case_open(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """A case for a citizen we know."""
    citizen = get_object_or_404(Citizen.objects.visible_to(request.actor), pk=citizen_id)
    form = CaseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            open_case(by=request.actor, citizen=citizen, now=request.now, **form.case())
        except UserError as error:
            form.refuse(error)
        else:
            return _onward(request, citizen)
    record_looks(by=request.actor, citizen_ids=[citizen.pk], purpose=_("Ny sag"), at=request.now)
    context = {"form": form, "person": selected_person(citizen, localdate(request.now))}
    return render(request, "registry/case_open.html", context, status=422 if form.errors else 200)


def _create(request: ActorRequest, form: NewCitizenCaseForm) -> HttpResponse:
    actor, now, data = request.actor, request.now, form.cleaned_data
    municipality = get_object_or_404(Municipality, pk=actor.municipality_code)
    try:
        # Both or none: a citizen without the case they were written down for would be found by nobody.
        with transaction.atomic():
            citizen = create_citizen(
                by=actor,
                municipality=municipality,
                name=data["name"],
                birth_date=data["birth_date"],
                cpr=data["cpr"] or None,
                phone=data["phone"],
                reason=_("Henvendelse"),
                now=now,
            )
            open_case(by=actor, citizen=citizen, now=now, **form.case())
    except UserError as error:
        form.refuse(error)
        return render(request, "registry/case_new.html", {"form": form}, status=422)
    return _onward(request, citizen)


def _onward(request: ActorRequest, citizen: Citizen) -> HttpResponse:
    """To the answer, for those who talk with citizens: they are on the telephone now."""
    messages.success(request, _("Sagen er oprettet. Du kan registrere svaret med det samme."))
    to = "campaigns:call_in" if request.actor.may(Permission.WORK_CALLS) else "campaigns:citizen"
    return redirect(to, citizen.pk)
