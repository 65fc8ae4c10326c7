"""Decide rows of a review: one in place, the chosen ones of a page, all that match; and take it back (L3)."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.design.formats import number_da
from outreach.errors import UserError

from ..models import NonresponderList, RowClass
from ..presenters.list_panels import decided as decided_words
from ..presenters.list_rows import row_lines
from ..selectors.list_review import RowFilter, criteria, follow_ups_of, last_step, rows_with_siblings
from ..selectors.lists import review_counts
from ..services.lists import decide_each, decide_earliest_groups, decide_matching, undo_decisions
from .list_reviews import review_context
from .list_row_panels import (
    Asked,
    asked_rows,
    key,
    panel_context,
    record_rows_looked_at,
    reviewable,
    waiting_rows,
)

EARLIEST = "earliest"
# What the part of the page that holds one row's choices is called.
CHOICE_PART = "choice-"


@requires(Permission.APPROVE_LISTS)
@require_POST
def list_decide(request: ActorRequest, list_id: int) -> HttpResponse:
    """Save choices; answers with the row's choices, the rows, or the whole page, whichever was replaced."""
    nonresponder_list = reviewable(request, list_id)
    refusal = ""
    decided = 0
    try:
        decided = _decide(request, nonresponder_list)
    except UserError as error:
        refusal = error.message
    words = ngettext("%(rows)s valg er gemt.", "%(rows)s valg er gemt.", decided) % {"rows": number_da(decided)}
    said = refusal or (words if decided else _("Der var ikke valgt noget at gemme."))
    return _answer(request, nonresponder_list, said, refused=bool(refusal))


@requires(Permission.APPROVE_LISTS)
@require_POST
def list_decision_undo(request: ActorRequest, list_id: int) -> HttpResponse:
    """Take the newest choices back."""
    nonresponder_list = reviewable(request, list_id)
    refusal, restored = "", 0
    try:
        restored = undo_decisions(
            by=request.actor,
            nonresponder_list=nonresponder_list,
            step=key(request.POST.get("trin", "")) or 0,
            now=request.now,
        )
    except UserError as error:
        refusal = error.message
    words = ngettext("%(rows)s valg er fortrudt.", "%(rows)s valg er fortrudt.", restored)
    said = refusal or words % {"rows": number_da(restored)}
    return _answer(request, nonresponder_list, said, refused=bool(refusal))


def _decide(request: ActorRequest, nonresponder_list: NonresponderList) -> int:
    """Rows decided by what is posted: a bulk decision by problem or search, else the page's own choices."""
    actor, now, posted = request.actor, request.now, request.POST
    decision, problem = posted.get("decision", ""), posted.get("problem_code", "").replace("\0", "")
    if decision == EARLIEST:
        return decide_earliest_groups(by=actor, nonresponder_list=nonresponder_list, now=now)
    if problem or posted.get("alle_fundne"):
        found = Q(problem_code=problem) if problem else _searched(request, nonresponder_list)
        return decide_matching(
            by=actor,
            nonresponder_list=nonresponder_list,
            criteria=found,
            decision=decision,
            expected=key(posted.get("antal", "")) or 0,
            now=now,
        )
    choices = _posted_choices(request, nonresponder_list)
    return decide_each(by=actor, nonresponder_list=nonresponder_list, choices=choices, now=now)


def _searched(request: ActorRequest, nonresponder_list: NonresponderList) -> Q:
    asked = asked_rows(request, nonresponder_list)
    group = asked.group or RowClass.NEEDS_DECISION
    row_filter = RowFilter(group, asked.problem, asked.text, waiting_only=True)
    return criteria(nonresponder_list, row_filter, today=localdate(request.now))


