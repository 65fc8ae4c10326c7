"""Review a list group by group, decide its rows, and read its receipt afterwards (L3, L6)."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record, record_looks
from outreach.design.formats import number_da
from outreach.errors import UserError

from ..models import ListRow, ListState, NonresponderList, RowClass
from ..presenters.error_list import error_csv
from ..presenters.list_receipts import receipt_page
from ..presenters.list_reviews import review_page, rows_panel
from ..presenters.lists import first_group, tiles
from ..selectors.list_pages import RowsOfClass, follow_ups_of, lists_for, undecided
from ..selectors.lists import problem_counts, review_counts, row_errors
from ..services.lists import decide
from ..services.lists.undoing import undo_refusal

ROWS_PER_PAGE = 25
LONGEST_KEY = 18  # digits; more is no row of ours, and thousands make int() raise
REVIEWABLE = (ListState.REVIEWED, ListState.COMMITTED, ListState.REJECTED, ListState.WITHDRAWN, ListState.UNDONE)


def show_review(request: ActorRequest, nonresponder_list: NonresponderList) -> HttpResponse:
    """The review: what holds it back, the groups, one group's rows, and what approval does."""
    counts = review_counts(nonresponder_list)
    waiting = undecided(nonresponder_list)
    chosen = _chosen_group(request) or first_group(counts)
    context = {
        "page": review_page(nonresponder_list, counts, waiting, actor=request.actor),
        **_rows_context(request, nonresponder_list, counts, waiting, chosen),
    }
    return render(request, "registry/list_review.html", context)


def show_receipt(request: ActorRequest, nonresponder_list: NonresponderList) -> HttpResponse:
    """The receipt; rows only when asked for, so that reading it looks at nobody."""
    actor, now = request.actor, request.now
    refusal = undo_refusal(nonresponder_list) if nonresponder_list.state == ListState.COMMITTED else ""
    page = receipt_page(
        nonresponder_list, list(nonresponder_list.changes.all()), actor=actor, refusal=refusal, today=localdate(now)
    )
    counts = review_counts(nonresponder_list)
    rows = _rows_context(request, nonresponder_list, counts, 0, _chosen_group(request))
    return render(request, "registry/list_receipt.html", {"page": page, **rows})


@requires(Permission.SEE_LISTS)
@require_GET
@never_cache
def list_rows(request: ActorRequest, list_id: int) -> HttpResponse:
    """The tiles and one group's rows, to be put into the page; on its own it leads to the whole page."""
    nonresponder_list = _reviewable(request, list_id)
    if not request.htmx:
        return redirect(f"{reverse('registry:list_detail', args=[list_id])}?{request.GET.urlencode()}")
    counts = review_counts(nonresponder_list)
    waiting = undecided(nonresponder_list) if nonresponder_list.state == ListState.REVIEWED else 0
    chosen = _chosen_group(request) or first_group(counts)
    context = _rows_context(request, nonresponder_list, counts, waiting, chosen)
    return render(request, "registry/list_groups.html", context | {"swapped": True})


@requires(Permission.APPROVE_LISTS)
@require_POST
def list_decide(request: ActorRequest, list_id: int) -> HttpResponse:
    """Save the choices of a page of rows, or one choice for all rows with the same problem."""
    actor, now = request.actor, request.now
    nonresponder_list = _reviewable(request, list_id)
    problem_code = request.POST.get("problem_code", "").replace("\0", "")  # the database takes none in a text
    try:
        if problem_code:
            decided = decide(
                by=actor,
                nonresponder_list=nonresponder_list,
                row_ids=None,
                problem_code=problem_code,
                decision=request.POST.get("decision", ""),
                now=now,
            )
        else:
            decided = sum(
                decide(
                    by=actor,
                    nonresponder_list=nonresponder_list,
                    row_ids=ids,
                    problem_code=None,
                    decision=what,
                    now=now,
                )
                for what, ids in _posted_choices(request, nonresponder_list).items()
                if ids
            )
    except UserError as error:
        messages.error(request, error.message)
    else:
        words = ngettext("%(rows)s valg er gemt.", "%(rows)s valg er gemt.", decided) % {"rows": number_da(decided)}
        messages.success(request, words if decided else _("Der var ikke valgt noget at gemme."))
    return _back_to_group(request, list_id)


