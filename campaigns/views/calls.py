"""Take the next citizen, ring them, or give them back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError

from ..models import CallTask
from ..presenters.tally import tally_line
from ..presenters.waiting import taken_page, waiting_page
from ..selectors.citizen_case import is_held_by
from ..selectors.ended_cases import ended_case
from ..selectors.queue import counts, progress_today
from ..selectors.waiting import held_task, next_due
from ..services import calls as call_services
from .call_pages import answer_form, case_of, show_call
from .undo import undo_offer


@requires(Permission.WORK_CALLS)
@require_http_methods(["GET", "POST"])
def next_citizen(request: ActorRequest) -> HttpResponse:
    """How many wait; posted, it claims the most urgent one and goes there."""
    actor, now = request.actor, request.now
    if request.method == "POST":
        task = call_services.claim_next(by=actor, now=now)
        return redirect("campaigns:call", task.pk) if task else redirect("campaigns:next_citizen")
    queue_counts, held = counts(actor, now), held_task(actor, now)
    if held is not None:
        _record_look(request, held)
    page = waiting_page(
        counts=queue_counts,
        tally=tally_line(progress_today(actor, now), queue_counts),
        next_due=next_due(actor, now),
        held=held,
        now=now,
    )
    return render(request, "campaigns/next_citizen.html", {"page": page, "undo": undo_offer(request)})


@requires(Permission.WORK_CALLS)
@require_GET
def call(request: ActorRequest, task_id: int) -> HttpResponse:
    """The call screen, for whoever holds the task; for others where it stands."""
    task = _task(request, task_id)
    if not is_held_by(task, actor=request.actor, now=request.now) or ended_case(task.citizen_id):
        return show_taken(request, task)
    case = case_of(request, task.citizen, purpose=_("Opringning"))
    return show_call(request, case, answer_form(request, case), task=task)


@requires(Permission.WORK_CALLS)
@require_POST
def call_claim(request: ActorRequest, task_id: int) -> HttpResponse:
    """Take this very task, from the citizen's page or after a claim ran out."""
    task = _task(request, task_id)
    try:
        call_services.claim(by=request.actor, task=task, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:call", task.pk)


@requires(Permission.WORK_CALLS)
@require_POST
def call_release(request: ActorRequest, task_id: int) -> HttpResponse:
    """Put the task back into the queue without an answer."""
    task = _task(request, task_id)
    if is_held_by(task, actor=request.actor, now=request.now):
        call_services.release(by=request.actor, task=task, now=request.now)
        messages.success(request, _("Borgeren er lagt tilbage i køen."))
    return redirect("campaigns:next_citizen")


def show_taken(request: ActorRequest, task: CallTask) -> HttpResponse:
    """The task is done, somebody else's, or free: say which, and what to do."""
    _record_look(request, task)
    page = taken_page(task, ended=ended_case(task.citizen_id), actor=request.actor, now=request.now)
    return render(request, "campaigns/call_taken.html", {"page": page, "undo": undo_offer(request)})


def _record_look(request: ActorRequest, task: CallTask) -> None:
    """A name on the page is a look: else the queue could be walked by its keys unseen (A3)."""
    record_looks(
        by=request.actor,
        citizen_ids=[task.citizen_id],
        municipality_id=task.municipality_id,
        purpose=_("Opringning"),
        at=request.now,
    )


def _task(request: ActorRequest, task_id: int) -> CallTask:
    tasks = CallTask.objects.visible_to(request.actor).select_related("citizen__parish", "claimed_by")
    return get_object_or_404(tasks, pk=task_id)
