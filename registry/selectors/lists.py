"""Read lists: counts and rows of a review, the receipt, and which list is the newest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count

from ..models import (
    ListKind,
    ListOrder,
    ListRow,
    ListState,
    Municipality,
    NonresponderList,
    Programme,
    RowClass,
)
from ..row_problems import message

# A receipt names this many rows that need somebody; the review page and its CSV file show all.
ERRORS_SHOWN = 1000


def review_counts(nonresponder_list: NonresponderList) -> dict[RowClass, int]:
    """Rows per class, every class present. Kept on the list from its review on; counted before that."""
    counted = nonresponder_list.counts or dict(
        ListRow.objects.filter(nonresponder_list=nonresponder_list)
        .exclude(row_class="")
        .values_list("row_class")
        .annotate(rows=Count("id"))
    )
    return {row_class: counted.get(row_class.value, 0) for row_class in RowClass}


def rows_in_class(
    nonresponder_list: NonresponderList, row_class: RowClass | str, *, limit: int = 50, offset: int = 0
) -> list[ListRow]:
    """A page of rows of one class in the file's order, citizens joined; earlier answers are on the rows (L8)."""
    return list(
        ListRow.objects.filter(nonresponder_list=nonresponder_list, row_class=row_class)
        .select_related("citizen", "citizen__parish")
        .order_by("row_number", "id")[offset : offset + limit]
    )


def each_row_error(nonresponder_list: NonresponderList, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """Rows with a problem, one after the other: number and column as the spreadsheet shows them, the row's group,
    code, Danish sentence. No names, no numbers."""
    rows = (
        ListRow.objects.filter(nonresponder_list=nonresponder_list)
        .exclude(problem_code="")
        .order_by("row_number", "id")
        .values_list("row_number", "problem_column", "problem_code", "row_class")
    )
    headers = nonresponder_list.mapping
    found = rows[:limit] if limit is not None else rows
    for row, column, code, row_class in found.iterator(chunk_size=2000):
        yield {
            "row": row,
            "column": headers.get(column, column),
            "code": code,
            "message": message(code),
            "row_class": row_class,
        }


def row_errors(nonresponder_list: NonresponderList, limit: int | None = None) -> list[dict[str, Any]]:
    """Rows with a problem in the receipt's shape: row, column, code, sentence."""
    return [
        {name: value for name, value in error.items() if name != "row_class"}
        for error in each_row_error(nonresponder_list, limit)
    ]


def receipt(nonresponder_list: NonresponderList) -> dict[str, Any]:
    """What became of a list, in the contract's shape (L6)."""
    return {
        "list_id": nonresponder_list.pk,
        "state": nonresponder_list.state,
        "rows": nonresponder_list.rows,
        "counts": {row_class.value: rows for row_class, rows in review_counts(nonresponder_list).items()},
        "gates": [{"code": gate["code"], "message": gate["message"]} for gate in nonresponder_list.gates],
        "errors": row_errors(nonresponder_list, ERRORS_SHOWN),
    }


def newest_committed(
    municipality: Municipality,
    programme: Programme,
    kind: ListKind = ListKind.STANDING,
    on: date | None = None,
    order: ListOrder | None = None,
) -> NonresponderList | None:
    """The committed list with the latest as-of date, at most `on` where given; of one order for ordered lists."""
    lists = NonresponderList.objects.filter(
        municipality=municipality, programme=programme, kind=kind, state=ListState.COMMITTED
    )
    if order is not None:
        lists = lists.filter(order=order)
    if on is not None:
        lists = lists.filter(as_of__lte=on)
    return lists.order_by("-as_of", "-committed_at", "-id").first()
