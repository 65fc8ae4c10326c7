"""The sample of outcomes for a team lead, and for callers what was said about theirs (K13)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.design.formats import date_da
from outreach.errors import UserError
from registry.models import Municipality
from registry.working_days import add_working_days

from ..forms.quality import JudgeForm, QualitySettingsForm
from ..models import QualityCheck
from ..presenters.quality import QualityRow, quality_row
from ..selectors import quality as checks
from ..services import quality as quality_services

ROWS = 20


@requires(Permission.CHECK_QUALITY)
@require_GET
def quality(request: ActorRequest) -> HttpResponse:
    """Outcomes to look at, calls to see to, and each colleague's figures; never one's own calls."""
    actor, now = request.actor, request.now
    page = Paginator(checks.waiting_checks(actor), ROWS).get_page(request.GET.get("page"))
    rows = [quality_row(check, now=now) for check in page.object_list]
    pending = [quality_row(check, now=now) for check in checks.to_follow_up(actor)[:ROWS]]
    judged = [quality_row(check, now=now) for check in checks.judged(actor)[:ROWS]]
    _log_looks(request, [*rows, *pending, *judged], _("Kvalitet af svar"))
    rule = quality_services.sample_rule(actor.municipality_code or 0)
    context = {
        "page": page,
        "rows": rows,
        "pending": pending,
        "judged": judged,
        "figures": checks.caller_figures(actor, now),
        "figures_days": checks.FIGURES_DAYS,
        "rule": rule,
        "callers": checks.callers(actor),
        "next_day": add_working_days(timezone.localdate(now), 1),
        "settings_form": QualitySettingsForm(initial={"first_outcomes": rule.first_outcomes, "percent": rule.percent}),
    }
    return render(request, "campaigns/quality.html", context)


@requires(Permission.CHECK_QUALITY)
@require_POST
@sensitive_post_parameters("comment")
def quality_judge(request: ActorRequest, quality_check_id: int) -> HttpResponse:
    """Say what there is to say about one outcome."""
    check = get_object_or_404(QualityCheck.objects.visible_to(request.actor), pk=quality_check_id)
    form = JudgeForm(request.POST, callers=checks.callers(request.actor))
    if not form.is_valid():
        wrong = _("Skriv en dag, og vælg en kollega, der ringer.") if {"due", "to_user"} & set(form.errors) else ""
        messages.error(request, wrong or _("Vælg, om svaret er i orden."))
        return redirect("campaigns:quality")
    try:
        judged = quality_services.judge(by=request.actor, check=check, now=request.now, **form.cleaned_data)
        messages.success(request, _saved_words(judged))
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:quality")


@requires(Permission.CHECK_QUALITY)
@require_POST
def quality_followed_up(request: ActorRequest, quality_check_id: int) -> HttpResponse:
    """A call has been seen to."""
    check = get_object_or_404(QualityCheck.objects.visible_to(request.actor), pk=quality_check_id)
    quality_services.mark_followed_up(by=request.actor, check=check, now=request.now)
    messages.success(request, _("Opkaldet er fulgt op."))
    return redirect("campaigns:quality")


@requires(Permission.WORK_CALLS)
@require_POST
def quality_done(request: ActorRequest, quality_check_id: int) -> HttpResponse:
    """Whoever was to follow a call up has done it."""
    get_object_or_404(QualityCheck, pk=quality_check_id, municipality_id__in=request.actor.municipality_codes)
    check = get_object_or_404(QualityCheck.objects.of_colleagues_and_own(request.actor), pk=quality_check_id)
    if not QualityCheck.objects.given_to(request.actor).filter(pk=check.pk).exists():
        messages.info(request, _("Opgaven er løst eller givet til en anden."))
    else:
        quality_services.mark_followed_up(by=request.actor, check=check, now=request.now)
        messages.success(request, _("Opkaldet er fulgt op."))
    return redirect("campaigns:quality_mine")


@requires(Permission.CHECK_QUALITY)
@require_POST
def quality_settings(request: ActorRequest) -> HttpResponse:
    """How large the sample is from now on."""
    municipality = get_object_or_404(Municipality, pk=request.actor.municipality_code)
    form = QualitySettingsForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Skriv antallet af første svar, og en andel mellem 0 og 100."))
        return redirect("campaigns:quality")
    try:
        quality_services.save_settings(
            by=request.actor, municipality=municipality, now=request.now, **form.cleaned_data
        )
        messages.success(request, _("Stikprøven er ændret. Den gælder for svar fra nu af."))
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:quality")


@requires(Permission.WORK_CALLS)
@require_GET
def quality_mine(request: ActorRequest) -> HttpResponse:
    """What was said about one's own calls."""
    page = Paginator(checks.feedback_for(request.actor), ROWS).get_page(request.GET.get("page"))
    rows = [quality_row(check, now=request.now) for check in page.object_list]
    tasks = [quality_row(check, now=request.now) for check in checks.given_to(request.actor)]
    _log_looks(request, [*rows, *tasks], _("Tilbagemelding på eget opkald"))
    return render(request, "campaigns/quality_mine.html", {"page": page, "rows": rows, "tasks": tasks})


@requires(Permission.WORK_CALLS)
@require_POST
def quality_seen(request: ActorRequest, quality_check_id: int) -> HttpResponse:
    """The caller has read it."""
    check = get_object_or_404(QualityCheck.objects.about(request.actor), pk=quality_check_id)
    quality_services.mark_seen(by=request.actor, check=check, now=request.now)
    return redirect("campaigns:quality_mine")


def _saved_words(check: QualityCheck) -> str:
    words = {"name": check.caller_name, "other": check.follow_up_name}
    if check.follow_up_due is not None:
        words["day"] = date_da(check.follow_up_due)
        return _("Gemt. %(other)s skal følge op senest %(day)s, og %(name)s kan se det.") % words
    return _("Gemt. %(name)s kan se det.") % words


def _log_looks(request: ActorRequest, rows: list[QualityRow], purpose: str) -> None:
    citizens = dict.fromkeys(row.citizen_id for row in rows)
    record_looks(by=request.actor, citizen_ids=citizens, purpose=purpose, at=request.now)