@requires(Permission.SEE_LISTS)
@require_GET
def list_errors_csv(request: ActorRequest, list_id: int) -> HttpResponse:
    """The rows to mend, as a file without personal data; logged as an export."""
    actor, now = request.actor, request.now
    nonresponder_list = _reviewable(request, list_id)
    errors = row_errors(nonresponder_list)
    record(
        by=actor,
        action=Action.EXPORT,
        subject_kind="nonresponderlist",
        subject_id=nonresponder_list.pk,
        municipality_id=nonresponder_list.municipality_id,
        purpose=_("Fejlliste hentet"),
        detail={"rows": len(errors)},
        at=now,
    )
    response = HttpResponse(error_csv(errors), content_type="text/csv; charset=utf-8")
    name = f"fejl-uge{nonresponder_list.as_of.isocalendar().week}-liste{nonresponder_list.pk}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows_context(
    request: ActorRequest,
    nonresponder_list: NonresponderList,
    counts: dict[RowClass, int],
    waiting: int,
    chosen: RowClass | None,
) -> dict[str, object]:
    """Tiles, and the rows of the chosen group, each of them logged as looked at (A3)."""
    reviewing = nonresponder_list.state == ListState.REVIEWED
    context: dict[str, object] = {
        "list": nonresponder_list,
        "tiles": tiles(counts, chosen=chosen, undecided=waiting, reviewing=reviewing),
        "has_faults": bool(counts[RowClass.UNREADABLE]),
    }
    if chosen is None:
        return context
    actor, now = request.actor, request.now
    of_class = cast("Any", RowsOfClass(nonresponder_list, chosen))
    row_page: Page = Paginator(of_class, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows: list[ListRow] = list(row_page.object_list)
    _record_looks(request, nonresponder_list, rows)
    may_decide = reviewing and actor.may(Permission.APPROVE_LISTS)
    bulk = problem_counts(nonresponder_list) if may_decide and chosen == RowClass.NEEDS_DECISION else {}
    return context | {
        "rows_page": row_page,
        "panel": rows_panel(
            chosen,
            counts[chosen],
            rows,
            follow_ups_of(nonresponder_list, rows),
            bulk,
            today=localdate(now),
            reviewing=reviewing,
            may_decide=may_decide,
        ),
    }


def _record_looks(request: ActorRequest, nonresponder_list: NonresponderList, rows: list[ListRow]) -> None:
    actor, now = request.actor, request.now
    purpose = _("Gennemsyn af liste")
    record_looks(
        by=actor,
        citizen_ids=sorted({row.citizen_id for row in rows if row.citizen_id is not None}),
        municipality_id=nonresponder_list.municipality_id,
        purpose=purpose,
        at=now,
    )
    if any(row.citizen_id is None for row in rows):
        # Rows nobody in the registry stands behind: the list itself is what was looked at.
        record(
            by=actor,
            action=Action.LOOK,
            subject_kind="nonresponderlist",
            subject_id=nonresponder_list.pk,
            municipality_id=nonresponder_list.municipality_id,
            purpose=purpose,
            detail={"rows": sum(row.citizen_id is None for row in rows)},
            at=now,
        )


def _posted_choices(request: ActorRequest, nonresponder_list: NonresponderList) -> dict[str, list[int]]:
    """Row ids by decision. `row-<id>` holds "import-<id>" or "skip"; skipping covers the row's siblings too."""
    imported: list[int] = []
    skipped: list[int] = []
    for name, value in request.POST.items():
        head = name.removeprefix("row-")
        if head == name or not _is_key(head):
            continue
        chosen = str(value).removeprefix("import-")
        if value == "skip":
            skipped.append(int(head))
        elif chosen != value and _is_key(chosen):
            imported.append(int(chosen))
    shared = nonresponder_list.list_rows.filter(pk__in=skipped, same_as_row__isnull=False).values("same_as_row")
    siblings = nonresponder_list.list_rows.filter(row_class=RowClass.NEEDS_DECISION, same_as_row__in=shared)
    return {"import": imported, "skip": [*skipped, *siblings.values_list("pk", flat=True)]}


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST_KEY


def _chosen_group(request: ActorRequest) -> RowClass | None:
    asked = request.GET.get("gruppe", "")
    return RowClass(asked) if asked in RowClass.values else None


def _back_to_group(request: ActorRequest, list_id: int) -> HttpResponseRedirect:
    group, page = request.POST.get("gruppe", ""), request.POST.get("page", "")
    query = f"?gruppe={group}" if group in RowClass.values else ""
    query += f"&page={page}" if query and page.isdecimal() else ""
    return HttpResponseRedirect(f"{reverse('registry:list_detail', args=[list_id])}{query}#raekker")


def _reviewable(request: ActorRequest, list_id: int) -> NonresponderList:
    lists = lists_for(request.actor).filter(state__in=REVIEWABLE)
    return get_object_or_404(lists, pk=list_id)
