"""The auditor answers a citizen who asks: who has used my data, and what is kept about me (A3)."""

from __future__ import annotations

import json

from django.core.signing import BadSignature, dumps, loads
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError
from registry.models import Citizen

from ..forms.insight import InsightForm
from ..services.insight import export_insight, find_person, look_up_report

# The way from the report to the file: our own key and the reason, signed, for a quarter of an hour.
SALT, MAX_AGE = "insight", 900
FIELD_OF = {"cpr_invalid": "cpr", "reason_missing": "reason"}


@requires(Permission.SEE_ACCESS_LOG)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("cpr")
@never_cache
def insight_report(request: ActorRequest) -> HttpResponse:
    """Ask for a number; show whose data were used when, as what and what for, ready to print."""
    form = InsightForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return render(request, "campaigns/insight.html", {"form": form}, status=422 if form.errors else 200)
    values = form.cleaned_data
    citizen = None
    try:
        citizen = find_person(by=request.actor, cpr=values["cpr"], reason=values["reason"], now=request.now)
        if citizen is None:
            form.add_error("cpr", _("Kommunen har intet gemt under det CPR-nummer."))
    except UserError as problem:
        form.add_error(FIELD_OF.get(problem.code), problem.message)
    if citizen is None:
        return render(request, "campaigns/insight.html", {"form": form}, status=422)
    events = look_up_report(by=request.actor, citizen=citizen, reason=values["reason"], now=request.now)
    context = {
        "citizen": citizen,
        "events": events,
        "reason": values["reason"],
        "made_at": request.now,
        "ticket": dumps({"citizen": citizen.pk, "reason": values["reason"]}, salt=SALT),
    }
    return render(request, "campaigns/insight_report.html", context)


@requires(Permission.SEE_ACCESS_LOG)
@require_POST
@never_cache
def insight_file(request: ActorRequest) -> HttpResponse:
    """Everything that is kept about the citizen, as a file for them."""
    try:
        ticket = loads(request.POST.get("ticket", ""), salt=SALT, max_age=MAX_AGE)
    except BadSignature:
        return redirect("campaigns:insight")
    own = Citizen.objects.filter(municipality__in=request.actor.municipality_codes)
    citizen = get_object_or_404(own, pk=ticket["citizen"])
    kept = export_insight(by=request.actor, citizen=citizen, reason=ticket["reason"], now=request.now)
    response = HttpResponse(
        json.dumps(kept, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="indsigt-{localdate(request.now):%Y-%m-%d}.json"'
    return response
