"""Earlier contacts from spreadsheets: hand in, how far the reading is, review or receipt, rows to mend (L8)."""

from __future__ import annotations

import csv
from typing import cast

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.design.spreadsheets import BYTE_ORDER_MARK, neutral
from outreach.errors import UserError
from registry.models import Municipality

from ..forms.earlier_contacts import AnswerWordsForm, EarlierContactsForm
from ..models import EarlierContacts, EarlierContactsState
from ..presenters.earlier_contacts import (
    change_lines,
    effect_lines,
    effects_heading,
    file_line,
    file_progress,
    held_note,
    padding_lines,
    problem_line,
)
from ..selectors.earlier_contacts import files_for, padded_rows, problem_rows, senders
from ..services import earlier_contacts as services
from ..services.earlier_contacts_columns import undecided_padding
from ..services.earlier_contacts_files import receive_file
from ..tasks import read_earlier_contacts
from .earlier_contacts_columns import show_columns

FILES_PER_PAGE, ROWS_PER_PAGE, PADDED_SHOWN = 25, 50, 10


@requires(Permission.SEE_LISTS)
@require_GET
def earlier_contacts(request: ActorRequest) -> HttpResponse:
    """The files, newest first."""
    page = Paginator(files_for(request.actor), FILES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [file_line(each) for each in page.object_list],
        "may_upload": request.actor.may(Permission.UPLOAD_LISTS),
    }
    return render(request, "campaigns/earlier_contacts.html", context)


@requires(Permission.UPLOAD_LISTS)
@require_http_methods(["GET", "POST"])
def earlier_contacts_upload(request: ActorRequest) -> HttpResponse:
    """Hand a file in; it is read in the background, and nothing is used before somebody approves it."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EarlierContactsForm(*posted)
    if form.is_bound and form.is_valid():
        file = cast("UploadedFile", form.cleaned_data["file"])
        try:
            received = receive_file(
                by=request.actor,
                municipality=get_object_or_404(Municipality, pk=request.actor.municipality_code),
                programme=form.cleaned_data["programme"],
                file=file,  # type: ignore[arg-type]
                display_name=file.name or "",
                sender=form.cleaned_data["sender"],
                now=request.now,
            )
        except UserError as error:
            form.refuse(error)
        else:
            read_earlier_contacts.delay_on_commit(received.pk)
            return redirect("campaigns:earlier_contacts_detail", received.pk)
    context = {"form": form, "senders": senders(request.actor)}
    return render(request, "campaigns/earlier_contacts_upload.html", context, status=422 if form.errors else 200)


@requires(Permission.SEE_LISTS)
@require_GET
@never_cache
def earlier_contacts_detail(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """How far the reading is, which column is which, the review, or the receipt."""
    file = get_object_or_404(files_for(request.actor), pk=contacts_file_id)
    if file.waits_for:
        return show_columns(request, file)
    if file.state == EarlierContactsState.RECEIVED:
        context = {"file": file, "line": file_line(file), "progress": file_progress(file)}
        return render(request, "campaigns/earlier_contacts_progress.html", context)
    return render(request, "campaigns/earlier_contacts_detail.html", _review(request, file))


@requires(Permission.SEE_LISTS)
@require_GET
@never_cache
def earlier_contacts_progress(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """The progress panel alone; once the file is read, the page loads anew."""
    file = get_object_or_404(files_for(request.actor), pk=contacts_file_id)
    if file.waits_for or file.state != EarlierContactsState.RECEIVED or not request.htmx:
        return HttpResponseClientRefresh() if request.htmx else redirect("campaigns:earlier_contacts_detail", file.pk)
    context = {"file": file, "progress": file_progress(file)}
    return render(request, "campaigns/earlier_contacts_progress.html#progress", context)


def _review(request: ActorRequest, file: EarlierContacts) -> dict[str, object]:
    reviewed = file.state == EarlierContactsState.REVIEWED
    committed = file.state == EarlierContactsState.COMMITTED
    words = services.unknown_words(file) if reviewed else []
    page = Paginator(problem_rows(file), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    undecided = undecided_padding(file)
    return {
        "file": file,
        "line": file_line(file),
        "effects": effect_lines(file.counts, done=not reviewed),
        "effects_heading": effects_heading(file.state),
        "taken_in": file.committed_at is not None,
        "form": AnswerWordsForm(words=words) if words else None,
        "padded": undecided,
        "padded_rows": padding_lines(padded_rows(file)[:PADDED_SHOWN]) if undecided else [],
        "held": held_note(file, request.actor),
        "reviewed": reviewed,
        "committed": committed,
        "page": page,
        "problems": [problem_line(row) for row in page.object_list],
        "changes": change_lines(file.changes.all()),
        "may_approve": request.actor.may(Permission.APPROVE_LISTS),
        "may_upload": request.actor.may(Permission.UPLOAD_LISTS),
        "undo_refusal": services.undo_refusal(file) if committed else "",
    }


@requires(Permission.SEE_LISTS)
@require_GET
def earlier_contacts_errors_csv(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """Rows to mend: numbers, columns and sentences of ours only, so that no formula and no person is in it."""
    file = get_object_or_404(files_for(request.actor), pk=contacts_file_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="fejl-i-tidligere-svar.csv"'
    response.write(BYTE_ORDER_MARK)
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Række"), _("Kolonne"), _("Hvad er galt")])
    for row in problem_rows(file):
        line = problem_line(row)
        writer.writerow([neutral(cell) for cell in (line.row, line.column, line.message)])
    record(
        by=request.actor,
        action=Action.EXPORT,
        subject_kind="earliercontacts",
        subject_id=file.pk,
        municipality_id=file.municipality_id,
        purpose=_("Fejlliste hentet"),
        at=request.now,
    )
    return response
