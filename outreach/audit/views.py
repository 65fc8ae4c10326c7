"""The access log, for the auditor."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.privacy.models import ErasureRun
from outreach.privacy.retention import kept_on_purpose, retention_kinds

from .forms import AccessLogFilterForm
from .models import Action
from .selectors import events_visible_to, narrowed
from .services import record

EVENTS_PER_PAGE = 50


@require_GET
@requires(Permission.SEE_ACCESS_LOG)
def access_log(request: ActorRequest) -> HttpResponse:
    """Who used whose data, newest first, narrowed by person, kind and day. Reading the log is itself logged."""
    form = AccessLogFilterForm(request.GET or None)
    criteria = form.cleaned_data if form.is_bound and form.is_valid() else {}
    actor = request.actor
    events = narrowed(events_visible_to(actor), **criteria)
    page = Paginator(events, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    record(
        by=actor,
        action=Action.SEARCH,
        subject_kind="access_log",
        purpose="Kontrol af adgangsloggen",
        detail={"by": sorted(name for name, value in criteria.items() if value)},
        at=request.now,
    )
    query = request.GET.copy()
    query.pop("page", None)
    return render(request, "audit/access_log.html", {"form": form, "page": page, "query": query.urlencode()})


@require_GET
@requires(Permission.SEE_ACCESS_LOG)
def retention(request: ActorRequest) -> HttpResponse:
    """How long each kind of data is kept, what has been erased so far, and what is kept on purpose (A5).

    The sums are the whole installation's, which the page says: they tell of no citizen, and the municipality's own
    erasures stand in its access log.
    """
    runs = {run.kind: run for run in ErasureRun.objects.all()}
    # What is about citizens first; files and odds and ends after.
    kinds = sorted(retention_kinds(), key=lambda kind: not kind.keys)
    rows = [(kind, runs.get(kind.name)) for kind in kinds]
    last_run = max((run.last_run_at for run in runs.values()), default=None)
    context = {"rows": rows, "kept": kept_on_purpose(), "last_run": last_run}
    return render(request, "audit/retention.html", context)
