"""Which of a spreadsheet's columns is which, when the reader could not be sure (L1, L8)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError
from registry.imports.columns import propose
from registry.presenters.column_mappings import header_choices
from registry.services.column_mappings import remembered

from ..forms.earlier_contacts import ColumnsForm
from ..models import EarlierContacts
from ..presenters.earlier_contacts import column_fields, columns_note, file_line
from ..selectors.earlier_contacts import files_for
from ..services.earlier_contacts_columns import CONTACTS_FILE, confirm_columns, forget_columns, reopen_columns
from ..tasks import read_earlier_contacts


@requires(Permission.UPLOAD_LISTS)
@require_POST
def earlier_contacts_columns(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """Say which column is which; the worker reads on."""
    file = get_object_or_404(files_for(request.actor), pk=contacts_file_id)
    if not file.waits_for:
        messages.info(request, _("Filen er kommet videre imens. Her er den nu."))
        return redirect("campaigns:earlier_contacts_detail", file.pk)
    form = columns_form(file, request.POST)
    if form.is_valid():
        try:
            confirm_columns(by=request.actor, file=file, mapping=form.mapping(), now=request.now)
        except UserError as error:
            form.add_error(None, error.message)
        else:
            read_earlier_contacts.delay_on_commit(file.pk)
            return redirect("campaigns:earlier_contacts_detail", file.pk)
    return show_columns(request, file, form)


@requires(Permission.UPLOAD_LISTS)
@require_POST
def earlier_contacts_remap(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """Back to the columns: they were read otherwise than they are meant."""
    file = get_object_or_404(files_for(request.actor), pk=contacts_file_id)
    try:
        reopen_columns(by=request.actor, file=file, now=request.now)
    except UserError as error:
        messages.error(request, error.message)
    return redirect("campaigns:earlier_contacts_detail", file.pk)


@requires(Permission.UPLOAD_LISTS)
@require_POST
def earlier_contacts_forget(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """Forget what was said of this sender's columns; the next file is proposed anew."""
    file = get_object_or_404(files_for(request.actor), pk=contacts_file_id)
    forget_columns(by=request.actor, file=file, now=request.now)
    messages.success(
        request, _("Kolonnerne fra %(sender)s er glemt. Næste fil bliver genkendt på ny.") % {"sender": file.sender}
    )
    return redirect("campaigns:earlier_contacts_detail", file.pk)


def show_columns(request: ActorRequest, file: EarlierContacts, form: ColumnsForm | None = None) -> HttpResponse:
    """The form with what the reader proposes; read-only for those who may not upload."""
    known = remembered(file.municipality_id, file.sender, CONTACTS_FILE)
    heading, text = columns_note(file, known[0] if known else None)
    context = {
        "file": file,
        "line": file_line(file),
        "heading": heading,
        "text": text,
        "form": form or columns_form(file),
        "may_upload": request.actor.may(Permission.UPLOAD_LISTS),
        "may_approve": request.actor.may(Permission.APPROVE_LISTS),
        "may_forget": bool(known),
    }
    status = 422 if form and form.errors else 200
    return render(request, "campaigns/earlier_contacts_columns.html", context, status=status)


def columns_form(file: EarlierContacts, posted: object = None) -> ColumnsForm:
    """Our columns against the file's header, proposals filled in."""
    proposed = propose(file.header, CONTACTS_FILE, file.mapping).positions
    return ColumnsForm(
        posted,
        columns=column_fields(),
        header=header_choices(file.header, file.column_kinds),
        proposed={ours: file.header[position] for ours, position in proposed.items()},
    )
