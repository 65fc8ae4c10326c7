"""One group's rows for the pages of a list: what is asked for, what is shown, and the log of who was looked at (A3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record, record_looks

from ..models import ListRow, ListState, NonresponderList, RowClass
from ..presenters.list_panels import decided, rows_panel
from ..presenters.list_tiles import first_group, tile_groups
from ..row_problems import MESSAGES
from ..selectors.list_pages import lists_for
from ..selectors.list_review import (
    RowFilter,
    count_importable,
    count_rows,
    faults_by_problem,
    follow_ups_of,
    last_step,
    row_page,
    searched_by,
    waiting_by_problem,
)
from ..selectors.lists import review_counts

ROWS_PER_PAGE = 25
LONGEST_KEY = 18  # digits; more is no row of ours, and thousands make int() raise
LONGEST_SEARCH = 100
REVIEWABLE = (ListState.REVIEWED, ListState.COMMITTED, ListState.REJECTED, ListState.WITHDRAWN, ListState.UNDONE)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows a request asks for; no group means that nobody asked."""

    group: RowClass | None = None
    problem: str = ""
    text: str = ""
    waiting_only: bool = False
    after: int | None = None
    before: int | None = None


def reviewable(request: ActorRequest, list_id: int) -> NonresponderList:
    """A list of the actor's that has rows to show, or 404."""
    return get_object_or_404(lists_for(request.actor).filter(state__in=REVIEWABLE), pk=list_id)


def asked_rows(request: ActorRequest, nonresponder_list: NonresponderList) -> Asked:
    """What the address or, for a search, the posted form asks for; what is none of ours is left out."""
    given: Mapping[str, str] = request.POST if request.method == "POST" else request.GET
    group = given.get("gruppe", "")
    problem = given.get("problem", "")
    return Asked(
        group=RowClass(group) if group in RowClass.values else None,
        problem=problem if problem in MESSAGES else "",
        text=_typed(given.get("soeg", "")) if request.method == "POST" else "",
        waiting_only=given.get("mangler", "") == "1",
        after=key(given.get("efter", "")),
        before=key(given.get("foer", "")),
    )


def key(text: str) -> int | None:
    """A key of ours, or None."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else None


def waiting_rows(nonresponder_list: NonresponderList, counts: Mapping[RowClass, int]) -> int:
    """Rows that still wait for somebody's decision; none are counted when none need one."""
    if nonresponder_list.state != ListState.REVIEWED or not counts[RowClass.NEEDS_DECISION]:
        return 0
    return sum(waits for _rows, waits in waiting_by_problem(nonresponder_list, RowClass.NEEDS_DECISION).values())


def panel_context(
    request: ActorRequest, nonresponder_list: NonresponderList, asked: Asked, *, opened: bool
) -> dict[str, object]:
    """Tiles and, when a group is asked for (or `opened`), its rows, each of them logged as looked at."""
    actor, today = request.actor, localdate(request.now)
    counts = review_counts(nonresponder_list)
    reviewing = nonresponder_list.state == ListState.REVIEWED
    asked = replace(asked, group=asked.group or (first_group(counts) if opened else None))
    waiting = waiting_rows(nonresponder_list, counts)
    context: dict[str, object] = {
        "list": nonresponder_list,
        "tile_groups": tile_groups(counts, chosen=asked.group, undecided=waiting, reviewing=reviewing),
        "has_faults": bool(counts[RowClass.UNREADABLE]),
    }
    if asked.group is None:
        return context
    row_filter = RowFilter(asked.group, asked.problem, asked.text, asked.waiting_only)
    page = row_page(
        nonresponder_list, row_filter, today=today, limit=ROWS_PER_PAGE, after=asked.after, before=asked.before
    )
    record_rows_looked_at(request, nonresponder_list, page.rows, searched_by=searched_by(row_filter, today=today))
    may_decide = reviewing and actor.may(Permission.APPROVE_LISTS)
    problems = _problems(nonresponder_list, asked.group)
    found = count_rows(nonresponder_list, row_filter, today=today) if row_filter.narrows else counts[asked.group]
    waits = replace(row_filter, waiting_only=True)
    deciding = may_decide and bool(problems) and asked.group != RowClass.UNREADABLE
    searching = deciding and bool(asked.text)
    panel = rows_panel(
        row_filter,
        counts[asked.group],
        found,
        page,
        follow_ups_of(nonresponder_list, page.rows),
        problems,
        waiting_matching=count_rows(nonresponder_list, waits, today=today) if searching else 0,
        importable=count_importable(nonresponder_list, waits, today=today) if searching else 0,
        today=today,
        reviewing=reviewing,
        may_decide=may_decide,
    )
    context["panel"] = panel
    if may_decide and asked.group == RowClass.NEEDS_DECISION and counts[asked.group]:
        context["decided"] = decided(counts[asked.group], waiting, last_step(nonresponder_list))
    elif may_decide and asked.group == RowClass.MOVED and (step := last_step(nonresponder_list)):
        context["decided"] = decided(0, 0, step)
    return context


def record_rows_looked_at(
    request: ActorRequest, nonresponder_list: NonresponderList, rows: list[ListRow], *, searched_by: str = ""
) -> None:
    """Log the citizens of these rows; people whom the registry does not know are logged on the list.

    `searched_by`: the kind of text that found them, which is all of a search that is logged (A3).
    """
    actor, now = request.actor, request.now
    purpose = _("Søgning i liste") if searched_by else _("Gennemsyn af liste")
    action = Action.SEARCH if searched_by else Action.LOOK
    record_looks(
        by=actor,
        citizen_ids=sorted({row.citizen_id for row in rows if row.citizen_id is not None}),
        municipality_id=nonresponder_list.municipality_id,
        purpose=purpose,
        action=action,
        at=now,
    )
    unknown = sum(row.citizen_id is None for row in rows)
    if searched_by or unknown:
        # Rows nobody in the registry stands behind: the list itself is what was looked at.
        record(
            by=actor,
            action=action,
            subject_kind="nonresponderlist",
            subject_id=nonresponder_list.pk,
            municipality_id=nonresponder_list.municipality_id,
            purpose=purpose,
            detail={"rows": unknown} | ({"criterion": searched_by} if searched_by else {}),
            at=now,
        )


def _problems(nonresponder_list: NonresponderList, group: RowClass) -> dict[str, tuple[int, int]]:
    if group == RowClass.UNREADABLE:
        return {code: (rows, 0) for code, rows in faults_by_problem(nonresponder_list).items()}
    return waiting_by_problem(nonresponder_list, group)


def _typed(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST_SEARCH]  # the database takes no NUL in a text
