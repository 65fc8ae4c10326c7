"""The contact plan under Administration: what holds, a draft with its preview, saving, history (K2, K3, S4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, Programme

from ..contact_plans import ContactPlan, doubts
from ..forms.policies import PlanForm, WindowForm
from ..presenters.moments import local_day
from ..presenters.policies import change_line, plan_differences, plan_view, window_words
from ..presenters.policy_previews import PreviewView, preview_view
from ..selectors.policies import changes_of, groups_with_duty, plan_of, programmes_with_plans
from ..sending_window import DEFAULT_WINDOW, Window, window_for
from ..services.policies import Preview, preview_plan, preview_window, save_plan, save_window
from ..tasks import plan_municipality

HISTORY_SHOWN = 20


@requires(Permission.MANAGE_POLICIES)
@require_GET
def policy_index(request: ActorRequest) -> HttpResponse:
    """Every programme's plan, the sending window, and who changed what."""
    municipality, today = request.actor.municipality_code, local_day(request.now)
    plans = [
        plan_view(each, plan_of(each, municipality, today), plan_of(each, None, today), today)
        for each in programmes_with_plans()
    ]
    window = DEFAULT_WINDOW if municipality is None else window_for(municipality)
    context = {
        "plans": plans,
        "window": window_words(window),
        "window_is_own": window != DEFAULT_WINDOW,
        "history": [change_line(change) for change in changes_of(request.actor)[:HISTORY_SHOWN]],
        "may_edit": municipality is not None,
    }
    return render(request, "campaigns/policies/index.html", context)


@requires(Permission.MANAGE_POLICIES)
@require_http_methods(["GET", "POST"])
def policy_edit(request: ActorRequest, programme_id: int) -> HttpResponse:
    """A draft of one programme's plan: first seen, then saved. `?version=` puts an earlier one back into the draft,
    `?common=1` the common one.
    """
    programme = get_object_or_404(Programme, pk=programme_id, active=True)
    today = local_day(request.now)
    current = plan_of(programme, request.actor.municipality_code, today)
    groups = groups_with_duty(programme, today)
    draft = current if request.method == "POST" else _draft(request, programme, current)
    form = PlanForm(request.POST or None, plan=draft, groups=groups)
    context: dict[str, Any] = {
        "programme": programme,
        "form": form,
        "own": current != plan_of(programme, None, today),
        "draft_differs": draft != current,
        "history": [change_line(change) for change in changes_of(request.actor, programme)[:HISTORY_SHOWN]],
    }
    if not form.is_bound or "edit" in request.POST:
        return render(request, "campaigns/policies/plan.html", context)
    if not form.is_valid():
        return render(request, "campaigns/policies/plan.html", context, status=422)
    plan = form.plan()
    try:
        if "save" in request.POST:
            saved = save_plan(by=request.actor, programme=programme, plan=plan, now=request.now)
            return _saved(request, saved is not None)
        preview = preview_plan(by=request.actor, programme=programme, plan=plan, now=request.now)
    except UserError as problem:
        form.add_error(None, problem.message)
        return render(request, "campaigns/policies/plan.html", context, status=422)
    context |= {
        "title": _("Forhåndsvisning: %(programme)s") % {"programme": programme.name},
        "differences": plan_differences(current, plan),
        "doubts": doubts(plan),
        "preview": _shown(request, preview),
    }
    return render(request, "campaigns/policies/preview.html", context)


@requires(Permission.MANAGE_POLICIES)
@require_http_methods(["GET", "POST"])
def policy_window(request: ActorRequest) -> HttpResponse:
    """When SMS may go: first seen, then saved (S4)."""
    municipality = request.actor.municipality_code
    current = DEFAULT_WINDOW if municipality is None else window_for(municipality)
    draft = Window() if "common" in request.GET else current
    form = WindowForm(request.POST or None, window=draft)
    context: dict[str, Any] = {"form": form, "own": current != DEFAULT_WINDOW}
    if not form.is_bound or "edit" in request.POST:
        return render(request, "campaigns/policies/window.html", context)
    if not form.is_valid():
        return render(request, "campaigns/policies/window.html", context, status=422)
    window = form.window()
    try:
        if "save" in request.POST:
            return _saved(request, save_window(by=request.actor, window=window, now=request.now) is not None)
        preview = preview_window(by=request.actor, window=window, now=request.now)
    except UserError as problem:
        form.add_error(None, problem.message)
        return render(request, "campaigns/policies/window.html", context, status=422)
    context |= {
        "title": _("Forhåndsvisning: sendetider"),
        "differences": [window_words(window)] if window != current else [],
        "doubts": [],
        "preview": _shown(request, preview),
    }
    return render(request, "campaigns/policies/preview.html", context)


def _draft(request: ActorRequest, programme: Programme, current: ContactPlan) -> ContactPlan:
    today = local_day(request.now)
    if "common" in request.GET:
        return plan_of(programme, None, today)
    version = request.GET.get("version", "")
    if not version.isascii() or not version.isdigit() or len(version) > 12:
        return current
    change = get_object_or_404(changes_of(request.actor, programme), pk=int(version))
    stored = ContactPlan.from_stored(change.after)
    # Groups that have come since keep what holds for them now.
    kept = {code: stored.duties.get(code, days) for code, days in current.duties.items()}
    return ContactPlan(stored.steps, stored.quiet_gap_hours, stored.first_contact_days, stored.answer_days, kept)


def _shown(request: ActorRequest, preview: Preview) -> PreviewView:
    """The preview in words; the citizens named in it are written down as looked at (A3)."""
    keys = [example.follow_up_id for example in preview.examples]
    follow_ups = FollowUp.objects.visible_to(request.actor).select_related("programme").in_bulk(keys)
    people = Citizen.objects.visible_to(request.actor).in_bulk({example.citizen_id for example in preview.examples})
    record_looks(
        by=request.actor, citizen_ids=list(people), purpose=_("Forhåndsvisning af kontaktplan"), at=request.now
    )
    return preview_view(preview, follow_ups, people)


def _saved(request: ActorRequest, changed: bool) -> HttpResponseRedirect:
    if changed:
        plan_municipality.delay_on_commit(request.actor.municipality_code)
        messages.success(request, _("Planen er gemt. De næste skridt regnes om nu, og det er klaret om et øjeblik."))
    else:
        messages.info(request, _("Der var intet at gemme: planen er, som den var."))
    return redirect("campaigns:policies")
