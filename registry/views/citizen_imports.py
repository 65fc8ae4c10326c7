"""Citizens from the municipality's own system: a file in, read in the background, a receipt out (C1)."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ..forms.citizens import CitizenImportForm
from ..models import CitizenImport, CitizenImportState, Municipality
from ..presenters.citizen_imports import held_file, import_errors_csv, import_line, import_progress, import_receipt
from ..selectors.citizen_differences import open_differences
from ..selectors.list_pages import citizen_imports_of
from ..services.citizen_file_decisions import approve_citizen_file, reject_citizen_file
from ..services.citizen_imports import receive_citizen_file
from ..tasks import import_citizen_file

IMPORTS_SHOWN = 10
ERRORS_PER_PAGE = 50


@requires(Permission.SEE_LISTS)
@require_http_methods(["GET", "POST"])
@never_cache
def citizen_import(request: ActorRequest) -> HttpResponse:
    """Hand in a file; `?kvittering=<id>` shows how far one is, and its receipt when it is read."""
    if request.method == "GET" and "kvittering" in request.GET:
        return _show_receipt(request, _found(request))
    if request.method == "POST":
        request.actor.require(Permission.UPLOAD_LISTS)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CitizenImportForm(*posted)
    if form.is_bound and form.is_valid():
        municipality = get_object_or_404(Municipality, pk=request.actor.municipality_code)
        file = cast("UploadedFile", form.cleaned_data["file"])
        try:
            received = receive_citizen_file(
                by=request.actor,
                municipality=municipality,
                file=file,  # type: ignore[arg-type]
                display_name=file.name or "",
                now=request.now,
            )
        except UserError as error:
            form.refuse(error)
        else:
            import_citizen_file.delay_on_commit(received.pk)
            return redirect(_receipt_address(received))
    context = {
        "form": form,
        "imports": [import_line(each) for each in citizen_imports_of(request.actor)[:IMPORTS_SHOWN]],
        "differences": open_differences(request.actor).count(),
        "may_upload": request.actor.may(Permission.UPLOAD_LISTS),
    }
    return render(request, "registry/citizen_import.html", context, status=422 if form.errors else 200)


@requires(Permission.SEE_LISTS)
@require_GET
@never_cache
def citizen_import_progress(request: ActorRequest) -> HttpResponse:
    """The progress panel alone; once the file is read, the page loads anew and shows the receipt."""
    if "kvittering" not in request.GET:
        return redirect("registry:citizen_import")
    found = _found(request)
    if found.state != CitizenImportState.RECEIVED:
        return HttpResponseClientRefresh() if request.htmx else redirect(_receipt_address(found))
    context = {"import_id": found.pk, "progress": import_progress(found)}
    return render(request, "registry/citizen_import_progress.html#progress", context)


@requires(Permission.SEE_LISTS)
@require_GET
@never_cache
def citizen_import_errors(request: ActorRequest) -> HttpResponse:
    """The rows somebody must mend, as a file: row numbers and sentences, nobody's name or number."""
    if "kvittering" not in request.GET:
        return redirect("registry:citizen_import")
    found = _found(request)
    record(
        by=request.actor,
        action=Action.EXPORT,
        subject_kind="citizenimport",
        subject_id=found.pk,
        municipality_id=found.municipality_id,
        purpose=_("Fejlliste hentet"),
        detail={"rows": len(found.errors), "format": "csv"},
        at=request.now,
    )
    response = HttpResponse(import_errors_csv(found.errors), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="borgere-fejl-{found.pk}.csv"'
    return response


@requires(Permission.APPROVE_LISTS)
@require_POST
def citizen_import_approve(request: ActorRequest) -> HttpResponse:
    """Answer for a held file; the worker reads it again."""
    if "kvittering" not in request.GET:
        return redirect("registry:citizen_import")
    found = _found(request)
    try:
        reason = request.POST.get("reason", "").replace("\0", "")
        approve_citizen_file(by=request.actor, receipt=found, reason=reason, now=request.now)
    except UserError as error:
        messages.error(request, error.message)
    else:
        import_citizen_file.delay_on_commit(found.pk)
    return redirect(_receipt_address(found))


@requires(Permission.APPROVE_LISTS)
@require_POST
def citizen_import_reject(request: ActorRequest) -> HttpResponse:
    """Refuse a held file; it is erased."""
    if "kvittering" not in request.GET:
        return redirect("registry:citizen_import")
    found = _found(request)
    try:
        reject_citizen_file(by=request.actor, receipt=found, now=request.now)
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Filen er afvist og slettet. Intet af den er brugt."))
    return redirect(_receipt_address(found))


def _found(request: ActorRequest) -> CitizenImport:
    import_id = request.GET.get("kvittering", "")
    if not import_id.isdecimal() or len(import_id) > 18:
        raise Http404(import_id)
    return get_object_or_404(citizen_imports_of(request.actor), pk=import_id)


def _receipt_address(found: CitizenImport) -> str:
    return f"{reverse('registry:citizen_import')}?kvittering={found.pk}"


def _show_receipt(request: ActorRequest, found: CitizenImport) -> HttpResponse:
    if found.state == CitizenImportState.RECEIVED:
        context = {"name": found.display_name, "import_id": found.pk, "progress": import_progress(found)}
        return render(request, "registry/citizen_import_progress.html", context)
    if found.state == CitizenImportState.HELD:
        return render(request, "registry/citizen_import_held.html", {"held": held_file(found, request.actor)})
    page = Paginator(found.errors, ERRORS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"receipt": import_receipt(found, page.object_list), "page": page}
    return render(request, "registry/citizen_import_receipt.html", context)
