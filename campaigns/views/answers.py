"""Save what came of a call, show beforehand what it leads to, and take it back within ten seconds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError
from registry.models import Citizen, CitizenStatus, FollowUp, Outcome

from ..forms.answers import AnswerForm
from ..models import CallTask, ContactAttempt, ContactKind
from ..presenters.ended_cases import ended_words, not_saved_words
from ..presenters.preview import preview_words
from ..selectors.answer_preview import steps_after
from ..selectors.answers import same_answer_just_saved
from ..selectors.citizen_case import CitizenCase
from ..selectors.ended_cases import ended_case
from ..services import answers as answer_services
from ..services import calls as call_services
from .call_pages import answer_form, case_of, show_call
from .undo import offer_undo, withdraw_offer


@requires(Permission.WORK_CALLS)
@require_POST
@sensitive_post_parameters("note")
def call_save(request: ActorRequest, task_id: int) -> HttpResponse:
    """Save the answer of a call; "Gem og næste" claims the next citizen at once."""
    task = _task(request, task_id)
    if _already_answered(request, task):
        return _onward(request, task.citizen)  # the second click on the button, or "back" and save again
    case = case_of(request, task.citizen, purpose=_("Opringning"))
    form = answer_form(request, case)
    if not form.is_valid():
        return show_call(request, case, form, task=task, status=422)
    try:
        # A claim that ran out is no loss while nobody else has taken the citizen: the service decides.
        attempt = answer_services.record_answer(**_answer(request, case, form), call_task=task)
    except UserError as problem:
        return show_call(request, case, form, task=task, problem=_why_not(problem, task.citizen, request), status=409)
    offer_undo(request, attempt)
    return _onward(request, task.citizen)


@requires(Permission.WORK_CALLS)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("note")
def call_in(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """The citizen rings in: the same screen without a task."""
    citizen = _citizen(request, citizen_id)
    case = case_of(request, citizen, purpose=_("Borgeren ringede"))
    if not case.open_follow_ups:
        messages.info(request, _no_case_words(citizen, request))
        return redirect("campaigns:citizen", citizen.pk)
    form = answer_form(request, case)
    if not form.is_bound or not form.is_valid():
        return show_call(request, case, form, status=422 if form.is_bound else 200)
    try:
        answer = _answer(request, case, form) | {"kind": ContactKind.CALL_IN}
        attempt = same_answer_just_saved(citizen, form.cleaned_data["outcome"], by=request.actor, now=request.now)
        offer_undo(request, attempt or answer_services.record_answer(**answer))
    except UserError as problem:
        return show_call(request, case, form, problem=_why_not(problem, citizen, request), status=409)
    return redirect("campaigns:citizen", citizen.pk)


@requires(Permission.WORK_CALLS)
@require_POST
@sensitive_post_parameters("note")
def call_preview(request: ActorRequest, task_id: int) -> HttpResponse:
    """The next step the chosen answer leads to, before anything is saved."""
    task = _task(request, task_id)
    return _preview(request, task.citizen, task)


@requires(Permission.WORK_CALLS)
@require_POST
@sensitive_post_parameters("note")
def call_in_preview(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """The same for a citizen who rings in."""
    return _preview(request, _citizen(request, citizen_id), None)


@requires(Permission.WORK_CALLS)
@require_POST
def call_undo(request: ActorRequest, attempt_id: int) -> HttpResponse:
    """Take back one's own answer, and go back to the call."""
    citizens = Citizen.objects.visible_to(request.actor)
    attempt = get_object_or_404(ContactAttempt.objects.filter(citizen__in=citizens), pk=attempt_id)
    withdraw_offer(request)
    try:
        answer_services.undo_answer(by=request.actor, attempt=attempt, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
        return redirect("campaigns:citizen", attempt.citizen_id)
    messages.success(request, _("Svaret er fortrudt. Alt står, som før du gemte."))
    if attempt.call_task_id is not None:
        return redirect("campaigns:call", attempt.call_task_id)
    return redirect("campaigns:citizen", attempt.citizen_id)


def _preview(request: ActorRequest, citizen: Citizen, task: CallTask | None) -> HttpResponse:
    case = case_of(request, citizen, purpose=_("Opringning"))
    form = answer_form(request, case)
    lines = _preview_words(request, case, form)
    if request.htmx:
        return render(request, "campaigns/parts/next_step.html", {"preview": lines})
    return show_call(request, case, form, task=task, preview=lines)


def _preview_words(request: ActorRequest, case: CitizenCase, form: AnswerForm) -> list[str]:
    """From a form that may lack what is still to be filled in; nothing until an outcome is chosen."""
    form.is_valid()
    if (ended := ended_case(case.citizen.pk)) is not None:
        return [ended_words(ended, request.now)]
    outcome = form.cleaned_data.get("outcome")
    if not outcome:
        return []
    steps = steps_after(
        case,
        Outcome(outcome),
        chosen=_chosen(form),
        call_back_at=form.cleaned_data.get("call_back_at"),
        actor=request.actor,
        now=request.now,
    )
    return preview_words(steps)


def _no_case_words(citizen: Citizen, request: ActorRequest) -> str:
    """To somebody who wants to write down what a citizen without an open follow-up said on the telephone."""
    ended = ended_case(citizen.pk)
    if ended is not None and (citizen.status != CitizenStatus.ACTIVE or citizen.do_not_contact_since):
        return ended_words(ended, request.now)
    return _("Borgeren har ingen åben opfølgning. Genåbn den, hvis borgeren vil tale om det igen.")


def _why_not(problem: UserError, citizen: Citizen, request: ActorRequest) -> str:
    """The service's words, or what happened to the citizen while the caller talked (C3)."""
    ended = ended_case(citizen.pk)
    return problem.message if ended is None else not_saved_words(ended, request.now)


def _chosen(form: AnswerForm) -> set[int]:
    return {int(value) for value in form.cleaned_data.get("follow_ups") or []}


def _answer(request: ActorRequest, case: CitizenCase, form: AnswerForm) -> dict[str, Any]:
    """What the services take, from a valid form."""
    chosen = form.cleaned_data
    numbers = _chosen(form)
    also = {int(value) for value in chosen.get("also", [])}
    follow_ups: list[FollowUp] | None = None
    if numbers:
        follow_ups = [each for each in case.open_follow_ups if each.pk in numbers]
    return {
        "by": request.actor,
        "citizen": case.citizen,
        "outcome": chosen["outcome"],
        "now": request.now,
        "follow_ups": follow_ups,
        "barrier": chosen["barrier"],
        "spoke_with": chosen["spoke_with"],
        "call_back_at": chosen["call_back_at"],
        "note": chosen["note"],
        "also": [member.citizen for member in case.household if member.citizen.pk in also],
    }


def _already_answered(request: ActorRequest, task: CallTask) -> bool:
    done = task.attempts_made.filter(by_user_id=request.actor.user_id, undone_at=None)
    return task.state == "done" and done.exists()


def _onward(request: ActorRequest, citizen: Citizen) -> HttpResponse:
    if request.POST.get("then") != "next":
        return redirect("campaigns:citizen", citizen.pk)
    task = call_services.claim_next(by=request.actor, now=request.now)
    return redirect("campaigns:call", task.pk) if task else redirect("campaigns:next_citizen")


def _task(request: ActorRequest, task_id: int) -> CallTask:
    tasks = CallTask.objects.visible_to(request.actor).select_related("citizen__parish", "claimed_by")
    return get_object_or_404(tasks, pk=task_id)


def _citizen(request: ActorRequest, citizen_id: int) -> Citizen:
    citizens = Citizen.objects.visible_to(request.actor).select_related("parish", "institution")
    return get_object_or_404(citizens, pk=citizen_id)
