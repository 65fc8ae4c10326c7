"""What the named caseworker does in a chain (K14): agree a ride, a helper, an escort, an interpreter; hand it over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.models import User
from outreach.access.permissions import Permission
from outreach.access.selectors import users_who_may
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Citizen
from registry.services.scope import require_municipality

from ...booking_rules import SETTLED, WITH_REGION
from ...models import Aid, BookingRequest, BookingState, CareChain, ChainEvent, ChainLink, LinkKind, LinkState, Provider
from ...selectors.gone_citizens import has_moved
from .chain_building import end_if_nothing_is_ahead, new_link, note_event
from .notices import cancel_ride_receipts, has_heard_of_ride, send_ride_receipt
from .states import own_request
from .steps import call_about_ride, follow_on

TEXT_LIMIT = 200
NOTE_LIMIT = 500


@transaction.atomic
def add_link(*, by: Actor, request_id: int, kind: str, now: datetime) -> ChainLink:
    """Something more that the visit needs. Raises UserError `link_kind`, `link_exists` or `moved_away`."""
    request = own_request(by, request_id)
    _require_resident(request, now)
    if kind not in LinkKind.values or kind == LinkKind.SECOND_DOSE:
        raise UserError("link_kind", _("Vælg, hvad der skal aftales."))
    link = new_link(request, LinkKind(kind), by=by, now=now)
    _plan_on(request, link, now)
    return link


@transaction.atomic
def agree_link(
    *,
    by: Actor,
    link_id: int,
    at: datetime,
    now: datetime,
    provider: str = "",
    provider_name: str = "",
    pick_up: str = "",
    aids: Sequence[str] = (),
    note: str = "",
) -> ChainLink:
    """It is agreed: who does it, when, from where, with which aids. The citizen is told of a ride by SMS (S8).

    Raises UserError `link_settled`, `link_without_time`, `link_in_past`, `link_after_visit`, `link_texts`,
    `moved_away`.
    """
    link = _own_link(by, link_id)
    request = link.request
    _require_resident(request, now)
    _require_agreeable(link, request, at, now)
    if provider not in ("", *Provider.values) or any(aid not in Aid.values for aid in aids):
        raise UserError("link_texts", _("Vælg fra listen, hvem der udfører det, og hvilke hjælpemidler der skal med."))
    if len(pick_up) > TEXT_LIMIT or len(provider_name) > TEXT_LIMIT or len(note) > NOTE_LIMIT:
        raise UserError("link_texts", _("Teksten er for lang. Forkort den."))
    link.provider, link.provider_name, link.pick_up = provider, provider_name.strip()[:120], pick_up.strip()
    link.aids, link.note = [aid for aid in Aid.values if aid in aids], note.strip()
    link.state, link.at, link.agreed_for, link.updated_at = LinkState.AGREED, at, None, now
    assert request.booked_at is not None  # noqa: S101  _require_agreeable has seen it
    link.offset_minutes = round((at - request.booked_at).total_seconds() / 60)
    link.save()
    _note(link, ChainEvent.AGREED, by, now)
    if link.kind == LinkKind.RIDE:
        send_ride_receipt(request, link, now=now)
    _plan_on(request, link, now)
    return link


@transaction.atomic
def cancel_link(*, by: Actor, link_id: int, now: datetime) -> ChainLink:
    """It is not needed after all; who was told of a ride is called. Raises UserError `link_settled`."""
    return _settle(by, link_id, LinkState.CANCELLED, ChainEvent.CANCELLED, now)


@transaction.atomic
def finish_link(*, by: Actor, link_id: int, now: datetime) -> ChainLink:
    """It has been done. Raises UserError `link_settled` or `link_not_agreed`."""
    return _settle(by, link_id, LinkState.DONE, ChainEvent.DONE, now)


@transaction.atomic
def hand_over(*, by: Actor, chain_id: int, to_user: User, now: datetime) -> CareChain:
    """Another caseworker keeps the chain together from now on. Raises UserError `chain_ended`, `not_a_caseworker`."""
    by.require(Permission.REQUEST_BOOKINGS)
    chain = CareChain.objects.visible_to(by).select_for_update().get(pk=chain_id)
    if chain.closed_at is not None:
        raise UserError("chain_ended", _("Forløbet er slut, så der er ikke noget at overdrage."))
    if not users_who_may(Permission.REQUEST_BOOKINGS, [chain.municipality_id]).filter(pk=to_user.pk).exists():
        raise UserError("not_a_caseworker", _("Vælg en sagsbehandler eller teamleder i jeres kommune."))
    chain.caseworker, chain.caseworker_name = to_user, to_user.display_name
    chain.save(update_fields=["caseworker", "caseworker_name"])
    note_event(chain, ChainEvent.HANDED_OVER, by=by, now=now, to_name=to_user.display_name)
    _log(by, chain, "handed_over", now)
    return chain


def _require_resident(request: BookingRequest, now: datetime) -> None:
    """C3: what the municipality does itself for a visit ends with the move; the job would end it again."""
    if has_moved(request.citizen_id, now):
        raise UserError("moved_away", _("Borgeren er flyttet fra kommunen, så der kan ikke aftales mere herfra."))


def _require_agreeable(link: ChainLink, request: BookingRequest, at: datetime, now: datetime) -> None:
    if link.state in SETTLED or link.kind == LinkKind.SECOND_DOSE:
        raise UserError("link_settled", _("Det er afsluttet eller bestemt af vaccinens interval og kan ikke ændres."))
    if request.booked_at is None or request.state in WITH_REGION or request.state != BookingState.CONFIRMED:
        raise UserError("link_without_time", _("Vent med at aftale det, til tiden er bestilt."))
    if at <= now:
        raise UserError("link_in_past", _("Tidspunktet er allerede passeret. Vælg et, der ligger forude."))
    if at > request.booked_at:
        raise UserError("link_after_visit", _("Tidspunktet ligger efter den bestilte tid. Vælg et før den."))


def _settle(by: Actor, link_id: int, to: LinkState, event: ChainEvent, now: datetime) -> ChainLink:
    link = _own_link(by, link_id)
    if link.state in SETTLED:
        raise UserError("link_settled", _("Det er allerede afsluttet."))
    if to == LinkState.DONE and link.state != LinkState.AGREED:
        raise UserError("link_not_agreed", _("Det er ikke aftalt endnu, så det kan ikke være gennemført."))
    link.state, link.updated_at = to, now
    link.save(update_fields=["state", "updated_at"])
    _note(link, event, by, now)
    waits_for_it = False
    if link.kind == LinkKind.RIDE:
        cancel_ride_receipts(link.request, now=now)
        waits_for_it = to == LinkState.CANCELLED and has_heard_of_ride(link.request, link)
    if waits_for_it and link.at is not None and link.at > now:
        call_about_ride(link.request, now)
    else:
        _plan_on(link.request, link, now)
    end_if_nothing_is_ahead(link.chain, by=by, now=now)
    return link


def _plan_on(request: BookingRequest, link: ChainLink, now: datetime) -> None:
    """Once the ride is settled the next step is the visit itself, and the other way round (K1)."""
    if link.kind == LinkKind.RIDE and request.state == BookingState.CONFIRMED:
        follow_on(request, now)


def _own_link(by: Actor, link_id: int) -> ChainLink:
    by.require(Permission.REQUEST_BOOKINGS)
    chains = CareChain.objects.visible_to(by)
    found = ChainLink.objects.filter(chain__in=chains).select_related("chain").get(pk=link_id)
    require_municipality(by, found.municipality_id)
    Citizen.objects.select_for_update().get(pk=found.chain.citizen_id)
    return ChainLink.objects.select_for_update(of=("self",)).select_related("chain", "request").get(pk=link_id)


def _note(link: ChainLink, event: ChainEvent, by: Actor, now: datetime) -> None:
    note_event(link.chain, event, by=by, now=now, link_kind=link.kind, moment=link.at)
    _log(by, link.chain, event, now)


def _log(by: Actor, chain: CareChain, what: str, now: datetime) -> None:
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizen",
        subject_id=chain.citizen_id,
        municipality_id=chain.municipality_id,
        purpose=_("Forløb der hænger sammen"),
        detail={"chain": chain.pk, "what": str(what)},
        at=now,
    )
