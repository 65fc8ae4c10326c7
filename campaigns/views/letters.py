"""Letters: who is to have one, batches with their files, marked as sent, noted when they come back (S9)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError
from registry.models import Citizen

from ..forms.letters import BatchForm, SenderForm
from ..models import BatchState, Letter, LetterBatch, LetterChannel
from ..presenters.letters import (
    StoppedRow,
    batch_row,
    group_label,
    left_out_rows,
    letter_row,
    reason_groups,
    stopped_rows,
)
from ..selectors.letters import Due, batches, letters_due, letters_of
from ..services import letters as letter_services
from ..services.letters import files
from ..services.letters.senders import set_sender
from ..services.letters.sheets import sender_of
from ..tasks import make_letters

ROWS = 50
PROTECTED_SHOWN = 20


@requires(Permission.SEND_LETTERS)
@require_http_methods(["GET", "POST"])
def letters(request: ActorRequest) -> HttpResponse:
    """Those whose next step is a letter, by reason; POST makes a batch of the chosen."""
    due = letters_due(request.actor, request.now)
    form = _batch_form(due, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        releases = [letter_services.Release(citizen_id, reason) for citizen_id, reason in form.releases()]
        try:
            batch = letter_services.make_batch(
                by=request.actor,
                reasons=form.cleaned_data["reasons"],
                releases=releases,
                asked_as=form.cleaned_data["asked_as"],
                now=request.now,
            )
        except UserError as problem:
            form.add_error(None, problem.message)
        else:
            make_letters.delay_on_commit(batch.pk)
            return redirect("campaigns:letter_batch", batch.pk)
    left = left_out_rows(due)
    record_looks(
        by=request.actor, citizen_ids=[each.citizen_id for each in left], purpose=_("Breve: kan ikke sendes"),
        at=request.now,
    )  # fmt: skip
    context = {
        "form": form,
        "groups": reason_groups(due),
        "left": left,
        "batches": [batch_row(each) for each in batches(request.actor)[:ROWS]],
        "sender": sender_of(request.actor.municipality_code) if request.actor.municipality_code else None,
    }
    return render(request, "campaigns/letters.html", context, status=422 if form.errors else 200)


@requires(Permission.SEND_LETTERS)
@require_http_methods(["GET", "POST"])
def letter_sender(request: ActorRequest) -> HttpResponse:
    """Who the letters come from."""
    code = request.actor.municipality_code or 0
    known = sender_of(code)
    postal_code, _space, city = known.postal.partition(" ")
    initial = {**known.__dict__, "postal_code": postal_code, "city": city}
    form = SenderForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        set_sender(by=request.actor, municipality_id=code, now=request.now, **form.cleaned_data)
        messages.success(request, _("Afsenderen er gemt."))
        return redirect("campaigns:letters")
    return render(
        request, "campaigns/letter_sender.html", {"form": form, "sender": known}, status=422 if form.errors else 200
    )


@requires(Permission.SEND_LETTERS)
@require_GET
def letter_batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """One batch: its progress, its files, and its letters."""
    batch: Any = get_object_or_404(batches(request.actor), pk=batch_id)
    page = Paginator(letters_of(batch), ROWS).get_page(request.GET.get("page"))
    rows = [letter_row(each) for each in page.object_list]
    stopped: list[StoppedRow] = []
    if batch.state == BatchState.READY:
        stopped = stopped_rows(letter_services.letters_to_take_out(batch, request.now))
    shown = {*(each.citizen_id for each in rows), *(each.citizen_id for each in stopped)}
    record_looks(by=request.actor, citizen_ids=shown, purpose=_("Brevbunke"), at=request.now)
    context = {
        "batch": batch,
        "row": batch_row(batch),
        "page": page,
        "rows": rows,
        "stopped": stopped,
        "going": batch.total - batch.taken_out - sum(each.waiting for each in stopped),
        "changes": batch.changes.all(),
        "kept_days": files.KEPT.days,
    }
    return render(request, "campaigns/letter_batch.html", context)


@requires(Permission.SEND_LETTERS)
@require_GET
def letter_progress(request: ActorRequest, batch_id: int) -> HttpResponse:
    """How far the setting is, as a fragment; a finished batch loads its page."""
    batch = get_object_or_404(batches(request.actor), pk=batch_id)
    if batch.state != BatchState.MAKING:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "campaigns/letter_batch.html#progress", {"batch": batch})


@requires(Permission.SEND_LETTERS)
@require_POST
@never_cache
def letter_file(request: ActorRequest, batch_id: int) -> HttpResponse:
    """The print file or the archive for Digital Post; posted, because it is logged."""
    batch = get_object_or_404(LetterBatch.objects.visible_to(request.actor), pk=batch_id)
    channel = LetterChannel.DIGITAL if request.POST.get("channel") == LetterChannel.DIGITAL else LetterChannel.PAPER
    try:
        content = files.fetch(by=request.actor, batch=batch, channel=channel, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
        return redirect("campaigns:letter_batch", batch_id)
    paper = channel == LetterChannel.PAPER
    response = HttpResponse(content, content_type="application/pdf" if paper else "application/zip")
    name = f"breve-bunke{batch_id}.pdf" if paper else f"digital-post-bunke{batch_id}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Permission.SEND_LETTERS)
@require_POST
def letter_sent(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Mark the batch as sent, but for the letters one was told to take out."""
    batch = get_object_or_404(LetterBatch.objects.visible_to(request.actor), pk=batch_id)
    seen = [int(each) for each in request.POST.getlist("taken_out") if each.isdecimal()]
    try:
        number = letter_services.mark_sent(by=request.actor, batch=batch, seen=seen, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
    else:
        words = ngettext("%(n)s brev er noteret som sendt.", "%(n)s breve er noteret som sendt.", number)
        messages.success(request, words % {"n": number})
    return redirect("campaigns:letter_batch", batch_id)


@requires(Permission.SEND_LETTERS)
@require_POST
def letter_undo(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Take back a batch that is not sent."""
    batch = get_object_or_404(LetterBatch.objects.visible_to(request.actor), pk=batch_id)
    try:
        names = letter_services.undo_batch(by=request.actor, batch=batch, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
    else:
        transaction.on_commit(lambda: files.erase(names))
        messages.success(request, _("Bunken er fortrudt. Borgerne venter igen på et brev. Smid udskrevne breve ud."))
    return redirect("campaigns:letter_batch", batch_id)


@requires(Permission.SEND_LETTERS)
@require_POST
def letter_returned(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Note that a letter came back."""
    get_object_or_404(LetterBatch.objects.visible_to(request.actor), pk=batch_id)
    citizens = Citizen.objects.visible_to(request.actor)
    wanted = request.POST.get("letter", "")
    found = Letter.objects.filter(batch=batch_id, citizen__in=citizens)
    letter = found.filter(pk=int(wanted) if wanted.isdecimal() else 0).first()
    if letter is None:
        messages.error(request, _("Brevet findes ikke i bunken. Genindlæs siden."))
        return redirect("campaigns:letter_batch", batch_id)
    try:
        letter_services.note_returned(by=request.actor, letter=letter, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, _("Noteret som retur. Der sendes ikke flere breve til adressen, før den er rettet."))
    return redirect("campaigns:letter_batch", batch_id)


def _batch_form(due: list[Due], data: Any) -> BatchForm:
    groups = [each for each in reason_groups(due) if each.letters or each.left_out]
    protected = [(each.citizen_id, each.name) for each in left_out_rows(due) if each.protected]
    return BatchForm(
        data,
        reasons=[(each.code, group_label(each)) for each in groups],
        protected=protected[:PROTECTED_SHOWN],
        initial={"reasons": [each.code for each in groups], "asked_as": uuid.uuid4()},
    )
