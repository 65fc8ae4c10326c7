"""Forløb: what hangs together round a citizen's booked times, and the named caseworker who keeps it so (K14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from outreach.access.decorators import requires
from outreach.access.permissions import Permission
from outreach.access.requests import ActorRequest
from outreach.audit.services import record_looks
from outreach.errors import UserError
from registry.models import Citizen

from ..forms.chains import HandOverForm, LinkForm
from ..models import BookingRequest, CareChain, ChainLink, LinkKind
from ..presenters.chains import agree_rows, chain_view
from ..selectors.bookings import caseworkers_of, chain_of_citizen, links_to_agree, told_of_ride
from ..selectors.gone_citizens import has_moved, moved_among
from ..services.bookings import chains as chain_services

ROWS = 30


@requires(Permission.REQUEST_BOOKINGS)
@require_GET
def chains(request: ActorRequest) -> HttpResponse:
    """What must be agreed: one's own, or the whole municipality's."""
    everybody = request.GET.get("vis") == "alle"
    page = Paginator(links_to_agree(request.actor, mine=not everybody), ROWS).get_page(request.GET.get("page"))
    links = list(page.object_list)
    moved = moved_among({link.chain.citizen_id for link in links}, request.now)
    rows = agree_rows(links, now=request.now, moved=moved)
    record_looks(
        by=request.actor,
        citizen_ids=list(dict.fromkeys(row.citizen_id for row in rows)),
        purpose=_("Forløb der hænger sammen"),
        at=request.now,
    )
    return render(request, "campaigns/chains.html", {"page": page, "rows": rows, "everybody": everybody})


@requires(Permission.REQUEST_BOOKINGS)
@require_GET
@never_cache
def chain(request: ActorRequest, citizen_id: int) -> HttpResponse:
    """The citizen's chain."""
    return _show(request, get_object_or_404(Citizen.objects.visible_to(request.actor), pk=citizen_id))


def chain_panel(request: ActorRequest, citizen: Citizen) -> dict[str, Any]:
    """What the panel on the citizen's own page shows, for those who ask for bookings."""
    if not request.actor.may(Permission.REQUEST_BOOKINGS):
        return {"may_book": False}
    found = chain_of_citizen(request.actor, citizen)
    if found is None:
        return {"may_book": True, "chain": None}
    moved = has_moved(citizen.pk, request.now)
    return {
        "may_book": True,
        "chain": chain_view(found, user_id=request.actor.user_id, now=request.now, moved=moved),
    }


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def chain_hand_over(request: ActorRequest, chain_id: int) -> HttpResponse:
    """Another caseworker keeps it together from now on."""
    found = get_object_or_404(CareChain.objects.visible_to(request.actor), pk=chain_id)
    form = HandOverForm(request.POST, caseworkers=caseworkers_of(request.actor))
    if not form.is_valid():
        messages.error(request, _("Vælg en sagsbehandler eller teamleder i jeres kommune."))
        return redirect("campaigns:chain", found.citizen_id)
    to_user = form.cleaned_data["to_user"]
    try:
        chain_services.hand_over(by=request.actor, chain_id=found.pk, to_user=to_user, now=request.now)
        messages.success(request, _("Forløbet er overdraget til %(name)s.") % {"name": to_user.display_name})
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:chain", found.citizen_id)


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def link_add(request: ActorRequest, booking_id: int) -> HttpResponse:
    """Something more that the visit needs."""
    found = get_object_or_404(BookingRequest.objects.visible_to(request.actor), pk=booking_id)
    try:
        chain_services.add_link(
            by=request.actor, request_id=found.pk, kind=request.POST.get("kind", ""), now=request.now
        )
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:chain", found.citizen_id)


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def link_agree(request: ActorRequest, link_id: int) -> HttpResponse:
    """It is agreed: who, when, from where."""
    link = _link(request, link_id)
    form = LinkForm(request.POST, link=link)
    if form.is_valid():
        try:
            agreed = chain_services.agree_link(by=request.actor, link_id=link.pk, now=request.now, **form.agreed())
        except UserError as problem:
            form.add_error(None, problem.message)
        else:
            messages.success(request, _("Aftalen er gemt."))
            if agreed.kind == LinkKind.RIDE and not told_of_ride(agreed):
                messages.warning(request, _("Borgeren kan ikke få en sms om kørslen. Ring, og fortæl om den."))
            return redirect("campaigns:chain", link.chain.citizen_id)
    return _show(request, link.chain.citizen, bound={link.pk: form}, status=422)


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def link_finish(request: ActorRequest, link_id: int) -> HttpResponse:
    """It has been done."""
    return _settle(request, link_id, chain_services.finish_link)


@requires(Permission.REQUEST_BOOKINGS)
@require_POST
def link_cancel(request: ActorRequest, link_id: int) -> HttpResponse:
    """It is not needed after all."""
    return _settle(request, link_id, chain_services.cancel_link)


def _settle(request: ActorRequest, link_id: int, service: Callable[..., Any]) -> HttpResponse:
    link = _link(request, link_id)
    try:
        service(by=request.actor, link_id=link.pk, now=request.now)
    except UserError as problem:
        messages.error(request, problem.message)
    return redirect("campaigns:chain", link.chain.citizen_id)


def _show(
    request: ActorRequest, citizen: Citizen, *, bound: dict[int, LinkForm] | None = None, status: int = 200
) -> HttpResponse:
    record_looks(by=request.actor, citizen_ids=[citizen.pk], purpose=_("Forløb der hænger sammen"), at=request.now)
    found = chain_of_citizen(request.actor, citizen)
    moved = has_moved(citizen.pk, request.now)
    context: dict[str, Any] = {"citizen": citizen, "has_errors": status != 200, "moved": moved}
    if found is not None:
        view = chain_view(found, user_id=request.actor.user_id, now=request.now, moved=moved)
        forms = {link.pk: LinkForm(link=link) for link in found.links.all()} | (bound or {})
        caseworkers = caseworkers_of(request.actor)
        context |= {
            "chain": view,
            "bookings": [(each, [(link, forms[link.id]) for link in each.links]) for each in view.bookings],
            "bound": next(iter((bound or {}).values()), None),
            "hand_over": HandOverForm(caseworkers=caseworkers, initial={"to_user": found.caseworker_id}),
        }
    return render(request, "campaigns/chain.html", context, status=status)


def _link(request: ActorRequest, link_id: int) -> ChainLink:
    chains_seen = CareChain.objects.visible_to(request.actor)
    links = ChainLink.objects.filter(chain__in=chains_seen).select_related("chain__citizen", "request")
    return get_object_or_404(links, pk=link_id)
