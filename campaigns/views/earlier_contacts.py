"""Earlier contacts from spreadsheets: hand in, review, explain words, take in, refuse, undo (L8)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.design.spreadsheets import BYTE_ORDER_MARK, neutral
from outreach.errors import UserError
from registry.imports.child import ReaderKilled
from registry.models import Municipality, Programme
from registry.services.received_files import remove, store, stored_path

from ..forms.earlier_contacts import AnswerWordsForm, EarlierContactsForm
from ..imports.earlier_contacts import read_rows
from ..models import EarlierContacts, EarlierContactsState
from ..presenters.earlier_contacts import change_lines, effect_lines, file_line, problem_line
from ..selectors.earlier_contacts import files_for, problem_rows
from ..services import earlier_contacts as services
from ..services.earlier_contacts_matching import remembered_words

FOLDER = "earlier-contacts"
FILES_PER_PAGE, ROWS_PER_PAGE = 25, 50


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
    """Hand a file in; it is read while the page waits, and nothing is used before somebody approves it."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EarlierContactsForm(*posted)
    if form.is_bound and form.is_valid():
        try:
            file = _take_in(request, form.cleaned_data["file"], form.cleaned_data["programme"])
        except UserError as error:
            form.refuse(error)
        except ReaderKilled:
            form.add_error("file", _("Læsningen blev afbrudt. Indlæs filen igen."))
        else:
            return redirect("campaigns:earlier_contacts_detail", file.pk)
    return render(request, "campaigns/earlier_contacts_upload.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.SEE_LISTS)
@require_GET
@never_cache
def earlier_contacts_detail(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """Review or receipt."""
    file = _find(request, contacts_file_id)
    words = services.unknown_words(file)
    page = Paginator(problem_rows(file), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    reviewed = file.state == EarlierContactsState.REVIEWED
    committed = file.state == EarlierContactsState.COMMITTED
    context = {
        "file": file,
        "line": file_line(file),
        "effects": effect_lines(file.counts, done=committed),
        "form": AnswerWordsForm(words=words) if reviewed and words else None,
        "reviewed": reviewed,
        "committed": committed,
        "page": page,
        "problems": [problem_line(row) for row in page.object_list],
        "changes": change_lines(file.changes.all()),
        "may_approve": request.actor.may(Permission.APPROVE_LISTS),
        "undo_refusal": services.undo_refusal(file) if committed else "",
    }
    return render(request, "campaigns/earlier_contacts_detail.html", context)


@requires(Permission.APPROVE_LISTS)
@require_POST
def earlier_contacts_words(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """What the unknown words mean; remembered for the next file."""
    file = _find(request, contacts_file_id)
    form = AnswerWordsForm(request.POST, words=services.unknown_words(file))
    if not form.is_valid() or not form.meanings():
        messages.error(request, _("Vælg, hvad mindst ét ord betyder."))
        return redirect("campaigns:earlier_contacts_detail", file.pk)
    return _change(
        request,
        file,
        services.decide_words,
        _("Ordene er husket, og rækkerne er set efter igen."),
        meanings=form.meanings(),
    )


@requires(Permission.APPROVE_LISTS)
@require_POST
def earlier_contacts_commit(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """Take the contacts in."""
    file = _find(request, contacts_file_id)
    return _change(request, file, services.commit_file, _("Svarene er indlæst. Ingen af dem bliver spurgt igen."))


@requires(Permission.APPROVE_LISTS)
@require_POST
def earlier_contacts_reject(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """Refuse the file; its rows are erased."""
    file = _find(request, contacts_file_id)
    return _change(request, file, services.reject_file, _("Filen er afvist, og rækkerne er slettet."))


@requires(Permission.APPROVE_LISTS)
@require_POST
def earlier_contacts_undo(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """Put everything back as it was before the file."""
    file = _find(request, contacts_file_id)
    return _change(request, file, services.undo_file, _("Filen er fortrudt. Opfølgningerne er, som de var før."))


@requires(Permission.SEE_LISTS)
@require_GET
def earlier_contacts_errors_csv(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """Rows to mend: numbers, columns and sentences of ours only, so that no formula and no person is in it."""
    file = _find(request, contacts_file_id)
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


def _take_in(request: ActorRequest, file: UploadedFile, programme: Programme) -> EarlierContacts:
    """From a private copy that is removed at once: the rows are kept, the file is not."""
    municipality = get_object_or_404(Municipality, pk=request.actor.municipality_code)
    stored = store(file, folder=FOLDER, display_name=file.name or "")  # type: ignore[arg-type]
    try:
        # A file that is refused on the way leaves nothing behind.
        with transaction.atomic():
            received = services.receive_file(
                by=request.actor,
                municipality=municipality,
                programme=programme,
                display_name=stored.display_name,
                sha256=stored.sha256,
                now=request.now,
            )
            found = read_rows(
                received,
                path=stored_path(FOLDER, stored.stored_name),
                words=remembered_words(municipality),
                today=localdate(request.now),
            )
            return services.review_file(
                by=request.actor,
                file=received,
                rows=found.rows,
                dropped_columns=found.header.dropped,
                now=request.now,
            )
    finally:
        remove(FOLDER, stored.stored_name)


def _change(
    request: ActorRequest, file: EarlierContacts, service: Callable[..., Any], done: str, **words: Any
) -> HttpResponse:
    try:
        service(by=request.actor, file=file, now=request.now, **words)
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("campaigns:earlier_contacts_detail", file.pk)


def _find(request: ActorRequest, file_id: int) -> EarlierContacts:
    return get_object_or_404(files_for(request.actor), pk=file_id)
