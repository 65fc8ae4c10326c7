"""The files in the drop folder that were refused: what is wrong with them, and a way to be done with them (L1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest

from ..services.erasure import period
from ..services.refused_files import count_refused, erase_refused, refused_files


@requires(Permission.UPLOAD_LISTS)
@require_GET
@never_cache
def refused_file_index(request: ActorRequest) -> HttpResponse:
    """The refused files of the own municipality, newest first."""
    code = request.actor.municipality_code or 0
    files = refused_files(code)
    context = {"files": files, "hidden": count_refused(code) - len(files), "days": period().days}
    return render(request, "registry/refused_file_index.html", context)


@requires(Permission.UPLOAD_LISTS)
@require_POST
def refused_file_erase(request: ActorRequest) -> HttpResponse:
    """Erase one of them."""
    name = erase_refused(
        by=request.actor,
        code=request.actor.municipality_code or 0,
        token=request.POST.get("file", ""),
        now=request.now,
    )
    if name is None:
        messages.info(request, _("Filen er der ikke længere."))
    else:
        messages.success(request, _("Filen »%(name)s« er fjernet.") % {"name": name})
    return redirect("registry:refused_file_index")
