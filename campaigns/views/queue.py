"""The call queue for a team lead: what waits, for whom, and what the day has brought."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError

from ..forms.queue import AssignForm, QueueFilterForm
from ..models import CallTask
from ..presenters.languages import language_name
from ..presenters.moments import local_day
from ..presenters.queue import queue_row
from ..selectors.queue import counts
from ..selectors.queue_page import callers_of_municipality, calls_today, filtered_queue, languages_in_queue
from ..services import calls as call_services

ROWS = 50


@requires(Permission.MANAGE_CALL_QUEUE)
@require_GET
def queue(request: ActorRequest) -> HttpResponse:
    """Waiting calls, 50 to a page, in the order in which they are given out."""
    actor, now = request.actor, request.now
    callers = callers_of_municipality(actor)
    languages = [(code, language_name(code).capitalize()) for code in languages_in_queue(actor)]
    form = QueueFilterForm(request.GET, languages=languages, callers=callers)
    tasks = filtered_queue(actor, form.chosen(), today=local_day(now), now=now)
    page = Paginator(tasks, ROWS).get_page(request.GET.get("page"))
    rows = [queue_row(task, now=now) for task in page.object_list]
    record_looks(by=actor, citizen_ids=[row.citizen_id for row in rows], purpose=_("Opkaldskø"), at=now)
    context = {
        "filter_form": form,
        "page": page,
        "rows": rows,
        "callers": callers,
        "counts": counts(actor, now),
        "today": calls_today(actor, now),
        "filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "campaigns/queue.html", context)


@requires(Permission.MANAGE_CALL_QUEUE)
@require_POST
def task_release(request: ActorRequest, task_id: int) -> HttpResponse:
    """Take a call from whoever holds it, and let the next caller have it."""
    task = get_object_or_404(CallTask.objects.visible_to(request.actor), pk=task_id)
    try:
        call_services.release(by=request.actor, task=task, now=request.now)
        messages.success(request, _("Opkaldet er frit igen."))
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:queue")


@requires(Permission.MANAGE_CALL_QUEUE)
@require_POST
def task_assign(request: ActorRequest, task_id: int) -> HttpResponse:
    """Give a call to a colleague, or to whoever comes next."""
    task = get_object_or_404(CallTask.objects.visible_to(request.actor), pk=task_id)
    form = AssignForm(request.POST, callers=callers_of_municipality(request.actor))
    if not form.is_valid():
        messages.error(request, _("Vælg en medarbejder, der ringer op i jeres kommune."))
        return redirect("campaigns:queue")
    chosen = form.cleaned_data["to_user"]
    try:
        call_services.assign(by=request.actor, task=task, to_user=chosen, now=request.now)
        words = {"name": chosen.display_name} if chosen else {}
        messages.success(
            request, _("Opkaldet er givet til %(name)s.") % words if chosen else _("Opkaldet er for alle igen.")
        )
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:queue")
