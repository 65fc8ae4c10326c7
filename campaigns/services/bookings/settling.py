"""What the municipality does when the region has answered, and after the day itself (K11, K8)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from popup_sites.models import SessionStatus, VaccinationSession
from registry.models import FollowUpStatus

from ...booking_rules import second_dose_from
from ...models import (
    BookingRequest,
    BookingState,
    ChainEvent,
    LinkKind,
    LinkState,
    ToldHow,
)
from ...sending_window import COPENHAGEN
from ..guardians import guardian_gate
from .chain_building import add_wished_links, end_if_nothing_is_ahead, note_event
from .drafting import add_programmes
from .outcomes import settle
from .places import forget_time
from .routes import take_from_desk
from .sending import lay_out
from .states import move, note_change, own_request
from .steps import follow_on
from .wishes import Wishes, wishes_of, write_wishes


@transaction.atomic
def accept_proposal(*, by: Actor, request_id: int, now: datetime) -> BookingRequest:
    """The citizen takes the time the region proposed and has held for them."""
    request = own_request(by, request_id)
    _require_time_ahead(request, now)
    move(request, BookingState.CONFIRMED, by=by, now=now)
    take_from_desk(request, now)
    settle(request, by=by, now=now)
    return request


@transaction.atomic
def decline_proposal(
    *, by: Actor, request_id: int, now: datetime, wishes: Wishes | None = None, reason: str = ""
) -> BookingRequest:
    """The proposed time does not suit: back to the region, with new wishes if there are any."""
    request = own_request(by, request_id)
    if request.state != BookingState.PROPOSED:
        raise UserError("no_proposal", _("Der er ikke noget forslag at svare på. Se, hvad der gælder nu."))
    write_wishes(request, request.citizen, wishes or wishes_of(request))
    lay_out(request, by=by, now=now, reason=reason or _("Den foreslåede tid passede ikke borgeren"))
    forget_time(request, by=by, now=now)
    settle(request, by=by, now=now)
    return request


@transaction.atomic
def tell_citizen(*, by: Actor, request_id: int, how: str, now: datetime) -> BookingRequest:
    """Somebody has told the citizen, a relative or the guardian what was answered. Telling twice keeps the first."""
    request = own_request(by, request_id)
    if how not in ToldHow.values:
        raise UserError("told_how", _("Vælg, hvordan borgeren fik besked."))
    if request.told_at is None:
        request.told_at, request.told_how, request.told_by_name = now, how, by.name
        request.save(update_fields=["told_at", "told_how", "told_by_name"])
        note_change(request, request.state, by=by, now=now, reason=_("Borgeren har fået besked"))
        if request.state == BookingState.CONFIRMED:
            follow_on(request, now)
    return request


@transaction.atomic
def citizen_came(*, by: Actor, request_id: int, now: datetime) -> BookingRequest:
    """The visit is over. A vaccine in two doses makes the request for the next one (K14).

    Raises UserError `not_yet` before the time, and `guardian_not_informed` (K8).
    """
    request = own_request(by, request_id)
    _require_past(request, now)
    require_guardian_informed(request)
    move(request, BookingState.COMPLETED, by=by, now=now)
    request.save()
    for link in request.links.select_for_update().filter(state=LinkState.AGREED):
        link.state, link.updated_at = LinkState.DONE, now
        link.save(update_fields=["state", "updated_at"])
        note_event(request.chain, ChainEvent.DONE, by=by, now=now, link_kind=link.kind)
    following = _next_dose(request, by=by, now=now)
    if following is None:
        follow_on(request, now)
    end_if_nothing_is_ahead(request.chain, by=by, now=now)
    return request


@transaction.atomic
def citizen_did_not_come(*, by: Actor, request_id: int, now: datetime) -> BookingRequest:
    """Nobody came: the citizen is called, and may be asked for again from the same request."""
    request = own_request(by, request_id)
    _require_past(request, now)
    move(request, BookingState.NO_SHOW, by=by, now=now)
    follow_on(request, now)
    return request


def require_guardian_informed(request: BookingRequest) -> None:
    """K8: no booking is completed before the guardian knows. Raises UserError `guardian_not_informed`."""
    if sentence := guardian_gate(request.citizen):
        raise UserError("guardian_not_informed", sentence)


def _next_dose(request: BookingRequest, *, by: Actor, now: datetime) -> BookingRequest | None:
    """The request for the next dose, from the day the vaccine's interval allows; None when there is none to give."""
    first_day = second_dose_from(request.booked_at, request.vaccine) if request.booked_at else None
    if request.dose > 1 or first_day is None:
        return None
    following = BookingRequest(
        municipality_id=request.municipality_id,
        citizen=request.citizen,
        chain=request.chain,
        after=request,
        dose=request.dose + 1,
        state_at=now,
        requested_by_id=by.user_id,
        requested_by_name=by.name,
        vaccine="",
    )
    again = wishes_of(request)
    session = _second_round(request, first_day)
    write_wishes(following, request.citizen, Wishes(**{**vars(again), "not_before": first_day, "session": session}))
    following.save()
    open_ones = [each.follow_up for each in request.programmes.select_related("follow_up") if each.follow_up]
    add_programmes(following, open_ones)
    note_change(following, "", by=by, now=now)
    lay_out(following, by=by, now=now)
    add_wished_links(following, by=by, now=now)
    for link in request.links.filter(kind=LinkKind.SECOND_DOSE).exclude(state=LinkState.CANCELLED):
        link.state, link.updated_at = LinkState.DONE, now
        link.save(update_fields=["state", "updated_at"])
    if any(each.status == FollowUpStatus.OPEN for each in open_ones):
        follow_on(following, now)
    return following


def _second_round(request: BookingRequest, first_day: date) -> VaccinationSession | None:
    """P6: who came to a pop-up comes to its second round, unless that is sooner than the vaccine allows."""
    if request.session_id is None:
        return None
    rounds = VaccinationSession.objects.filter(second_round_of=request.session_id)
    second = rounds.exclude(status=SessionStatus.CANCELLED).first()
    return second if second is not None and second.starts_at.astimezone(COPENHAGEN).date() >= first_day else None


def _require_past(request: BookingRequest, now: datetime) -> None:
    if request.booked_at is None or request.booked_at > now:
        raise UserError("not_yet", _("Tiden ligger stadig forude. Registrér fremmødet, når den er passeret."))


def _require_time_ahead(request: BookingRequest, now: datetime) -> None:
    if request.state != BookingState.PROPOSED:
        raise UserError("no_proposal", _("Der er ikke noget forslag at svare på. Se, hvad der gælder nu."))
    if request.booked_at is None or request.booked_at <= now:
        raise UserError("proposal_passed", _("Den foreslåede tid er passeret. Bed regionen om en ny."))
