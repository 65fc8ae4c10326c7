"""The health advisers' own queue: who waits for a talk, the talk's screen, and what came of it (K6)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError
from registry.models import Citizen

from ..forms.dialogues import DialogueForm
from ..models import HealthDialogue, HealthTalk
from ..presenters.dialogues import dialogue_row
from ..presenters.preview import LedToWords, preview_words
from ..selectors.dialogues import dialogue_counts, waiting_dialogues
from ..services.answers import taken_back, undo_answer
from ..services.dialogues.claims import release_dialogue, take_dialogue, take_next_dialogue
from ..services.dialogues.talks import record_talk
from .dialogue_pages import case_for, contact_of_talk, dialogue_form, is_mine, show_dialogue
from .undo import offer_undo, undo_offer, withdraw_offer


@requires(Permission.WORK_HEALTH_DIALOGUES)
@require_GET
@never_cache
def dialogues(request: ActorRequest) -> HttpResponse:
    """Who waits, with worry and wish for a time; and the button that takes the first."""
    actor, now = request.actor, request.now
    found = list(waiting_dialogues(actor))
    record_looks(by=actor, citizen_ids=[each.citizen_id for each in found], purpose=_("Kø til fagsamtaler"), at=now)
    page = {
        "rows": [dialogue_row(each, actor=actor, now=now) for each in found],
        "counts": dialogue_counts(actor, now),
        "undo": undo_offer(request),
    }
    return render(request, "campaigns/dialogues.html", page)


@requires(Permission.WORK_HEALTH_DIALOGUES)
@require_POST
def dialogue_next(request: ActorRequest) -> HttpResponse:
    """Take the talk that is due first."""
    found = take_next_dialogue(by=request.actor, now=request.now)
    if found is None:
        messages.info(request, _("Der er ingen fagsamtaler, der skal holdes lige nu."))
        return redirect("campaigns:dialogues")
    return redirect("campaigns:dialogue", found.pk)


@requires(Permission.WORK_HEALTH_DIALOGUES)
@require_GET
@never_cache
def dialogue(request: ActorRequest, dialogue_id: int) -> HttpResponse:
    """The talk's screen; its form is for whoever has taken it."""
    found = _dialogue(request, dialogue_id)
    case = case_for(request, found)
    return show_dialogue(request, found, case, dialogue_form(request, case))


@requires(Permission.WORK_HEALTH_DIALOGUES)
@require_POST
def dialogue_take(request: ActorRequest, dialogue_id: int) -> HttpResponse:
    """Take this very talk, due or not."""
    found = _dialogue(request, dialogue_id)
    try:
        take_dialogue(by=request.actor, dialogue=found, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
        return redirect("campaigns:dialogues")
    return redirect("campaigns:dialogue", found.pk)


@requires(Permission.WORK_HEALTH_DIALOGUES)
@require_POST
def dialogue_release(request: ActorRequest, dialogue_id: int) -> HttpResponse:
    """Put it back into the queue."""
    found = _dialogue(request, dialogue_id)
    release_dialogue(by=request.actor, dialogue=found, now=request.now)
    messages.success(request, _("Fagsamtalen er lagt tilbage i køen."))
    return redirect("campaigns:dialogues")


@requires(Permission.WORK_HEALTH_DIALOGUES)
@require_POST
@never_cache
@sensitive_post_parameters()
def dialogue_save(request: ActorRequest, dialogue_id: int) -> HttpResponse:
    """Record the talk; "Gem og næste" takes the next."""
    found = _dialogue(request, dialogue_id)
    if _already_saved(request, found):
        return redirect("campaigns:dialogues")  # the second click on the button
    case = case_for(request, found)
    form = dialogue_form(request, case)
    if not form.is_valid():
        return show_dialogue(request, found, case, form, status=422)
    try:
        attempt = record_talk(**_talk(request, found, form))
    except UserError as problem:
        return show_dialogue(request, found, case, form, problem=problem.message, status=409)
    offer_undo(request, attempt)
    return dialogue_next(request) if request.POST.get("then") == "next" else redirect("campaigns:dialogues")


@requires(Permission.WORK_HEALTH_DIALOGUES)
@require_POST
@never_cache
@sensitive_post_parameters()
def dialogue_preview(request: ActorRequest, dialogue_id: int) -> HttpResponse:
    """The next step the outcome leads to, before anything is saved."""
    found = _dialogue(request, dialogue_id)
    case = case_for(request, found)
    form = dialogue_form(request, case)
    words = LedToWords([])
    form.is_valid()
    if form.cleaned_data.get("outcome") and is_mine(request, found):
        led_to = taken_back(lambda: record_talk(**_talk(request, found, form)), case.citizen)
        words = LedToWords(preview_words(led_to.follow_ups), led_to.problem)
    if request.htmx:
        return render(request, "campaigns/parts/next_step.html", {"preview": words})
    return show_dialogue(request, found, case, form, preview=words)


@requires(Permission.WORK_HEALTH_DIALOGUES)
@require_POST
def dialogue_undo(request: ActorRequest, talk_id: int) -> HttpResponse:
    """Take back one's own talk, and go back to it."""
    citizens = Citizen.objects.visible_to(request.actor)
    talks = HealthTalk.objects.visible_to(request.actor).filter(dialogue__citizen__in=citizens)
    talk = get_object_or_404(talks.select_related("attempt"), pk=talk_id)
    withdraw_offer(request)
    try:
        undo_answer(by=request.actor, attempt=talk.attempt, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
        return redirect("campaigns:dialogues")
    messages.success(request, _("Fagsamtalen er fortrudt. Alt står, som før du gemte."))
    return redirect("campaigns:dialogue", talk.dialogue_id)


def _talk(request: ActorRequest, found: HealthDialogue, form: DialogueForm) -> dict[str, Any]:
    filled = form.cleaned_data
    return {
        "by": request.actor,
        "dialogue": found,
        "outcome": filled["outcome"],
        "barrier": filled.get("barrier") or "",
        "talk_at": filled.get("talk_at"),
        "health_note": filled.get("health_note") or "",
        "now": request.now,
        **contact_of_talk(form, found.citizen),
    }


def _already_saved(request: ActorRequest, found: HealthDialogue) -> bool:
    last = found.talks.filter(attempt__undone_at=None).order_by("-id").select_related("attempt").first()
    return found.closed_at is not None and last is not None and last.attempt.by_user_id == request.actor.user_id


def _dialogue(request: ActorRequest, dialogue_id: int) -> HealthDialogue:
    """A talk of a citizen the adviser may see: referred, or just spoken with (A1)."""
    rows = HealthDialogue.objects.visible_to(request.actor).filter(
        citizen__in=Citizen.objects.visible_to(request.actor)
    )
    return get_object_or_404(rows.select_related("citizen__parish", "claimed_by"), pk=dialogue_id)
