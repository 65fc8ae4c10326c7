"""Put the screen of a talk together: the citizen as far as the adviser needs, the worry, and what to say."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from registry.models import Citizen

from ..forms.dialogues import DialogueForm
from ..models import DialogueState, HealthDialogue, SpokeWith
from ..presenters.call_notices import call_notices
from ..presenters.dialogues import answer_lines, dialogue_row, talk_rows
from ..presenters.keys import talk_keys
from ..presenters.people import person_view
from ..presenters.preview import LedToWords
from ..presenters.scripts import ScriptView, script_view
from ..selectors.citizen_case import CitizenCase, citizen_case
from ..selectors.dialogues import earlier_talks
from ..services.texts import approved_script
from .call_forms import choices_for
from .undo import undo_offer


def case_for(request: ActorRequest, dialogue: HealthDialogue) -> CitizenCase:
    """The citizen's case, and the look logged (A3)."""
    case = citizen_case(dialogue.citizen, actor=request.actor)
    record_looks(
        by=request.actor,
        citizen_ids=[dialogue.citizen_id],
        municipality_id=dialogue.municipality_id,
        purpose=_("Fagsamtale"),
        at=request.now,
    )
    return case


def dialogue_form(request: ActorRequest, case: CitizenCase) -> DialogueForm:
    """The form for a case: bound when something was posted."""
    data = request.POST if request.method == "POST" else None
    return DialogueForm(data, choices=choices_for(case, [], request.now), now=request.now)


def is_mine(request: ActorRequest, dialogue: HealthDialogue) -> bool:
    """Whether the reader has taken the talk."""
    return dialogue.state == DialogueState.CLAIMED and dialogue.claimed_by_id == request.actor.user_id


def contact_of_talk(form: DialogueForm, citizen: Citizen) -> dict[str, Any]:
    """Who was spoken with, as `record_talk` takes it (K8)."""
    filled = form.cleaned_data
    chosen, _separator, _key = (filled.get("spoke_with") or SpokeWith.CITIZEN).partition(":")
    names = dict(form.choices.people)
    known = str(names.get(filled.get("spoke_with") or "", "")) if _key else ""
    return {
        "spoke_with": chosen,
        "spoke_with_name": known or (filled.get("spoke_with_name") or "" if chosen != SpokeWith.CITIZEN else ""),
        "interpreter_language": citizen.language if filled.get("interpreter") else "",
    }


def show_dialogue(
    request: ActorRequest,
    dialogue: HealthDialogue,
    case: CitizenCase,
    form: DialogueForm,
    *,
    preview: LedToWords | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The screen; the form only for whoever has taken the talk."""
    actor, now = request.actor, request.now
    page = {
        "dialogue": dialogue_row(dialogue, actor=actor, now=now),
        "is_open": dialogue.state in (DialogueState.OPEN, DialogueState.CLAIMED),
        "person": person_view(case, now=now),
        "notices": call_notices(case, actor=actor, now=now),
        "answers": answer_lines(case.follow_ups),
        "talks": talk_rows(earlier_talks(actor, case.citizen)),
        "scripts": _scripts(request, case),
        "form": form,
        "mine": is_mine(request, dialogue),
        "preview": preview,
        "problem": problem,
        "has_errors": bool(problem),
        "keys": talk_keys(),
        "undo": undo_offer(request),
    }
    return render(request, "campaigns/dialogue.html", page, status=status)


def _scripts(request: ActorRequest, case: CitizenCase) -> list[ScriptView]:
    """The approved answers to worries, in the citizen's language where there are some."""
    fields = {
        "caller": request.actor.name.split(" ")[0],
        "organisation": request.actor.organisation_name,
        "citizen": case.citizen.name,
    }
    found = [
        (each.programme, approved_script(each.programme, case.citizen.language, municipality_id=each.municipality_id))
        for each in case.follow_ups
    ]
    return [script_view(programme, script, fields) for programme, script in found if script is not None]
