"""Frister: who passes the deadline today and tomorrow, who is over it, and the proof of what was done (K3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record, record_looks

from ..forms.breaches import DeadlineFilterForm
from ..presenters.breaches import BreachRow, breach_csv, breach_row, breach_xlsx
from ..presenters.moments import local_day
from ..selectors.deadlines import deadline_counts, on_deadline_page
from ..selectors.proof import attempts_of

ROWS = 50
# A file of more is no list to work through; the filter makes it shorter.
MOST_ROWS = 20_000
READ_AT_ONCE = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.SEE_BREACHES)
@require_GET
@never_cache
def breaches(request: ActorRequest) -> HttpResponse:
    """Fifty to a page, those with a duty first; each with its attempts."""
    form = DeadlineFilterForm(request.GET)
    chosen = form.chosen()
    page = Paginator(on_deadline_page(request.actor, chosen, request.now), ROWS).get_page(request.GET.get("page"))
    rows = _rows(request, list(page.object_list))
    record_looks(by=request.actor, citizen_ids=[row.citizen_id for row in rows], purpose=_("Frister"), at=request.now)
    context = {
        "filter_form": form,
        "chosen": chosen,
        "counts": deadline_counts(request.actor, request.now),
        "page": page,
        "rows": rows,
        "query": request.GET.urlencode(),
        "filtered": any(request.GET.get(name) for name in ("duty", "clock", "programme")),
    }
    return render(request, "campaigns/breaches.html", context)


@requires(Permission.SEE_BREACHES)
@require_GET
@never_cache
def breaches_csv(request: ActorRequest) -> HttpResponse:
    """The filtered follow-ups with their attempts, as CSV."""
    return _file(request, breach_csv, "csv", "text/csv; charset=utf-8")


@requires(Permission.SEE_BREACHES)
@require_GET
@never_cache
def breaches_xlsx(request: ActorRequest) -> HttpResponse:
    """The same as a workbook."""
    return _file(request, breach_xlsx, "xlsx", XLSX)


def _file(
    request: ActorRequest, write: Callable[[Iterable[BreachRow]], str | bytes], ending: str, content_type: str
) -> HttpResponse:
    """C5: who is protected stays out of the file; who is in it has it in their own log (A3)."""
    chosen = DeadlineFilterForm(request.GET).chosen()
    found = on_deadline_page(request.actor, chosen, request.now)[:MOST_ROWS]
    rows = [row for row in _each_row(request, found) if not row.protected]
    record_looks(
        by=request.actor,
        citizen_ids=[row.citizen_id for row in rows],
        purpose=_("Frister hentet som fil"),
        action=Action.EXPORT,
        at=request.now,
    )
    record(
        by=request.actor,
        action=Action.EXPORT,
        subject_kind="follow_up",
        municipality_id=request.actor.municipality_code,
        purpose=_("Frister hentet som fil"),
        detail={"rows": len(rows), "format": ending, "when": chosen.when},
        at=request.now,
    )
    name = f"frister-{local_day(request.now):%Y-%m-%d}.{ending}"
    return HttpResponse(
        write(rows), content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _each_row(request: ActorRequest, found: Any) -> Iterator[BreachRow]:
    each = iter(found.iterator(chunk_size=READ_AT_ONCE))
    while part := list(islice(each, READ_AT_ONCE)):
        yield from _rows(request, part)


def _rows(request: ActorRequest, follow_ups: Sequence[Any]) -> list[BreachRow]:
    attempts = attempts_of([each.citizen_id for each in follow_ups])
    return [breach_row(each, each.deadline, attempts.get(each.citizen_id, []), now=request.now) for each in follow_ups]
