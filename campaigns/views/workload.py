"""Workload for those who staff and pay it: sums, the grant, and what the waiting calls take (K12). No citizens."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Municipality

from ..forms.workload import BudgetForm, WorkloadFilterForm
from ..models import WorkBudget
from ..presenters import workload as words
from ..presenters.moments import local_day
from ..selectors import workload as figures
from ..services.workload import save_budget
from ..workload_rules import average_seconds, cost, expected_attempts, forecast, pace_start, staffing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_BEFORE = timedelta(weeks=12)
# What calls take and reach is that of the last four weeks.
RECENT = timedelta(weeks=4)


@requires(Permission.SEE_WORKLOAD)
@require_GET
def workload(request: ActorRequest) -> HttpResponse:
    """The grant, what waits, and the figures by week, list or target group."""
    actor, today = request.actor, local_day(request.now)
    form = WorkloadFilterForm(request.GET)
    first, last, by = _chosen(request, form, today)
    grant = figures.current_budget(actor, today)
    total = figures.totals(actor, first, last)
    rows = figures.breakdown(actor, first, last, by)
    context = {
        "filter_form": form,
        "chosen": {"first": first, "last": last, "by": by},
        "counted_at": figures.counted_at(actor),
        "grant": _grant(request, grant, today) if grant else None,
        "grants": figures.budgets(actor),
        "may_edit": actor.may(Permission.MANAGE_POLICIES),
        "staffing": _staffing(request, today),
        "lines": [words.workload_line(words.row_label(row, by), row.figures, grant) for row in rows],
        "total": words.workload_line(_("I alt"), total, grant),
        "basis": words.basis_words(total),
    }
    return render(request, "campaigns/workload.html", context)


@requires(Permission.SEE_WORKLOAD)
@require_GET
@never_cache
def workload_csv(request: ActorRequest) -> HttpResponse:
    """Week, list and group together, as CSV."""
    return _file(request, "csv")


@requires(Permission.SEE_WORKLOAD)
@require_GET
@never_cache
def workload_xlsx(request: ActorRequest) -> HttpResponse:
    """The same as a spreadsheet."""
    return _file(request, "xlsx")


@requires(Permission.MANAGE_POLICIES)
@require_http_methods(["GET", "POST"])
def budget_create(request: ActorRequest) -> HttpResponse:
    """A new grant."""
    return _budget(request, None)


@requires(Permission.MANAGE_POLICIES)
@require_http_methods(["GET", "POST"])
def budget_edit(request: ActorRequest, budget_id: int) -> HttpResponse:
    """Change a grant."""
    return _budget(request, get_object_or_404(WorkBudget.objects.visible_to(request.actor), pk=budget_id))


def _budget(request: ActorRequest, budget: WorkBudget | None) -> HttpResponse:
    initial = BudgetForm.of(budget) if budget else None
    form = BudgetForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        municipality = get_object_or_404(Municipality, pk=request.actor.municipality_code)
        try:
            save_budget(
                by=request.actor, municipality=municipality, budget=budget, now=request.now, **form.cleaned_data
            )
        except UserError as problem:
            form.add_error(None, problem.message)
        else:
            messages.success(request, _("Bevillingen er gemt."))
            return redirect("campaigns:workload")
    status = 422 if form.is_bound else 200
    return render(request, "campaigns/workload_budget.html", {"form": form, "budget": budget}, status=status)


def _chosen(request: ActorRequest, form: WorkloadFilterForm, today: date) -> tuple[date, date, str]:
    """First and last day, and the breakdown: as chosen, else the last twelve weeks by week."""
    form.is_valid()
    last = form.cleaned_data.get("last") or today
    first = form.cleaned_data.get("first") or last - SHOWN_BEFORE
    return min(first, last), last, form.cleaned_data.get("by") or "week"


def _grant(request: ActorRequest, grant: WorkBudget, today: date) -> words.GrantPanel:
    prices = words.prices_of(grant)

    def spent(first: date, last: date) -> int:
        return cost(words.used_of(figures.totals(request.actor, first, last)), prices).total

    whole = cost(words.used_of(figures.totals(request.actor, grant.starts_on, grant.ends_on)), prices)
    recent = spent(pace_start(today, grant.starts_on), today - timedelta(days=1))
    expected = None
    if grant.starts_on <= today <= grant.ends_on:
        expected = forecast(
            amount=grant.amount,
            used=whole.total,
            recent=recent,
            today=today,
            starts_on=grant.starts_on,
            ends_on=grant.ends_on,
        )
    return words.grant_panel(grant, whole, expected)


def _staffing(request: ActorRequest, today: date) -> list[str]:
    recent = figures.totals(request.actor, today - RECENT, today)
    waiting = figures.waiting_calls(request.actor)
    attempts = expected_attempts(recent.reached_share, figures.most_calls(request.actor))
    seconds = average_seconds(words.used_of(recent))
    need = None
    if attempts is not None and seconds is not None:
        need = staffing(waiting, attempts * seconds, today)
    return words.staffing_words(need, sum(waiting.values()), attempts, seconds)


def _file(request: ActorRequest, ending: str) -> HttpResponse:
    actor, today = request.actor, local_day(request.now)
    first, last, _by = _chosen(request, WorkloadFilterForm(request.GET), today)
    rows, grant = figures.everything(actor, first, last), figures.current_budget(actor, today)
    record(
        by=actor,
        action=Action.EXPORT,
        subject_kind="workload",
        purpose=_("Arbejdsmængde hentet"),
        detail={"rows": len(rows), "format": ending, "first": first.isoformat(), "last": last.isoformat()},
        at=request.now,
    )
    content = words.workload_csv(rows, grant) if ending == "csv" else words.workload_xlsx(rows, grant)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8" if ending == "csv" else XLSX)
    answer["Content-Disposition"] = f'attachment; filename="arbejdsmaengde-{first}-{last}.{ending}"'
    return answer
