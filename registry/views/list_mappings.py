"""Which of the file's columns is which, when the reader could not be sure."""

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

from ..forms.lists import MappingForm
from ..imports.columns import SSI_LIST, propose
from ..models import ListState, NonresponderList
from ..presenters.column_mappings import header_choices, mapping_note
from ..presenters.list_rows import column_words
from ..presenters.lists import facts_line, week_words
from ..selectors.list_pages import lists_for
from ..services.column_mappings import LIST, forget, remembered
from ..services.lists import confirm_mapping, reopen_mapping
from ..tasks import import_list


@requires(Permission.UPLOAD_LISTS)
@require_POST
def list_remap(request: ActorRequest, list_id: int) -> HttpResponse:
    """Back to the columns: they were read otherwise than they are meant."""
    found = get_object_or_404(lists_for(request.actor), pk=list_id)
    try:
        reopen_mapping(by=request.actor, nonresponder_list=found, now=request.now)
    except UserError as error:
        messages.error(request, error.message)
    return redirect("registry:list_detail", list_id)


@requires(Permission.UPLOAD_LISTS)
@require_POST
def list_mapping_forget(request: ActorRequest, list_id: int) -> HttpResponse:
    """Forget what was said of this sender's columns; the next file is proposed anew."""
    found = get_object_or_404(lists_for(request.actor), pk=list_id)
    forget(by=request.actor, nonresponder_list=found, now=request.now)
    messages.success(
        request, _("Kolonnerne fra %(sender)s er glemt. Næste fil bliver genkendt på ny.") % {"sender": found.sender}
    )
    return redirect("registry:list_detail", list_id)


@requires(Permission.UPLOAD_LISTS)
@require_POST
def list_mapping(request: ActorRequest, list_id: int) -> HttpResponse:
    """Say which column is which; the worker reads on."""
    actor, now = request.actor, request.now
    nonresponder_list = get_object_or_404(lists_for(actor), pk=list_id)
    if not nonresponder_list.waits_for or nonresponder_list.state != ListState.UPLOADED:
        messages.info(request, _("Listen er kommet videre imens. Her er den nu."))
        return redirect("registry:list_detail", list_id)
    form = mapping_form(nonresponder_list, request.POST)
    if form.is_valid():
        try:
            confirm_mapping(by=actor, nonresponder_list=nonresponder_list, mapping=form.mapping(), now=now)
        except UserError as error:
            form.add_error(None, error.message)
        else:
            import_list.delay_on_commit(list_id)
            return redirect("registry:list_detail", list_id)
    return show_mapping(request, nonresponder_list, form)


def show_mapping(
    request: ActorRequest, nonresponder_list: NonresponderList, form: MappingForm | None = None
) -> HttpResponse:
    """The form with what the reader proposes; read-only for those who may not upload."""
    context = {
        **columns_context(request, nonresponder_list),
        "list": nonresponder_list,
        "facts": facts_line(nonresponder_list),
        "week": week_words(nonresponder_list.as_of),
        "form": form or mapping_form(nonresponder_list),
    }
    return render(request, "registry/list_mapping.html", context, status=422 if form and form.errors else 200)


def columns_context(request: ActorRequest, nonresponder_list: NonresponderList) -> dict[str, object]:
    """How the columns were read, for the pages of a list that is not in use yet."""
    known = remembered(nonresponder_list.municipality_id, nonresponder_list.sender, LIST)
    return {
        "columns": mapping_note(nonresponder_list, known[0] if known else None),
        "may_upload": request.actor.may(Permission.UPLOAD_LISTS),
    }


def mapping_form(nonresponder_list: NonresponderList, posted: object = None) -> MappingForm:
    """Our columns against the file's header, proposals filled in."""
    header = nonresponder_list.header
    proposed = propose(header, LIST, nonresponder_list.mapping).positions
    return MappingForm(
        posted,
        columns=[(column.name, column_words(column.name), column.required) for column in SSI_LIST],
        header=header_choices(header, nonresponder_list.column_kinds),
        proposed={ours: header[position] for ours, position in proposed.items()},
    )
