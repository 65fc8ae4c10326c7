"""Save what came of a call, show beforehand what it leads to, and take it back within ten seconds."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError
from registry.models import Citizen, CitizenStatus, Outcome

from ..forms.answers import AnswerForm
from ..models import CallTask, ContactAttempt, ContactKind
from ..presenters.ended_cases import ended_words, not_saved_words
from ..presenters.preview import LedToWords, preview_words
from ..selectors.answers import same_answer_just_saved
from ..selectors.citizen_case import CitizenCase
from ..selectors.ended_cases import ended_case
from ..selectors.waiting import held_task
from ..services import answers as answer_services
from ..services import calls as call_services
from .call_forms import contact_of, members_said, said_by
from .call_pages import answer_form, case_of, show_call
from .undo import offer_undo, withdraw_offer


@requires(Permission.WORK_CALLS)
@require_POST
@sensitive_post_parameters("note", "worry", "wishes", "spoke_with_name")
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
        attempt = _record(request, case, form, kind=ContactKind.CALL, task=task)
    except UserError as problem:
        return show_call(request, case, form, task=task, problem=_why_not(problem, task.citizen, request), status=409)
    offer_undo(request, attempt)
    return _onward(request, task.citizen)


@requires(Permission.WORK_CALLS)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("note", "worry", "wishes", "spoke_with_name")
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
        attempt = same_answer_just_saved(citizen, form.cleaned_data["outcome"], by=request.actor, now=request.now)
        offer_undo(request, attempt or _record(request, case, form, kind=ContactKind.CALL_IN))
    except UserError as problem:
        return show_call(request, case, form, problem=_why_not(problem, citizen, request), status=409)
    return redirect("campaigns:citizen", citizen.pk)


@requires(Permission.WORK_CALLS)
@require_POST
@sensitive_post_parameters("note", "worry", "wishes", "spoke_with_name")
def call_preview(request: ActorRequest, task_id: int) -> HttpResponse:
    """The next step the chosen answer leads to, before anything is saved."""
    task = _task(request, task_id)
    return _preview(request, task.citizen, task)


@requires(Permission.WORK_CALLS)
@require_POST
@sensitive_post_parameters("note", "worry", "wishes", "spoke_with_name")
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
        with transaction.atomic():
            _give_back_the_next(request, attempt)
            answer_services.undo_answer(by=request.actor, attempt=attempt, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
        return redirect("campaigns:citizen", attempt.citizen_id)
    messages.success(request, _("Svaret er fortrudt. Alt står, som før du gemte."))
    if attempt.call_task_id is not None:
        return redirect("campaigns:call", attempt.call_task_id)
    return redirect("campaigns:citizen", attempt.citizen_id)


def _give_back_the_next(request: ActorRequest, attempt: ContactAttempt) -> None:
    """The citizen taken by "Gem og næste" goes back into the queue, so that the caller stands where they stood."""
    held = held_task(request.actor, request.now)
    if held is None or attempt.call_task_id in (None, held.pk):
        return
    if held.claimed_at is not None and held.claimed_at >= attempt.at:
        call_services.release(by=request.actor, task=held, now=request.now)


def _preview(request: ActorRequest, citizen: Citizen, task: CallTask | None) -> HttpResponse:
    case = case_of(request, citizen, purpose=_("Opringning"))
    form = answer_form(request, case)
    words = _preview_words(request, case, form)
    if request.htmx:
        return render(request, "campaigns/parts/next_step.html", {"preview": words})
    return show_call(request, case, form, task=task, preview=words)


def _preview_words(request: ActorRequest, case: CitizenCase, form: AnswerForm) -> LedToWords:
    """From a form that may lack what is still to be filled in; nothing until an outcome is chosen."""
    form.is_valid()
    if (ended := ended_case(case.citizen.pk)) is not None:
        return LedToWords([ended_words(ended, request.now)])
    if not form.cleaned_data.get("outcome"):
        return LedToWords([])
    led_to = answer_services.leads_to(
        by=request.actor,
        citizen=case.citizen,
        said=said_by(form),
        contact=contact_of(form, case),
        members=members_said(form, case),
        now=request.now,
    )
    return LedToWords(preview_words(led_to.follow_ups), led_to.problem)


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


def _record(
    request: ActorRequest, case: CitizenCase, form: AnswerForm, *, kind: ContactKind, task: CallTask | None = None
) -> ContactAttempt:
    return answer_services.record_call(
        by=request.actor,
        citizen=case.citizen,
        said=said_by(form),
        contact=contact_of(form, case, kind=kind),
        members=members_said(form, case),
        call_task=task,
        now=request.now,
    )


def _already_answered(request: ActorRequest, task: CallTask) -> bool:
    done = task.attempts_made.filter(by_user_id=request.actor.user_id, undone_at=None)
    return task.state == "done" and done.exists()


def _onward(request: ActorRequest, citizen: Citizen) -> HttpResponse:
    if request.POST.get("then") != "next":
        return redirect("campaigns:citizen", citizen.pk)
    task = _same_citizen_again(request, citizen) or call_services.claim_next(by=request.actor, now=request.now)
    return redirect("campaigns:call", task.pk) if task else redirect("campaigns:next_citizen")


def _same_citizen_again(request: ActorRequest, citizen: Citizen) -> CallTask | None:
    """After a wrong number the citizen's other number is tried at once, not some day (K6)."""
    if request.POST.get("outcome") != Outcome.WRONG_NUMBER:
        return None
    waiting = CallTask.objects.visible_to(request.actor).waiting().filter(citizen=citizen, due_at__lte=request.now)
    task = waiting.first()
    try:
        return task and call_services.claim(by=request.actor, task=task, now=request.now)
    except UserError:
        return None  # a colleague was quicker


def _task(request: ActorRequest, task_id: int) -> CallTask:
    tasks = CallTask.objects.visible_to(request.actor).select_related("citizen__parish", "claimed_by")
    return get_object_or_404(tasks, pk=task_id)


def _citizen(request: ActorRequest, citizen_id: int) -> Citizen:
    citizens = Citizen.objects.visible_to(request.actor).select_related("parish", "institution")
    return get_object_or_404(citizens, pk=citizen_id)
