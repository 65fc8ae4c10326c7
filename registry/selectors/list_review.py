"""Rows of a review, a page at a time by key: page 4,000 of 100,000 rows costs what page 1 does. Names never sort it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, FilteredRelation, Max, Q, QuerySet

from outreach.privacy.sealing import blind_index

from ..cpr import CprProblem, parse
from ..danish_order import search_key
from ..models import FollowUp, ListRow, NonresponderList, RowClass
from ..row_problems import CHANGED_SINCE, ONE_OF_SEVERAL, SKIP_ONLY

DECIDABLE = (RowClass.NEEDS_DECISION, RowClass.MOVED)
# Of rows with the same CPR number the first one speaks for all; rows on their own speak for themselves.
SPEAKS = Q(same_as_row=None) | Q(same_as_row=F("row_number"))
LONGEST_ROW_NUMBER = 7  # digits: a spreadsheet has 1,048,576 rows


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows of a list: one group, and within it one problem, a name, number or row, or only those that wait."""

    row_class: RowClass
    problem: str = ""
    text: str = ""
    waiting_only: bool = False

    @property
    def narrows(self) -> bool:
        return bool(self.problem or self.text or self.waiting_only)


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows with their siblings behind them; keys of the first and last row, and whether there are more."""

    rows: list[ListRow]
    first_key: int | None
    last_key: int | None
    has_previous: bool
    has_next: bool


def row_page(
    nonresponder_list: NonresponderList,
    row_filter: RowFilter,
    *,
    today: date,
    limit: int,
    after: int | None = None,
    before: int | None = None,
) -> RowPage:
    """The rows behind key `after` (or in front of `before`), in the file's order; four queries at most.

    A key is the row number as the spreadsheet shows it; the gone stand in no file and are paged by their id.
    """
    key = "id" if row_filter.row_class == RowClass.GONE else "row_number"
    rows = criteria_rows(nonresponder_list, row_filter, today=today)
    if row_filter.row_class == RowClass.NEEDS_DECISION:
        rows = rows.filter(SPEAKS)
    if before is not None:
        found = list(rows.filter(**{f"{key}__lt": before}).order_by(f"-{key}")[: limit + 1])
        has_previous, has_next = len(found) > limit, True
        found = found[:limit][::-1]
    else:
        behind = rows.filter(**{f"{key}__gt": after}) if after is not None else rows
        found = list(behind.order_by(key)[: limit + 1])
        has_previous, has_next = after is not None, len(found) > limit
        found = found[:limit]
    return RowPage(
        rows=[*found, *_siblings_of(nonresponder_list, row_filter, found)],
        first_key=getattr(found[0], key) if found else None,
        last_key=getattr(found[-1], key) if found else None,
        has_previous=has_previous,
        has_next=has_next,
    )


def criteria_rows(nonresponder_list: NonresponderList, row_filter: RowFilter, *, today: date) -> QuerySet[ListRow]:
    """All rows that the filter lets through, citizens joined."""
    return ListRow.objects.filter(
        criteria(nonresponder_list, row_filter, today=today), nonresponder_list=nonresponder_list
    ).select_related("citizen")


def criteria(nonresponder_list: NonresponderList, row_filter: RowFilter, *, today: date) -> Q:
    """The filter as criteria on rows; text is a row number, a CPR number, or part of a name."""
    found = Q(row_class=row_filter.row_class.value)
    if row_filter.problem:
        found &= Q(problem_code=row_filter.problem)
    if row_filter.waiting_only:
        found &= Q(decision="")
    text, by = row_filter.text.strip(), searched_by(row_filter, today=today)
    if not by:
        return found
    if by == "row":
        return found & Q(row_number=int(text))
    number = parse(text, today=today)
    if not isinstance(number, CprProblem):
        index = blind_index("cpr", number.canonical)
        return found & (Q(cpr_index=index) | Q(citizen__cpr_index=index))
    if "name" in nonresponder_list.mapping or row_filter.row_class == RowClass.GONE:
        return found & Q(name__icontains=text)
    return found & Q(citizen__search_name__contains=search_key(text))


def searched_by(row_filter: RowFilter, *, today: date) -> str:
    """What the filter's text is: "row", "cpr" or "name"; "" without one."""
    text = row_filter.text.strip()
    if not text:
        return ""
    if text.isdecimal() and len(text) <= LONGEST_ROW_NUMBER:
        return "row"
    return "name" if isinstance(parse(text, today=today), CprProblem) else "cpr"


def count_rows(nonresponder_list: NonresponderList, row_filter: RowFilter, *, today: date) -> int:
    """How many rows the filter lets through."""
    return criteria_rows(nonresponder_list, row_filter, today=today).count()


