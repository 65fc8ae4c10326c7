"""Put the call screen together: used by the pages that show it and by those that show it again with errors."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from registry.models import Citizen

from ..forms.answers import AnswerForm
from ..models import CallTask
from ..presenters.call_screen import call_screen
from ..presenters.people import guardian_to_inform
from ..presenters.tally import tally_line
from ..presenters.timeline import timeline_rows
from ..selectors.citizen_case import CitizenCase, citizen_case, scripts_for
from ..selectors.near_citizen import sessions_near
from ..selectors.queue import counts, progress_today
from ..selectors.timeline import timeline
from .undo import undo_offer

SHOWN_EVENTS = 8


def answer_form(request: ActorRequest, case: CitizenCase) -> AnswerForm:
    """The form for a case: bound when something was posted."""
    data = request.POST if request.method == "POST" else None
    return AnswerForm(
        data,
        programmes=[(str(each.pk), each.programme.name) for each in case.open_follow_ups],
        household=[
            (str(member.citizen.pk), _("Svaret gælder også %(name)s") % {"name": member.citizen.name})
            for member in case.household
            if member.follow_ups
        ],
        guardian=guardian_to_inform(case) is not None,
        now=request.now,
    )


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
    preview: list[str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The call screen for a task, or without one for a citizen who rings in."""
    actor, now, citizen = request.actor, request.now, case.citizen
    screen = call_screen(
        case,
        actor=actor,
        scripts=scripts_for(case.open_follow_ups, citizen.language),
        sessions=sessions_near(citizen, case.open_follow_ups, actor=actor, now=now),
        now=now,
    )
    page: dict[str, Any] = {
        "screen": screen,
        "entries": timeline_rows(timeline(citizen, until=now)[:SHOWN_EVENTS], message_texts=False),
        "form": form,
        "has_errors": bool(problem),
        "preview": preview,
        "problem": problem,
        "undo": undo_offer(request),
        "tally": tally_line(progress_today(actor, now), counts(actor, now)),
        **_addresses(citizen, task),
    }
    return render(request, "campaigns/call.html", page, status=status)


def _addresses(citizen: Citizen, task: CallTask | None) -> dict[str, Any]:
    if task is None:
        return {
            "save_url": reverse("campaigns:call_in", args=[citizen.pk]),
            "preview_url": reverse("campaigns:call_in_preview", args=[citizen.pk]),
            "cancel_url": reverse("campaigns:citizen", args=[citizen.pk]),
        }
    return {
        "task_id": task.pk,
        "held_until": task.claimed_until,
        "save_url": reverse("campaigns:call_save", args=[task.pk]),
        "preview_url": reverse("campaigns:call_preview", args=[task.pk]),
    }
