"""What the list pages read beyond a list itself: rows with what stands beside them, orders, what is expected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, F, Max, Q, QuerySet

from outreach.access.actor import Actor

from ..models import (
    CitizenImport,
    FollowUp,
    ListKind,
    ListOrder,
    ListOrderState,
    ListRow,
    ListState,
    NonresponderList,
    RowClass,
)
from .lists import review_counts, rows_in_class

WEEK = timedelta(days=7)
# Of rows with the same CPR number the first one speaks for all; rows on their own speak for themselves.
SPEAKS = Q(same_as_row=None) | Q(same_as_row=F("row_number"))


def lists_for(actor: Actor) -> QuerySet[NonresponderList]:
    """The actor's lists with what a page says of them, newest first."""
    return NonresponderList.objects.visible_to(actor).select_related("programme", "order", "municipality")


def expected_next(actor: Actor) -> list[tuple[str, date]]:
    """Programme and day of the next weekly list: a week after the newest one in use."""
    newest = (
        NonresponderList.objects.visible_to(actor)
        .filter(kind=ListKind.STANDING, state=ListState.COMMITTED)
        .values_list("programme__name")
        .annotate(as_of=Max("as_of"))
        .order_by("programme__name")
    )
    return [(name, as_of + WEEK) for name, as_of in newest]


class RowsOfClass:
    """Rows of one class for a paginator, read a page at a time: 100,000 rows stay usable.

    Rows to decide come with their siblings behind the row that speaks for them, so that one page holds a choice whole.
    """

    ordered = True  # Paginator asks

    def __init__(self, nonresponder_list: NonresponderList, row_class: RowClass) -> None:
        self.nonresponder_list, self.row_class = nonresponder_list, row_class

    def count(self) -> int:
        """Rows, or choices to make; only the latter are counted in the database."""
        if self.row_class == RowClass.NEEDS_DECISION:
            return self._choices().count()
        return review_counts(self.nonresponder_list)[self.row_class]

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[ListRow]:
        offset, limit = part.start or 0, (part.stop or 0) - (part.start or 0)
        if self.row_class != RowClass.NEEDS_DECISION:
            return rows_in_class(self.nonresponder_list, self.row_class, limit=limit, offset=offset)
        rows = list(self._choices().select_related("citizen")[offset : offset + limit])
        return [*rows, *self._siblings_of(rows)]

    def _choices(self) -> QuerySet[ListRow]:
        return ListRow.objects.filter(
            SPEAKS, nonresponder_list=self.nonresponder_list, row_class=self.row_class
        ).order_by("row_number", "id")

    def _siblings_of(self, rows: list[ListRow]) -> list[ListRow]:
        shared = [row.row_number for row in rows if row.same_as_row is not None]
        return list(
            ListRow.objects.filter(
                nonresponder_list=self.nonresponder_list, row_class=self.row_class, same_as_row__in=shared
            )
            .exclude(SPEAKS)
            .select_related("citizen")
            .order_by("row_number", "id")
        )


def follow_ups_of(nonresponder_list: NonresponderList, rows: Iterable[ListRow]) -> dict[int, FollowUp]:
    """The rows' follow-ups in the list's programme, by citizen."""
    citizen_ids = {row.citizen_id for row in rows if row.citizen_id is not None}
    found = FollowUp.objects.filter(programme=nonresponder_list.programme_id, citizen__in=citizen_ids)
    return {follow_up.citizen_id: follow_up for follow_up in found}


def undecided(nonresponder_list: NonresponderList) -> int:
    """Rows that still wait for somebody's decision."""
    return ListRow.objects.filter(
        nonresponder_list=nonresponder_list, row_class=RowClass.NEEDS_DECISION, decision=""
    ).count()


def orders_of(actor: Actor) -> QuerySet[ListOrder]:
    """The actor's list orders with the number of lists in use under each (`used`); those without an answer first."""
    return (
        ListOrder.objects.visible_to(actor)
        .select_related("programme")
        .annotate(used=Count("lists", filter=Q(lists__state=ListState.COMMITTED)))
        .order_by(F("expires_on").desc(nulls_first=True), "-id")
    )


def approved_orders_of(actor: Actor) -> QuerySet[ListOrder]:
    """The orders a list may be handed in under; an expired one is shown, so that nobody looks for it."""
    return orders_of(actor).filter(state=ListOrderState.APPROVED)


def citizen_imports_of(actor: Actor) -> QuerySet[CitizenImport]:
    """Citizen files of the actor's municipality, newest first."""
    return CitizenImport.objects.filter(municipality_id__in=actor.municipality_codes)
