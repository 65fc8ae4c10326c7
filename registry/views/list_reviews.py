"""Review a list group by group, and read its receipt afterwards (L3, L6)."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest

from ..models import ListState, NonresponderList
from ..presenters.list_comparisons import corrected_lines
from ..presenters.list_receipts import receipt_page
from ..presenters.list_reviews import SAME_WEEK, ReviewPage, review_page
from ..selectors.list_review import changed_in_place
from ..selectors.lists import review_counts
from ..services.lists.undoing import undo_refusal
from .list_mappings import columns_context
from .list_row_panels import Asked, asked_rows, panel_context, record_rows_looked_at, reviewable, waiting_rows

CORRECTIONS_SHOWN = 20


def show_review(request: ActorRequest, nonresponder_list: NonresponderList, asked: Asked | None = None) -> HttpResponse:
    """The review: what holds it back, the groups, one group's rows, and what approval does."""
    context = review_context(request, nonresponder_list)
    context |= _corrections(request, nonresponder_list, cast("ReviewPage", context["page"]))
    rows = panel_context(request, nonresponder_list, asked or asked_rows(request, nonresponder_list), opened=True)
    columns = columns_context(request, nonresponder_list)
    return render(request, "registry/list_review.html", context | rows | columns)


def review_context(request: ActorRequest, nonresponder_list: NonresponderList) -> dict[str, object]:
    """What stands round the rows."""
    counts = review_counts(nonresponder_list)
    waiting = waiting_rows(nonresponder_list, counts)
    page = review_page(nonresponder_list, counts, waiting, actor=request.actor)
    return {"page": page, "list": nonresponder_list}


def _corrections(request: ActorRequest, nonresponder_list: NonresponderList, page: ReviewPage) -> dict[str, object]:
    """What a corrected list says otherwise (IP04), and the log of whom that names."""
    if all(gate.code != SAME_WEEK for gate in page.gates):
        return {}
    number, rows = changed_in_place(nonresponder_list, CORRECTIONS_SHOWN)
    record_rows_looked_at(request, nonresponder_list, rows)
    counts = review_counts(nonresponder_list)
    return {
        "corrected": corrected_lines(rows, today=localdate(request.now)),
        "corrected_rows": number,
        "counts": {key.value: number for key, number in counts.items()},
    }


def show_receipt(
    request: ActorRequest, nonresponder_list: NonresponderList, asked: Asked | None = None
) -> HttpResponse:
    """The receipt; rows only when asked for, so that reading it looks at nobody."""
    rows = panel_context(request, nonresponder_list, asked or asked_rows(request, nonresponder_list), opened=False)
    return render(request, "registry/list_receipt.html", {"page": receipt_of(request, nonresponder_list), **rows})


def receipt_of(request: ActorRequest, nonresponder_list: NonresponderList) -> object:
    """The receipt in words, with why the list cannot be undone."""
    refusal = undo_refusal(nonresponder_list) if nonresponder_list.state == ListState.COMMITTED else ""
    return receipt_page(
        nonresponder_list,
        list(nonresponder_list.changes.all()),
        review_counts(nonresponder_list),
        actor=request.actor,
        refusal=refusal,
        today=localdate(request.now),
    )


@requires(Permission.SEE_LISTS)
@require_http_methods(["GET", "POST"])
@never_cache
def list_rows(request: ActorRequest, list_id: int) -> HttpResponse:
    """The tiles and one group's rows, to be put into the page; on its own it is the whole page.

    A search comes by POST: names and numbers belong in no address.
    """
    nonresponder_list = reviewable(request, list_id)
    asked = asked_rows(request, nonresponder_list)
    if request.htmx:
        context = panel_context(request, nonresponder_list, asked, opened=True)
        return render(request, "registry/list_groups.html", context | {"swapped": True})
    if request.method == "GET":
        return redirect(f"{reverse('registry:list_detail', args=[list_id])}?{request.GET.urlencode()}")
    show = show_review if nonresponder_list.state == ListState.REVIEWED else show_receipt
    return show(request, nonresponder_list, asked)
