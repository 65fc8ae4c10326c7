"""Statusnotat: the note of [004] for the committee, as page, JSON and CSV (D5)."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.design.spreadsheets import BYTE_ORDER_MARK
from registry.models import Programme
from registry.selectors.reference import municipality_by_code
from reports.forms.uptake import StatusNoteFilter
from reports.notes import StatusNote
from reports.presenters import tables
from reports.presenters.status_note import footnotes, sentences
from reports.selectors import status_note as notes
from reports.selectors.scope import active_programmes, chosen_programme


@requires(Permission.SEE_STATUS_NOTE)
def status_note(request: ActorRequest) -> HttpResponse:
    """The note on screen and on paper."""
    programmes = active_programmes()
    form = _filter(request, programmes)
    note = _note(request, form, programmes)
    return render(
        request,
        "reports/status_note.html",
        {
            "note": note,
            "sentences": sentences(note),
            "footnotes": footnotes(note),
            "filter_form": form,
            "query": f"program={note.programme.code}&dato={note.as_of:%d.%m.%Y}",
        },
    )


@requires(Permission.SEE_STATUS_NOTE)
def status_note_json(request: ActorRequest) -> HttpResponse:
    """The note in the shape of the command contract; the export is logged."""
    note = _exported(request, "json")
    response = JsonResponse(note.as_contract(), json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{_file_name(note)}.json"'
    return response


@requires(Permission.SEE_STATUS_NOTE)
def status_note_csv(request: ActorRequest) -> HttpResponse:
    """The note for a spreadsheet; the export is logged."""
    note = _exported(request, "csv")
    response = HttpResponse(BYTE_ORDER_MARK + tables.status_note_csv(note), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(note)}.csv"'
    return response


def _filter(request: ActorRequest, programmes: list[Programme]) -> StatusNoteFilter:
    chosen = {"program": programmes[0].code, "dato": f"{_today(request):%d.%m.%Y}"}
    return StatusNoteFilter({**chosen, **request.GET.dict()}, programmes=programmes)


def _note(request: ActorRequest, form: StatusNoteFilter, programmes: list[Programme]) -> StatusNote:
    """The note of the person's own municipality on the day asked for; a day that is none gives today's."""
    code = request.actor.municipality_code
    if code is None:
        raise Http404
    form.is_valid()
    day = form.cleaned_data.get("dato") or _today(request)
    programme = chosen_programme(programmes, form.cleaned_data.get("program", ""))
    return notes.status_note(municipality_by_code(code), programme, day)


def _exported(request: ActorRequest, kind: str) -> StatusNote:
    programmes = active_programmes()
    note = _note(request, _filter(request, programmes), programmes)
    record(
        by=request.actor,
        action=Action.EXPORT,
        subject_kind="status_note",
        municipality_id=note.municipality.code,
        purpose="Statusnotat",
        detail={"format": kind, "as_of": note.as_of.isoformat()},
        at=request.now,
    )
    return note


def _today(request: ActorRequest) -> date:
    return timezone.localtime(request.now).date()


def _file_name(note: StatusNote) -> str:
    return f"statusnotat-{note.municipality.code_text}-{note.as_of.isoformat()}"
