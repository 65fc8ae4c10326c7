"""Citizens without a number that works: take the next one, write down the number found, or that there is none (C4)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError
from registry.models import Citizen

from ..forms.citizens import FoundNumberForm
from ..forms.lookups import NothingFoundForm
from ..models import ContactAttempt, LookupResult
from ..presenters.lookups import LookupRow, lookup_row
from ..selectors.lookup_page import citizens_to_look_up, tried_before
from ..services import lookup_claims
from ..services import lookups as lookup_services

ROWS = 20


@requires(Permission.LOOK_UP_CONTACTS)
@require_GET
def lookups(request: ActorRequest) -> HttpResponse:
    """The list, those with the nearest deadline first."""
    return _show(request)


@requires(Permission.LOOK_UP_CONTACTS)
@require_POST
def lookup_next(request: ActorRequest) -> HttpResponse:
    """Take the most urgent citizen whom nobody else looks up."""
    citizen = lookup_claims.claim_next(by=request.actor, now=request.now)
    if citizen is None:
        messages.info(request, _("Der er ikke flere at slå op lige nu."))
        return redirect("campaigns:lookups")
    return redirect("campaigns:lookup", citizen.pk)


@requires(Permission.LOOK_UP_CONTACTS)
@require_GET
def lookup(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """One citizen to look up, for whoever took them; for others it is said where it stands."""
    citizen = _citizen(request, citizen_id)
    try:
        lookup_claims.require_held(by=request.actor, citizen=citizen, now=request.now)
    except UserError as problem:
        messages.info(request, problem.message)
        return redirect("campaigns:lookups")
    return _show_one(request, citizen)


@requires(Permission.LOOK_UP_CONTACTS)
@require_POST
def lookup_release(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """Let somebody else look."""
    lookup_claims.release(by=request.actor, citizen=_citizen(request, citizen_id))
    return redirect("campaigns:lookups")


@requires(Permission.LOOK_UP_CONTACTS)
@require_POST
@sensitive_post_parameters()
def lookup_found(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """Save a number with its source; the follow-up goes on to SMS or call."""
    citizen = _citizen(request, citizen_id)
    form = FoundNumberForm(request.POST, prefix=str(citizen.pk))
    if form.is_valid():
        try:
            lookup_services.number_found(by=request.actor, citizen=citizen, now=request.now, **form.cleaned_data)
        except UserError as problem:
            form.add_error("number", problem.message)
        else:
            messages.success(request, _("Nummeret er gemt. Borgeren er tilbage i køen."))
            return _onward(request)
    return _again(request, citizen, form, None)


@requires(Permission.LOOK_UP_CONTACTS)
@require_POST
def lookup_nothing(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """No number is to be found, or the citizen will not give one: a letter is next."""
    citizen = _citizen(request, citizen_id)
    refused = request.POST.get("result") == LookupResult.NOT_WANTED
    none = NothingFoundForm(request.POST, prefix=str(citizen.pk), refused=refused)
    if none.is_valid():
        try:
            lookup_services.nothing_found(
                by=request.actor,
                citizen=citizen,
                now=request.now,
                places=none.cleaned_data["places"],
                result=LookupResult.NOT_WANTED if refused else LookupResult.NOT_FOUND,
            )
        except UserError as problem:
            none.add_error("places", problem.message)
        else:
            messages.success(request, _("Det er skrevet ned, at der ikke er et nummer. Borgeren får et brev."))
            return _onward(request)
    return _again(request, citizen, None, none)


def _onward(request: ActorRequest) -> HttpResponse:
    if request.POST.get("then") != "next":
        return redirect("campaigns:lookups")
    citizen = lookup_claims.claim_next(by=request.actor, now=request.now)
    return redirect("campaigns:lookup", citizen.pk) if citizen else redirect("campaigns:lookups")


def _again(
    request: ActorRequest, citizen: Citizen, form: FoundNumberForm | None, none: NothingFoundForm | None
) -> HttpResponse:
    """The page it came from, with what is wrong."""
    if request.POST.get("then") == "next" and citizens_to_look_up(request.actor).filter(pk=citizen.pk).exists():
        return _show_one(request, citizen, form, none, status=422)
    return _show(request, {citizen.pk: form} if form else {}, {citizen.pk: none} if none else {}, status=422)


def _show_one(
    request: ActorRequest,
    citizen: Citizen,
    form: FoundNumberForm | None = None,
    none: NothingFoundForm | None = None,
    status: int = 200,
) -> HttpResponse:
    waiting = citizens_to_look_up(request.actor)
    shown = get_object_or_404(waiting, pk=citizen.pk)
    number = waiting.count()
    left = ngettext("%(number)s borger mangler et nummer", "%(number)s borgere mangler et nummer", number)
    context = {
        "row": _row(request, shown, tried_before([shown.pk])),
        "form": form or FoundNumberForm(prefix=str(shown.pk)),
        "none": none or NothingFoundForm(prefix=str(shown.pk)),
        "left": left % {"number": number},
        "held_until": getattr(getattr(shown, "lookup_claim", None), "claimed_until", None),
        "has_errors": status != 200,
    }
    _record(request, [shown.pk])
    return render(request, "campaigns/lookup.html", context, status=status)


def _show(
    request: ActorRequest,
    bound: dict[int, FoundNumberForm] | None = None,
    nothing: dict[int, NothingFoundForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = Paginator(citizens_to_look_up(request.actor), ROWS).get_page(request.GET.get("page"))
    tried = tried_before([citizen.pk for citizen in page.object_list])
    rows = [
        (
            _row(request, citizen, tried),
            (bound or {}).get(citizen.pk) or FoundNumberForm(prefix=str(citizen.pk)),
            (nothing or {}).get(citizen.pk) or NothingFoundForm(prefix=str(citizen.pk)),
        )
        for citizen in page.object_list
    ]
    _record(request, [row.citizen_id for row, _form, _none in rows])
    return render(request, "campaigns/lookups.html", {"page": page, "rows": rows, "has_errors": status != 200},
                  status=status)  # fmt: skip


def _row(request: ActorRequest, citizen: Citizen, tried: dict[int, ContactAttempt]) -> LookupRow:
    return lookup_row(
        citizen,
        list(citizen.follow_ups.all()),
        tried=tried.get(citizen.pk),
        reader_id=request.actor.user_id,
        now=request.now,
    )


def _record(request: ActorRequest, citizen_ids: list[int]) -> None:
    record_looks(by=request.actor, citizen_ids=citizen_ids, purpose=_("Mangler telefonnummer"), at=request.now)


def _citizen(request: ActorRequest, citizen_id: int) -> Citizen:
    return get_object_or_404(Citizen.objects.visible_to(request.actor), pk=citizen_id)
