"""How many near a pop-up site have not reacted: a page, and a part of the site's own page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from popup_sites.models import PopupSite
from reports.selectors.follow_up_counts import counted_at
from reports.selectors.near_site import NEAR_KM, parishes_near, programmes_at
from reports.selectors.scope import is_shared


@requires(Permission.SEE_POPUP_SITES)
@requires(Permission.SEE_UPTAKE)
@require_GET
def near_site(request: ActorRequest, site_id: int) -> HttpResponse:
    """Numbers only; the region sees them after disclosure control."""
    sites = PopupSite.objects.visible_to(request.actor).select_related("municipality", "parish")
    site = get_object_or_404(sites, pk=site_id)
    shared = is_shared(request.actor, site.municipality)
    tables = [
        (each, parishes_near(site, each, shared=shared), counted_at(site.municipality, each))
        for each in programmes_at(site, request.now)
    ]
    context = {"site": site, "tables": tables, "shared": shared, "near_km": NEAR_KM}
    template = "reports/parts/near_site.html" if request.htmx else "reports/near_site.html"
    return render(request, template, context)
