"""Citizens from the municipality's own system: a file in, a receipt out (C1)."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.errors import UserError

from ..forms.citizens import CitizenImportForm
from ..models import CitizenImport, Municipality
from ..presenters.citizen_imports import import_line, import_receipt
from ..selectors.list_pages import citizen_imports_of
from ..services.citizens import import_citizens
from ..services.received_files import remove, store, stored_path

FOLDER = "citizens"
IMPORTS_SHOWN = 10
ERRORS_PER_PAGE = 50


@requires(Permission.UPLOAD_LISTS)
@require_http_methods(["GET", "POST"])
def citizen_import(request: HttpRequest) -> HttpResponse:
    """Hand in a file; it is read while the page waits."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CitizenImportForm(*posted)
    if form.is_bound and form.is_valid():
        try:
            done = _import(request, form.cleaned_data["file"])
        except UserError as error:
            form.refuse(error)
        else:
            return redirect("registry:citizen_import_detail", done.pk)
    imports = citizen_imports_of(request.actor)[:IMPORTS_SHOWN]  # type: ignore[attr-defined]
    context = {"form": form, "imports": [import_line(each) for each in imports]}
    return render(request, "registry/citizen_import.html", context, status=422 if form.errors else 200)


@requires(Permission.UPLOAD_LISTS)
@require_GET
def citizen_import_detail(request: HttpRequest, import_id: int) -> HttpResponse:
    """The receipt of one file."""
    found = get_object_or_404(citizen_imports_of(request.actor), pk=import_id)  # type: ignore[attr-defined]
    page = Paginator(found.errors, ERRORS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"receipt": import_receipt(found, page.object_list), "page": page}
    return render(request, "registry/citizen_import_detail.html", context)


def _import(request: HttpRequest, file: UploadedFile) -> CitizenImport:
    """Import from a private copy that is removed at once: citizens' files are never kept."""
    actor, now = request.actor, request.now  # type: ignore[attr-defined]
    municipality = get_object_or_404(Municipality, pk=actor.municipality_code)
    stored = store(file, folder=FOLDER, display_name=file.name or "")  # type: ignore[arg-type]
    try:
        path = stored_path(FOLDER, stored.stored_name)
        return import_citizens(
            by=actor, municipality=municipality, path=path, display_name=stored.display_name, now=now
        )
    finally:
        remove(FOLDER, stored.stored_name)
