"""Tilslutning: uptake in tables, own follow-up beside it, municipality, region and country to compare with."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.design.spreadsheets import BYTE_ORDER_MARK
from registry.models import Municipality, Programme
from reports.forms.uptake import UptakeFilter
from reports.models import UptakeKind
from reports.presenters import tables
from reports.presenters.uptake import TABS, uptake_page
from reports.selectors.comparison import levels
from reports.selectors.follow_up_counts import counted_at, follow_up_counts
from reports.selectors.scope import (
    active_programmes,
    chosen_municipality,
    chosen_programme,
    is_shared,
    visible_municipalities,
)
from reports.selectors.uptake import uptake_rows


@dataclass(frozen=True, slots=True)
class _Choice:
    kind: UptakeKind
    programme: Programme
    municipality: Municipality
    municipalities: list[Municipality]
    programmes: list[Programme]
    shared: bool


def _choice(request: ActorRequest) -> _Choice:
    """What the address asks for. A region or the nation starts with its municipalities side by side."""
    actor = request.actor
    municipalities = visible_municipalities(actor, timezone.localtime(request.now).date())
    municipality = chosen_municipality(municipalities, request.GET.get("kommune", ""))
    programmes = active_programmes()
    default = UptakeKind.PARISH if actor.municipality_codes else UptakeKind.MUNICIPALITY
    kind = request.GET.get("opgjort") or default
    if kind not in UptakeKind.values:
        raise Http404
    return _Choice(
        UptakeKind(kind),
        chosen_programme(programmes, request.GET.get("program", "")),
        municipality,
        municipalities,
        programmes,
        is_shared(actor, municipality),
    )


@requires(Permission.SEE_UPTAKE)
def uptake(request: ActorRequest) -> HttpResponse:
    """One breakdown; exact for one's own municipality, after disclosure control for others."""
    choice = _choice(request)
    today = timezone.localtime(request.now).date()
    table = uptake_rows(choice.kind, choice.municipality, choice.programme, shared=choice.shared, on=today)
    by_municipality = choice.kind == UptakeKind.MUNICIPALITY
    beside = choice.municipalities if by_municipality else [choice.municipality]
    follow_up = follow_up_counts(choice.kind, beside, choice.programme, shared=choice.shared)
    keep = None
    if by_municipality and not request.actor.municipality_codes:
        keep = {each.code_text for each in choice.municipalities} | {"DK"}
    return render(
        request,
        "reports/uptake.html",
        {
            "choice": choice,
            "tabs": TABS,
            "page": uptake_page(table, follow_up, own_code=choice.municipality.code_text, keep=keep),
            "snapshot": table.snapshot,
            "levels": levels(choice.municipality, choice.programme, today),
            "counted_at": counted_at(choice.municipality, choice.programme),
            "filter_form": UptakeFilter(
                {**request.GET.dict(), "opgjort": choice.kind, "kommune": choice.municipality.code_text},
                programmes=choice.programmes,
                municipalities=choice.municipalities,
            ),
            "may_import": request.actor.may(Permission.IMPORT_UPTAKE),
        },
    )


@requires(Permission.SEE_UPTAKE)
def uptake_csv(request: ActorRequest) -> HttpResponse:
    """The same rows as a file; the export is logged (D8)."""
    choice = _choice(request)
    today = timezone.localtime(request.now).date()
    table = uptake_rows(choice.kind, choice.municipality, choice.programme, shared=choice.shared, on=today)
    record(
        by=request.actor,
        action=Action.EXPORT,
        subject_kind="uptake",
        municipality_id=choice.municipality.code,
        purpose="Tilslutningstal",
        detail={"kind": choice.kind.value, "rows": len(table.lines), "shared": choice.shared},
        at=request.now,
    )
    response = HttpResponse(BYTE_ORDER_MARK + tables.uptake_csv(table.lines), content_type="text/csv; charset=utf-8")
    name = f"tilslutning-{choice.municipality.code_text}-{choice.kind}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
