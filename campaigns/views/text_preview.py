"""Try a text on an invented person, or on a real citizen found by search; every look is logged (S2, A3)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.models import Action
from outreach.audit.services import record, record_looks
from registry.models import Citizen

from ..models import MessageTemplate
from ..presenters.texts import blocks, measure, missing_fields
from ..selectors.search import search_citizens
from ..selectors.text_people import citizen_fields, example_fields
from ..selectors.texts import AnyText, Shelf
from .texts import found_shelf, ore_now, show_text

SHOWN = 10


@requires(Permission.EDIT_TEXTS)
@require_POST
@sensitive_post_parameters()
@never_cache
def text_preview(request: ActorRequest, text_kind: str, text_code: str, text_language: str) -> HttpResponse:
    """The text as it would read. Posted: no name or number ends in an address."""
    at = found_shelf(request, text_kind, text_code, text_language)
    wanted, query = request.POST.get("citizen", ""), request.POST.get("query", "").strip()
    if wanted or query:
        request.actor.require(Permission.SEARCH_CITIZENS)
    if wanted.isdecimal():
        citizen = get_object_or_404(Citizen.objects.visible_to(request.actor), pk=int(wanted))
        record_looks(by=request.actor, citizen_ids=[citizen.pk], purpose=_("Tekst prøvet på borger"), at=request.now)
        return _shown(request, at, citizen.name, citizen_fields(citizen, request.actor), query)
    if query:
        return _found(request, at, query)
    return _shown(request, at, _("en opdigtet borger"), example_fields(request.actor), "")


def _found(request: ActorRequest, at: Shelf, query: str) -> HttpResponse:
    result = search_citizens(request.actor, query)
    found = result.citizens[:SHOWN]
    detail = {"criterion": result.criterion.value, "hits": len(found)}
    record(by=request.actor, action=Action.SEARCH, subject_kind="citizen", purpose=_("Søgning"), detail=detail)
    shown = [each.pk for each in found]
    record_looks(by=request.actor, citizen_ids=shown, purpose=_("Vist i søgeresultat"), action=Action.SEARCH)
    return show_text(request, at, query=query, found=found, searched=True)


def _shown(request: ActorRequest, at: Shelf, name: str, fields: dict[str, str], query: str) -> HttpResponse:
    # What would be used next: a draft is tried before it is approved.
    version = at.draft or at.used
    preview = _preview(request, version, fields) if version is not None else None
    return show_text(request, at, preview=preview, preview_name=name, query=query)


def _preview(request: ActorRequest, version: AnyText, fields: dict[str, str]) -> dict[str, Any]:
    preview: dict[str, Any] = {"version": version.version, "missing": missing_fields(version, fields)}
    if isinstance(version, MessageTemplate):
        return preview | {"size": measure(version.body, fields, ore_now(request))}
    return preview | {"blocks": blocks(version, fields)}
