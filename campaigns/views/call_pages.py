"""Put the call screen together: used by the pages that show it and by those that show it again with errors."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from popup_sites.selectors.nearest import NearSession
from registry.models import Citizen

from ..forms.answers import AnswerForm
from ..models import CallScript, CallTask
from ..presenters.call_screen import call_screen
from ..presenters.keys import key_list
from ..presenters.languages import language_choices
from ..presenters.preview import LedToWords
from ..presenters.tally import tally_line
from ..presenters.timeline import timeline_rows
from ..selectors.citizen_case import CitizenCase, citizen_case, script_languages
from ..selectors.near_citizen import sessions_near
from ..selectors.queue import counts, progress_today
from ..selectors.timeline import timeline
from ..services.texts import approved_script
from .call_forms import choices_for
from .undo import undo_offer

SHOWN_EVENTS = 8


def answer_form(request: ActorRequest, case: CitizenCase) -> AnswerForm:
    """The form for a case: bound when something was posted."""
    data = request.POST if request.method == "POST" else None
    return AnswerForm(data, choices=choices_for(case, _near(request, case), request.now), now=request.now)


def _near(request: ActorRequest, case: CitizenCase) -> list[NearSession]:
    return sessions_near(case.citizen, case.open_follow_ups, actor=request.actor, now=request.now)


def case_of(request: ActorRequest, citizen: Citizen, *, purpose: str) -> CitizenCase:
    """The citizen's case, and the looks logged: a page that shows it cannot forget (A3)."""
    case = citizen_case(citizen, actor=request.actor)
    record_looks(
        by=request.actor,
        citizen_ids=case.shown_citizen_ids,
        municipality_id=citizen.municipality_id,
        purpose=purpose,
        at=request.now,
    )
    return case


def show_call(
    request: ActorRequest,
    case: CitizenCase,
    form: AnswerForm,
    *,
    task: CallTask | None = None,
    preview: LedToWords | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The call screen for a task, or without one for a citizen who rings in."""
    actor, now, citizen = request.actor, request.now, case.citizen
    screen = call_screen(
        case,
        actor=actor,
        scripts=_scripts(case, _script_language(request, citizen)),
        sessions=_near(request, case),
        languages=script_languages(case.open_follow_ups),
        now=now,
    )
    page: dict[str, Any] = {
        "screen": screen,
        "entries": timeline_rows(timeline(citizen, until=now)[:SHOWN_EVENTS], message_texts=False),
        "form": form,
        "keys": key_list(with_programmes=bool(form.programme_rows), with_household=bool(form.member_rows)),
        "has_errors": bool(problem),
        "preview": preview,
        "problem": problem,
        "undo": undo_offer(request),
        "tally": tally_line(progress_today(actor, now), counts(actor, now)),
        **_addresses(citizen, task),
    }
    return render(request, "campaigns/call.html", page, status=status)


def _script_language(request: ActorRequest, citizen: Citizen) -> str:
    """The one the caller chose, else the citizen's."""
    chosen = request.GET.get("sprog", "")
    return chosen if chosen in dict(language_choices()) else citizen.language


def _scripts(case: CitizenCase, language: str) -> dict[int, CallScript]:
    """The approved script per programme id, in that language, else in Danish (K5)."""
    found = {
        each.programme_id: approved_script(each.programme, language, municipality_id=each.municipality_id)
        for each in case.open_follow_ups
    }
    return {programme: script for programme, script in found.items() if script is not None}


def _addresses(citizen: Citizen, task: CallTask | None) -> dict[str, Any]:
    if task is None:
        return {
            "save_url": reverse("campaigns:call_in", args=[citizen.pk]),
            "preview_url": reverse("campaigns:call_in_preview", args=[citizen.pk]),
            "cancel_url": reverse("campaigns:citizen", args=[citizen.pk]),
            "script_url": reverse("campaigns:call_in", args=[citizen.pk]),
        }
    return {
        "task_id": task.pk,
        "held_until": task.claimed_until,
        "script_url": reverse("campaigns:call", args=[task.pk]),
        "save_url": reverse("campaigns:call_save", args=[task.pk]),
        "preview_url": reverse("campaigns:call_preview", args=[task.pk]),
    }
