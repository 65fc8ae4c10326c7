"""Approve, reject, withdraw or undo a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError

from ..forms.lists import NoteForm, OverrideForm
from ..models import ListState, NonresponderList
from ..selectors.list_pages import lists_for
from ..services.lists import approve, reject, undo, withdraw
from ..tasks import import_list


@requires(Permission.APPROVE_LISTS)
@require_POST
def list_approve(request: ActorRequest, list_id: int) -> HttpResponse:
    """Commit the list, or say what holds it; with `override`, take the responsibility for one gate."""
    actor, now = request.actor, request.now
    found = _find(request, list_id)
    words: dict[str, Any] = {}
    if request.POST.get("override"):
        form = OverrideForm(request.POST)
        if not form.is_valid():
            messages.error(request, str(next(iter(form.errors.values()))[0]))
            return redirect("registry:list_detail", list_id)
        words = form.cleaned_data
    try:
        approved = approve(by=actor, nonresponder_list=found, now=now, **words)
    except UserError as error:
        messages.error(request, error.message)
        return redirect("registry:list_detail", list_id)
    if approved.state == ListState.COMMITTED:
        messages.success(request, _("Listen er indlæst. Her er kvitteringen."))
    elif approved.state == ListState.REVIEWED:
        messages.warning(request, _("Listen er ikke indlæst endnu. Se nedenfor, hvad der holder den tilbage."))
    else:
        import_list.delay_on_commit(list_id)
        messages.warning(
            request, _("En anden liste er indlæst imens. Rækkerne sammenholdes på ny, og du gennemser dem igen.")
        )
    return redirect("registry:list_detail", list_id)


@requires(Permission.APPROVE_LISTS)
@require_POST
def list_reject(request: ActorRequest, list_id: int) -> HttpResponse:
    """Refuse a reviewed list."""
    return _end(request, list_id, reject, _("Listen er afvist. Intet af den er brugt."))


@requires(Permission.UPLOAD_LISTS)
@require_POST
def list_withdraw(request: ActorRequest, list_id: int) -> HttpResponse:
    """Take back a list one has handed in by mistake."""
    return _end(request, list_id, withdraw, _("Listen er trukket tilbage. Intet af den er brugt."))


@requires(Permission.APPROVE_LISTS)
@require_POST
def list_undo(request: ActorRequest, list_id: int) -> HttpResponse:
    """Put everything back as it was before the list."""
    return _end(request, list_id, undo, _("Listen er fortrudt. Alle opfølgninger er, som de var før den."))


def _end(request: ActorRequest, list_id: int, service: Callable[..., NonresponderList], done: str) -> HttpResponse:
    actor, now = request.actor, request.now
    found = _find(request, list_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Begrundelsen er for lang. Den kan højst fylde 200 tegn."))
        return redirect("registry:list_detail", list_id)
    try:
        service(by=actor, nonresponder_list=found, now=now, note=form.cleaned_data["note"])
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("registry:list_detail", list_id)


def _find(request: ActorRequest, list_id: int) -> NonresponderList:
    return get_object_or_404(lists_for(request.actor), pk=list_id)
