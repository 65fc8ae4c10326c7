"""Citizens from the municipality's own system: a file in, a receipt out (C1)."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError

from ..forms.citizens import CitizenImportForm
from ..imports.citizens import import_citizens
from ..models import CitizenImport, Municipality
from ..presenters.citizen_imports import import_line, import_receipt
from ..selectors.list_pages import citizen_imports_of
from ..services.received_files import remove, store, stored_path

FOLDER = "citizens"
IMPORTS_SHOWN = 10
ERRORS_PER_PAGE = 50


@requires(Permission.UPLOAD_LISTS)
@require_http_methods(["GET", "POST"])
def citizen_import(request: ActorRequest) -> HttpResponse:
    """Hand in a file, read while the page waits; `?kvittering=<id>` shows the receipt of an earlier one."""
    if request.method == "GET" and "kvittering" in request.GET:
        return _show_receipt(request, request.GET["kvittering"])
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CitizenImportForm(*posted)
    if form.is_bound and form.is_valid():
        try:
            done = _import(request, form.cleaned_data["file"])
        except UserError as error:
            form.refuse(error)
        else:
            return redirect(f"{reverse('registry:citizen_import')}?kvittering={done.pk}")
    imports = citizen_imports_of(request.actor)[:IMPORTS_SHOWN]
    context = {"form": form, "imports": [import_line(each) for each in imports]}
    return render(request, "registry/citizen_import.html", context, status=422 if form.errors else 200)


def _show_receipt(request: ActorRequest, import_id: str) -> HttpResponse:
    if not import_id.isdecimal() or len(import_id) > 18:
        raise Http404(import_id)
    found = get_object_or_404(citizen_imports_of(request.actor), pk=import_id)
    page = Paginator(found.errors, ERRORS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"receipt": import_receipt(found, page.object_list), "page": page}
    return render(request, "registry/citizen_import_receipt.html", context)


def _import(request: ActorRequest, file: UploadedFile) -> CitizenImport:
    """Import from a private copy that is removed at once: citizens' files are never kept."""
    actor, now = request.actor, request.now
    municipality = get_object_or_404(Municipality, pk=actor.municipality_code)
    stored = store(file, folder=FOLDER, display_name=file.name or "")  # type: ignore[arg-type]
    try:
        path = stored_path(FOLDER, stored.stored_name)
        return import_citizens(
            by=actor, municipality=municipality, path=path, display_name=stored.display_name, now=now
        )
    finally:
        remove(FOLDER, stored.stored_name)