def count_importable(nonresponder_list: NonresponderList, row_filter: RowFilter, *, today: date) -> int:
    """How many of these can be taken all at once: not those of which only one, or none, can be (IC02, C3)."""
    rows = criteria_rows(nonresponder_list, row_filter, today=today)
    return rows.exclude(problem_code__in=[*SKIP_ONLY, ONE_OF_SEVERAL]).count()


def waiting_by_problem(nonresponder_list: NonresponderList, row_class: RowClass) -> dict[str, tuple[int, int]]:
    """Problem → (rows, rows that still wait for a decision) of one group that is decided, by an index alone."""
    if row_class not in DECIDABLE:
        return {}
    counted = (
        ListRow.objects.filter(nonresponder_list=nonresponder_list, row_class=row_class.value)
        .values_list("problem_code")
        .annotate(rows=Count("problem_code"), waiting=Count("problem_code", filter=Q(decision="")))
        .order_by("problem_code")
    )
    return {code: (rows, waiting) for code, rows, waiting in counted}


def faults_by_problem(nonresponder_list: NonresponderList) -> dict[str, int]:
    """Problem → rows that cannot be imported."""
    counted = ListRow.objects.filter(nonresponder_list=nonresponder_list, row_class=RowClass.UNREADABLE.value)
    return dict(counted.values_list("problem_code").annotate(rows=Count("id")).order_by("-rows", "problem_code"))


def last_step(nonresponder_list: NonresponderList) -> dict[str, Any] | None:
    """The newest step of decisions: {"step", "rows", "by"}; None when there is nothing to undo."""
    if not nonresponder_list.decision_steps:
        return None
    found = ListRow.objects.filter(
        nonresponder_list=nonresponder_list, decision_step=nonresponder_list.decision_steps
    ).aggregate(rows=Count("id"), by=Max("decided_by_name"))
    return {"step": nonresponder_list.decision_steps, **found} if found["rows"] else None


def rows_with_siblings(nonresponder_list: NonresponderList, row_id: int) -> list[ListRow]:
    """One row to decide with those that share its CPR number, the row that speaks for them first."""
    row = ListRow.objects.filter(nonresponder_list=nonresponder_list, pk=row_id).select_related("citizen").first()
    if row is None:
        return []
    if row.row_class != RowClass.NEEDS_DECISION or row.same_as_row is None:
        return [row]
    return list(
        ListRow.objects.filter(
            nonresponder_list=nonresponder_list, row_class=row.row_class, same_as_row=row.same_as_row
        )
        .select_related("citizen")
        .order_by("row_number")
    )


def changed_in_place(nonresponder_list: NonresponderList, limit: int) -> tuple[int, list[ListRow]]:
    """Citizens on both this list and the one it corrects, with another group or date (IP04): how many, and the first.

    The rows carry `group_before` and `invited_before`.
    """
    rows = (
        ListRow.objects.filter(nonresponder_list=nonresponder_list, row_class=RowClass.WAITING.value)
        .annotate(
            before=FilteredRelation(
                "citizen__follow_ups", condition=Q(citizen__follow_ups__programme=nonresponder_list.programme_id)
            ),
            group_before=F("before__target_group"),
            invited_before=F("before__invited_on"),
        )
        .filter(before__last_list=nonresponder_list.previous_id)
        .filter(
            (~Q(target_group="") & ~Q(target_group=F("group_before")))
            | (Q(invited_on__isnull=False) & ~Q(invited_on=F("invited_before")))
        )
        .select_related("citizen")
    )
    return rows.count(), list(rows.order_by("row_number")[:limit])


def follow_ups_of(nonresponder_list: NonresponderList, rows: Iterable[ListRow]) -> dict[int, FollowUp]:
    """The rows' follow-ups in the list's programme, by citizen."""
    citizen_ids = {row.citizen_id for row in rows if row.citizen_id is not None}
    found = FollowUp.objects.filter(programme=nonresponder_list.programme_id, citizen__in=citizen_ids)
    return {follow_up.citizen_id: follow_up for follow_up in found}


def _siblings_of(nonresponder_list: NonresponderList, row_filter: RowFilter, rows: list[ListRow]) -> list[ListRow]:
    shared = [row.row_number for row in rows if row.same_as_row is not None]
    if row_filter.row_class != RowClass.NEEDS_DECISION or not shared:
        return []
    return list(
        ListRow.objects.filter(
            nonresponder_list=nonresponder_list,
            row_class=row_filter.row_class.value,
            # By the index of what is to decide: few stand twice, many may have lost a zero.
            problem_code__in=[ONE_OF_SEVERAL, *CHANGED_SINCE],
            same_as_row__in=shared,
        )
        .exclude(SPEAKS)
        .select_related("citizen")
        .order_by("row_number", "id")
    )
