"""Decide on a spreadsheet of earlier contacts: words, lost zeros, take in, refuse, undo (L8, C2)."""

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

from ..forms.earlier_contacts import AnswerWordsForm
from ..models import EarlierContacts
from ..selectors.earlier_contacts import files_for
from ..services import earlier_contacts as services


@requires(Permission.APPROVE_LISTS)
@require_POST
def earlier_contacts_padding(request: ActorRequest, contacts_file_id: int) -> HttpResponse:
    """One word for all numbers that lost their zero: put it in front, or leave the rows out."""
    file = _find(request, contacts_file_id)
    choice = request.POST.get("choice", "")
    done = _("Dit valg er gemt, og rækkerne er set efter igen.")
    return _change(request, file, services.decide_padding, done, choice=choice)


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
    return _change(
        request,
        file,
        services.commit_file,
        _("Svarene er indlæst. Vi spørger ikke igen om det, borgerne allerede har svaret på."),
    )


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
