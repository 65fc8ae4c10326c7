"""Find a citizen by name, phone or CPR, and find who rang. Posted only: no number ends in an address or a log."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record, record_looks

from ..forms.citizens import SearchForm
from ..forms.search import RingBackForm
from ..presenters.found import caller_row, found_row
from ..selectors.callers import MOST_NAMED, callers_named, callers_of
from ..selectors.search import LIMIT, Criterion, search_citizens


@requires(Permission.SEARCH_CITIZENS)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@never_cache
def search(request: ActorRequest) -> HttpResponse:
    """The search page; one hit by number goes straight to the citizen."""
    if request.GET:
        return redirect("campaigns:search")  # somebody put a number into the address: take it out again
    form = SearchForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "campaigns/search.html", {"form": form})
    result = search_citizens(request.actor, form.cleaned_data["query"])
    _log_search(request, result.criterion, [citizen.pk for citizen in result.citizens])
    if len(result.citizens) == 1 and result.criterion != Criterion.NAME:
        return redirect("campaigns:citizen", result.citizens[0].pk)
    rows = [found_row(each, list(each.follow_ups.all()), now=request.now) for each in result.citizens]
    page = {"form": form, "rows": rows, "result": result, "limit": LIMIT, "searched": True}
    return render(request, "campaigns/search.html", page)


@requires(Permission.WORK_CALLS)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@never_cache
def ring_back(request: ActorRequest) -> HttpResponse:
    """A missed call's number, or the name somebody gave → the citizen, or the citizens to choose among (K10)."""
    form = RingBackForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "campaigns/ring_back.html", {"form": form}, status=422 if form.is_bound else 200)
    number, name = form.cleaned_data["number"], form.name
    callers = callers_named(request.actor, name) if name else callers_of(request.actor, number)
    more, callers = name != "" and len(callers) > MOST_NAMED, callers[:MOST_NAMED] if name else callers
    criterion = Criterion.NAME if name else Criterion.PHONE
    _log_search(request, criterion, [caller.citizen.pk for caller in callers])
    if len(callers) == 1:
        row = caller_row(callers[0], now=request.now)
        if row.whose:
            messages.info(request, f"{row.whose}.")
        return redirect("campaigns:citizen", row.found.id)
    rows = [caller_row(caller, now=request.now) for caller in callers]
    page = {"form": form, "rows": rows, "searched": True, "by_name": bool(name), "more": more}
    return render(request, "campaigns/ring_back.html", page)


def _log_search(request: ActorRequest, criterion: Criterion, citizen_ids: list[int]) -> None:
    """One row for the search, by the kind of criterion only, and one for each citizen shown (A3)."""
    detail = {"criterion": criterion.value, "hits": len(citizen_ids)}
    record(by=request.actor, action=Action.SEARCH, subject_kind="citizen", purpose=_("Søgning"), detail=detail)
    record_looks(by=request.actor, citizen_ids=citizen_ids, purpose=_("Vist i søgeresultat"), action=Action.SEARCH)
