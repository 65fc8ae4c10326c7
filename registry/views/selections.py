"""Own selections: all of them, a new one, its preview and what became of it (L9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError

from ..forms.selections import SelectionForm
from ..models import Institution, Municipality, Parish, Selection, SelectionState
from ..presenters.selections import (
    act_tiles,
    change_lines,
    criteria_lines,
    selected_person,
    selection_line,
    standing_tiles,
    state_mark,
)
from ..selectors.selections import ACTS, preview_counts, selected_citizens, selections_for, standing_of
from ..selectors.selections_criteria import Criteria
from ..services.selections import end_selection, start_selection, undo_refusal, undo_selection
from ..services.selections_drafts import delete_draft, draft_selection

PER_PAGE = 25
PEOPLE_SHOWN = 50


@requires(Permission.SEE_LISTS)
@require_GET
def selection_index(request: ActorRequest) -> HttpResponse:
    """The municipality's selections, newest first."""
    page = Paginator(selections_for(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [selection_line(each) for each in page.object_list],
        "may_create": request.actor.may(Permission.APPROVE_LISTS),
    }
    return render(request, "registry/selection_index.html", context)


@requires(Permission.APPROVE_LISTS)
@require_http_methods(["GET", "POST"])
def selection_create(request: ActorRequest) -> HttpResponse:
    """Criteria and purpose; saved as a draft, whose page shows what a start would do."""
    actor, now = request.actor, request.now
    municipality = get_object_or_404(Municipality, pk=actor.municipality_code)
    posted = request.POST if request.method == "POST" else None
    form = SelectionForm(posted, municipality=municipality, today=localdate(now))
    if form.is_bound and form.is_valid():
        try:
            draft = draft_selection(
                by=actor, municipality=municipality, criteria=form.criteria(), now=now, **form.statement()
            )
        except UserError as error:
            form.refuse(error)
        else:
            return redirect("registry:selection_detail", draft.pk)
    return render(request, "registry/selection_create.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.SEE_LISTS)
@require_GET
@never_cache
def selection_detail(request: ActorRequest, selection_id: int) -> HttpResponse:
    """Counts of what a start would do, and who it is about; for a started one, where it stands too."""
    actor, today = request.actor, localdate(request.now)
    selection = _find(request, selection_id)
    runs = selection.state in (SelectionState.DRAFT, SelectionState.STARTED)
    counts = preview_counts(selection, today=today) if runs else {}
    act = request.GET.get("gruppe", "")
    people = selected_citizens(actor, act, limit=PEOPLE_SHOWN) if runs and act in ACTS else []
    record_looks(by=actor, citizen_ids=[each.pk for each in people], purpose=_("Vist i eget udvalg"), at=request.now)
    started = selection.state != SelectionState.DRAFT
    context = {
        "selection": selection,
        "state": state_mark(selection),
        "criteria": _criteria_lines(selection),
        "tiles": act_tiles(counts) if runs else [],
        "to_open": counts.get("open", 0) + counts.get("reopen", 0),
        "act": act,
        "people": [selected_person(each, today) for each in people],
        "people_total": counts.get(act, 0),
        "standing": standing_tiles(standing_of(selection)) if started else [],
        "changes": change_lines(selection.changes.all()),
        "may_change": actor.may(Permission.APPROVE_LISTS),
        "undo_refusal": undo_refusal(selection) if selection.state == SelectionState.STARTED else "",
    }
    return render(request, "registry/selection_detail.html", context)


@requires(Permission.APPROVE_LISTS)
@require_POST
def selection_start(request: ActorRequest, selection_id: int) -> HttpResponse:
    """Open the follow-ups."""
    return _change(request, selection_id, start_selection, _("Udvalget er startet. Borgerne er i køen."))


@requires(Permission.APPROVE_LISTS)
@require_POST
def selection_end(request: ActorRequest, selection_id: int) -> HttpResponse:
    """Close what nobody has answered."""
    return _change(request, selection_id, end_selection, _("Udvalget er afsluttet."))


@requires(Permission.APPROVE_LISTS)
@require_POST
def selection_undo(request: ActorRequest, selection_id: int) -> HttpResponse:
    """Put everything back as it was before the start."""
    return _change(request, selection_id, undo_selection, _("Udvalget er fortrudt. Alt er, som det var før."))


@requires(Permission.APPROVE_LISTS)
@require_POST
def selection_delete(request: ActorRequest, selection_id: int) -> HttpResponse:
    """Throw a draft away."""
    try:
        delete_draft(by=request.actor, selection=_find(request, selection_id), now=request.now)
    except UserError as error:
        messages.error(request, error.message)
        return redirect("registry:selection_detail", selection_id)
    messages.success(request, _("Kladden er slettet."))
    return redirect("registry:selection_index")


def _change(request: ActorRequest, selection_id: int, service: Callable[..., Any], done: str) -> HttpResponse:
    try:
        service(by=request.actor, selection=_find(request, selection_id), now=request.now)
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("registry:selection_detail", selection_id)


def _criteria_lines(selection: Selection) -> list[tuple[str, str]]:
    criteria = Criteria.from_stored(selection.criteria)
    institution = Institution.objects.filter(pk__in=[criteria.institution]).first() if criteria.institution else None
    parishes = Parish.objects.filter(pk__in=criteria.parishes).values_list("name", flat=True)
    return criteria_lines(criteria, institution=institution.name if institution else "", parishes=parishes)


def _find(request: ActorRequest, selection_id: int) -> Selection:
    return get_object_or_404(selections_for(request.actor), pk=selection_id)
