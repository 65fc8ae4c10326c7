"""Reference data: its tables, one row with its history, and a table as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.design.spreadsheets import BYTE_ORDER_MARK

from ..forms.reference_data import ReferenceSearchForm
from ..presenters.reference_data import history_line, reference_line, row_facts
from ..resources.tables import ReferenceTable, table_of, tables
from ..selectors.reference_data import found_rows, history_of, words_of_keys
from ..services.reference_data import save_reference_row

ROWS_PER_PAGE = 50
HISTORY_SHOWN = 25
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@requires(Permission.MANAGE_REFERENCE_DATA)
@require_GET
def reference_index(request: ActorRequest) -> HttpResponse:
    """All tables, with how many rows the actor sees in each."""
    actor = request.actor
    places = [
        (table, f"registry:reference_{table.key}", table.rows(actor).count(), table.may_take_in(actor))
        for table in tables()
    ]
    return render(request, "registry/reference_data/index.html", {"places": places})


@requires(Permission.MANAGE_REFERENCE_DATA)
@require_GET
def reference_table(request: ActorRequest, key: str) -> HttpResponse:
    """One table, a page at a time, searched by name or number."""
    table = table_of(key)
    form = ReferenceSearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    rows = found_rows(table.rows(request.actor), tuple(table.search), text)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "table": table,
        "names": address_names(table),
        "may_add": table.may_add(request.actor),
        "may_take_in": table.may_take_in(request.actor),
        "search": form,
        "text": text,
        "page": page,
        "rows": [reference_line(table, row) for row in page.object_list],
    }
    return render(request, "registry/reference_data/table.html", context)


@requires(Permission.MANAGE_REFERENCE_DATA)
@require_http_methods(["GET", "POST"])
def reference_create(request: ActorRequest, key: str) -> HttpResponse:
    """A new row, in the actor's municipality where the table has one."""
    table = table_of(key)
    if not table.may_add(request.actor):
        raise PermissionDenied("reference_table")
    return _form_page(request, table, None)


@requires(Permission.MANAGE_REFERENCE_DATA)
@require_http_methods(["GET", "POST"])
def reference_row(request: ActorRequest, key: str, **parameters: int) -> HttpResponse:
    """One row: its form, or what it says to those who may not change it, and who changed what when."""
    table = table_of(key)
    row = get_object_or_404(table.rows(request.actor), pk=parameters[table.row_parameter])
    if table.may_change(request.actor, row):
        return _form_page(request, table, row)
    if request.method == "POST":
        raise PermissionDenied("reference_row")
    resource = table.resource(by=request.actor, rows=table.rows(request.actor), now=request.now)
    context = _row_context(request, table, row) | {
        "facts": row_facts(resource, row),
        "may_add": table.may_add(request.actor),
    }
    return render(request, "registry/reference_data/row.html", context)


def _form_page(request: ActorRequest, table: ReferenceTable, row: Any) -> HttpResponse:
    if table.form is None:
        raise Http404
    form = table.form(request.POST or None, instance=row, actor=request.actor)
    if form.is_bound and form.is_valid():
        saved = form.save(commit=False)
        change = save_reference_row(
            by=request.actor, table=table.key, row=saved, origin=_("Rettet på siden"), now=request.now,
            purpose=_("Stamdata rettet"),
        )  # fmt: skip
        words = {"name": table.row_words(saved)}
        text = _("»%(name)s« er gemt.") if change else _("Der var intet at gemme i »%(name)s«.")
        messages.success(request, text % words)
        return redirect(f"registry:reference_{table.key}")
    context = _row_context(request, table, row) | {"form": form}
    return render(request, "registry/reference_data/row.html", context, status=422 if form.errors else 200)


def _row_context(request: ActorRequest, table: ReferenceTable, row: Any) -> dict[str, Any]:
    changes = list(history_of(request.actor, table.key, row.pk)[:HISTORY_SHOWN]) if row else []
    names = words_of_keys(table.model, changes)
    return {
        "table": table,
        "names": address_names(table),
        # The form has written what was typed into the row; its name is the stored one.
        "title": table.row_words(table.rows(request.actor).get(pk=row.pk)) if row else table.create_title,
        "note": table.note(row) if row else "",
        "history": [history_line(table, change, names) for change in changes],
        "is_new": row is None,
    }


@requires(Permission.MANAGE_REFERENCE_DATA)
@require_GET
def reference_export(request: ActorRequest, key: str) -> HttpResponse:
    """The table as a spreadsheet, `?format=csv` or `xlsx`; formulas in it are texts (D8)."""
    table, kind = table_of(key), request.GET.get("format", "xlsx")
    if kind not in FORMATS:
        raise Http404(kind)
    rows = table.rows(request.actor)
    dataset = table.resource(by=request.actor, rows=rows, now=request.now).exported(rows)
    dataset.title = str(table.title)[:31]
    content = BYTE_ORDER_MARK + dataset.export("csv", delimiter=";") if kind == "csv" else dataset.export("xlsx")
    record(
        by=request.actor, action=Action.EXPORT, subject_kind=table.model._meta.model_name or table.key,
        purpose=_("Stamdata hentet som fil"), detail={"rows": len(dataset), "format": kind}, at=request.now,
    )  # fmt: skip
    name = f"{table.slug}-{localdate(request.now):%Y-%m-%d}.{kind}"
    return HttpResponse(
        content, content_type=FORMATS[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def address_names(table: ReferenceTable) -> dict[str, str]:
    """The names of a table's addresses, for its templates; those it has not are left out."""
    base = f"registry:reference_{table.key}"
    names = {"table": base, "export": f"{base}_export"}
    if table.form is not None:
        names |= {"create": f"{base}_create", "import": f"{base}_import", "confirm": f"{base}_confirm"}
    return names
