"""Draft a list order from the uptake of the places where it is low (L2): the figures go with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.errors import UserError
from registry.forms.list_orders import DraftForm
from registry.services.list_orders import draft_list_order
from reports.models import UptakeKind
from reports.presenters.uptake import place_choices
from reports.selectors.scope import active_programmes, chosen_municipality, chosen_programme, visible_municipalities
from reports.selectors.uptake import UptakeTable, uptake_rows


@requires(Permission.MANAGE_LIST_ORDERS)
@require_http_methods(["GET", "POST"])
def list_order_draft(request: ActorRequest) -> HttpResponse:
    """Choose places by their uptake and say what for; the draft keeps the figures as the municipality shares them."""
    today = timezone.localtime(request.now).date()
    municipality = chosen_municipality(visible_municipalities(request.actor, today), "")
    programme = chosen_programme(active_programmes(), request.GET.get("program", ""))
    table = uptake_rows(UptakeKind.PARISH, municipality, programme, shared=True, on=today)
    form = DraftForm(request.POST or None, places=place_choices(table), initial={"places": request.GET.getlist("sogn")})
    if form.is_bound and form.is_valid():
        try:
            order = draft_list_order(
                by=request.actor,
                municipality=municipality,
                programme=programme,
                purpose=form.cleaned_data["purpose"],
                groups=form.cleaned_data["groups"],
                now=request.now,
                **_area(table, form.cleaned_data.get("places", []), form.cleaned_data["area"]),
            )
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Kladden er gemt. Læs den igennem, print den, og send den."))
            return redirect("registry:list_order_detail", order.pk)
    context = {
        "form": form,
        "programme": programme,
        "programmes": active_programmes(),
        "snapshot": table.snapshot,
    }
    return render(request, "reports/list_order_draft.html", context, status=422 if form.errors else 200)


def _area(table: UptakeTable, codes: list[str], words: str) -> dict[str, Any]:
    """The chosen places in words, and their figures as the order keeps them."""
    lines = [line for line in table.lines if line.code in codes]
    named = ", ".join(line.name for line in lines)
    uptake: dict[str, Any] = {}
    if lines and table.snapshot is not None:
        rows = [{**line.as_contract(), "as_of": None} for line in lines]
        uptake = {
            "as_of": table.snapshot.as_of.isoformat(),
            "source": table.snapshot.source,
            "kind": table.kind.value,
            "rows": rows,
        }
    return {"area": " · ".join(part for part in (words.strip(), named) if part), "uptake": uptake}
