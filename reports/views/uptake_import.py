"""Upload of an uptake file: read at once, stored whole or not at all."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError
from registry.selectors.reference import municipality_by_code
from reports.forms.uptake import UptakeUpload
from reports.models import UptakeSnapshot
from reports.services.uptake_import import import_uptake, receipt

MAXIMUM_NAME = 120


@requires(Permission.IMPORT_UPTAKE)
def uptake_import(request: ActorRequest) -> HttpResponse:
    """The form, and the import when it is sent; afterwards the breakdown the file was about."""
    form = UptakeUpload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            snapshot = _import(request, form)
        except UserError as error:
            form.add_error("file", error.message)
        else:
            _tell(request, snapshot)
            return redirect(f"{reverse('reports:uptake')}?opgjort={snapshot.kind}&program={snapshot.programme.code}")
    earlier = UptakeSnapshot.objects.select_related("programme", "municipality").filter(
        municipality__in=[*request.actor.municipality_codes]
    ) | UptakeSnapshot.objects.select_related("programme", "municipality").filter(municipality=None)
    status = 422 if form.errors else 200
    return render(request, "reports/uptake_import.html", {"form": form, "earlier": earlier[:20]}, status=status)


def _import(request: ActorRequest, form: UptakeUpload) -> UptakeSnapshot:
    """Put the upload in a private folder while it is read; a mistake leaves nothing behind."""
    upload: UploadedFile = form.cleaned_data["file"]
    code = request.actor.municipality_code
    if code is None:
        raise PermissionDenied(Permission.IMPORT_UPTAKE.value)
    with TemporaryDirectory() as folder, transaction.atomic():
        path = Path(folder) / "upload"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return import_uptake(
            by=request.actor,
            path=path,
            display_name=Path(upload.name or "").name[:MAXIMUM_NAME],
            as_of=form.cleaned_data["as_of"],
            programme=form.cleaned_data["programme"],
            municipality=municipality_by_code(code),
            now=request.now,
            source=form.cleaned_data["source"],
        )


def _tell(request: ActorRequest, snapshot: UptakeSnapshot) -> None:
    """The receipt in words."""
    told = receipt(snapshot)
    messages.success(
        request,
        ngettext("{stored} række er gemt.", "{stored} rækker er gemt.", told["stored"]).format(stored=told["stored"]),
    )
    if told["unknown_places"]:
        names = ", ".join(told["unknown_places"][:10])
        messages.warning(request, _("Steder, vi ikke kender, er ikke gemt: {names}.").format(names=names))
    for warning in told["warnings"]:
        messages.warning(request, warning)
