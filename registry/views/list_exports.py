"""Files of a list: its errors as CSV and XLSX, its receipt as PDF. Each is logged as an export (A3, D8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.design.pdf import pdf

from ..models import NonresponderList
from ..presenters.error_list import error_csv, error_xlsx
from ..selectors.lists import each_row_error
from .list_reviews import receipt_of
from .list_row_panels import reviewable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.SEE_LISTS)
@require_GET
@never_cache
def list_errors_csv(request: ActorRequest, list_id: int) -> HttpResponse:
    """The rows to mend, as CSV without personal data."""
    return _errors(request, list_id, error_csv, "csv", "text/csv; charset=utf-8")


@requires(Permission.SEE_LISTS)
@require_GET
@never_cache
def list_errors_xlsx(request: ActorRequest, list_id: int) -> HttpResponse:
    """The rows to mend, as a spreadsheet without personal data."""
    return _errors(request, list_id, error_xlsx, "xlsx", XLSX)


@requires(Permission.SEE_LISTS)
@require_GET
@never_cache
def list_receipt_pdf(request: ActorRequest, list_id: int) -> HttpResponse:
    """The receipt on paper: figures and sentences, no citizen."""
    nonresponder_list = reviewable(request, list_id)
    page = receipt_of(request, nonresponder_list)
    printed = {"page": page, "list": nonresponder_list, "now": request.now, "actor": request.actor}
    html = render_to_string("registry/print/list_receipt.html", printed)
    _record(request, nonresponder_list, _("Kvittering hentet"), {"format": "pdf"})
    return _file(pdf(html), "application/pdf", _name(nonresponder_list, "kvittering", "pdf"))


def _errors(
    request: ActorRequest, list_id: int, write: Callable[..., str | bytes], ending: str, content_type: str
) -> HttpResponse:
    nonresponder_list = reviewable(request, list_id)
    rows = 0

    def counted() -> Iterator[dict[str, Any]]:
        nonlocal rows
        for error in each_row_error(nonresponder_list):
            rows += 1
            yield error

    content = write(counted())
    _record(request, nonresponder_list, _("Fejlliste hentet"), {"rows": rows, "format": ending})
    return _file(content, content_type, _name(nonresponder_list, "fejl", ending))


def _record(
    request: ActorRequest, nonresponder_list: NonresponderList, purpose: str, detail: dict[str, object]
) -> None:
    record(
        by=request.actor,
        action=Action.EXPORT,
        subject_kind="nonresponderlist",
        subject_id=nonresponder_list.pk,
        municipality_id=nonresponder_list.municipality_id,
        purpose=purpose,
        detail=detail,
        at=request.now,
    )


def _name(nonresponder_list: NonresponderList, what: str, ending: str) -> str:
    """Without anything the sender has typed: `kvittering-uge16-liste7.pdf`."""
    return f"{what}-uge{nonresponder_list.as_of.isocalendar().week}-liste{nonresponder_list.pk}.{ending}"


def _file(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