def _posted_choices(request: ActorRequest, nonresponder_list: NonresponderList) -> dict[str, list[int]]:
    """Row ids by decision. `row-<id>` holds "import-<id>", "skip" or "clear", which cover the row's siblings too;
    `chosen` holds ids of rows that one button decides."""
    posted = request.POST
    choices: dict[str, list[int]] = {"import": [], "skip": [], "clear": []}
    together = posted.get("valgte", "")
    if together in choices:
        choices[together] = [int(text) for text in posted.getlist("chosen") if key(text) is not None]
    else:
        for name, value in posted.items():
            head = key(name.removeprefix("row-")) if name.startswith("row-") else None
            imported = key(str(value).removeprefix("import-"))
            if head is not None and value in ("skip", "clear"):
                choices[str(value)].append(head)
            elif head is not None and str(value).startswith("import-") and imported is not None:
                choices["import"].append(imported)
    for whole in ("skip", "clear"):
        choices[whole] += _siblings(nonresponder_list, choices[whole])
    return {decision: row_ids for decision, row_ids in choices.items() if row_ids}


def _siblings(nonresponder_list: NonresponderList, row_ids: list[int]) -> list[int]:
    if not row_ids:
        return []
    shared = nonresponder_list.list_rows.filter(pk__in=row_ids, same_as_row__isnull=False).values("same_as_row")
    siblings = nonresponder_list.list_rows.filter(row_class=RowClass.NEEDS_DECISION, same_as_row__in=shared)
    return list(siblings.exclude(pk__in=row_ids).values_list("pk", flat=True))


def _answer(request: ActorRequest, nonresponder_list: NonresponderList, said: str, *, refused: bool) -> HttpResponse:
    if not request.htmx:
        (messages.error if refused else messages.success)(request, said)
        return _back_to_group(request, nonresponder_list)
    nonresponder_list.refresh_from_db()
    if nonresponder_list.state != "reviewed":
        # Somebody has ended the review meanwhile: the whole page is another.
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    context: dict[str, object] = {"said": said, "refused": refused, "approval": True}
    target = request.htmx.target or ""
    row_id = key(target.removeprefix(CHOICE_PART))
    if target.startswith(CHOICE_PART) and row_id is not None:
        context |= review_context(request, nonresponder_list) | _choice_context(request, nonresponder_list, row_id)
        return render(request, "registry/list_choice_saved.html", context)
    asked = asked_rows(request, nonresponder_list)
    context |= review_context(request, nonresponder_list)
    context |= panel_context(request, nonresponder_list, asked, opened=True)
    return render(request, "registry/list_rows_saved.html", context)


def _choice_context(request: ActorRequest, nonresponder_list: NonresponderList, row_id: int) -> dict[str, object]:
    """One row's line after a choice, and how far the whole is."""
    rows = rows_with_siblings(nonresponder_list, row_id)
    record_rows_looked_at(request, nonresponder_list, rows)
    counts = review_counts(nonresponder_list)
    lines = row_lines(rows, follow_ups_of(nonresponder_list, rows), today=localdate(request.now), may_decide=True)
    group = asked_rows(request, nonresponder_list).group or RowClass.NEEDS_DECISION
    total = counts[RowClass.NEEDS_DECISION] if group == RowClass.NEEDS_DECISION else 0
    waiting = waiting_rows(nonresponder_list, counts)
    return {
        "line": lines[0] if lines else None,
        "group": group.value,
        "waiting": waiting,
        "decided": decided_words(total, waiting if total else 0, last_step(nonresponder_list)),
    }


def _back_to_group(request: ActorRequest, nonresponder_list: NonresponderList) -> HttpResponseRedirect:
    asked: Asked = asked_rows(request, nonresponder_list)
    given = {
        "gruppe": asked.group.value if asked.group else "",
        "problem": asked.problem,
        "mangler": "1" if asked.waiting_only else "",
        "efter": asked.after or "",
    }
    query = urlencode({name: value for name, value in given.items() if value})
    address = reverse("registry:list_detail", args=[nonresponder_list.pk])
    return HttpResponseRedirect(f"{address}?{query}#raekker" if query else f"{address}#raekker")
