"""The chain round a citizen's bookings (K14): begun with the first request, ended when nothing is ahead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from registry.models import Citizen

from ...booking_rules import RUNNING, SETTLED, Link, moved_links, second_dose_from
from ...models import (
    BookingRequest,
    CareChain,
    ChainChange,
    ChainEvent,
    ChainLink,
    LinkKind,
    LinkState,
    Mobility,
)
from ...sending_window import at_hour
from .states import signature

SECOND_DOSE_HOUR = 10
AIDS = {
    Mobility.ROLLATOR: ["rollator"],
    Mobility.WHEELCHAIR: ["wheelchair"],
    Mobility.STRETCHER: ["stretcher"],
}


def chain_of(by: Actor, citizen: Citizen, now: datetime) -> CareChain:
    """The citizen's open chain, or a new one with `by` as its caseworker. The citizen is locked."""
    found = CareChain.objects.open().select_for_update().filter(citizen=citizen).first()
    if found is not None:
        return found
    chain = CareChain.objects.create(
        municipality_id=citizen.municipality_id,
        citizen=citizen,
        caseworker_id=by.user_id,
        caseworker_name=by.name,
        created_at=now,
    )
    note_event(chain, ChainEvent.STARTED, by=by, now=now, to_name=by.name)
    return chain


def add_wished_links(request: BookingRequest, *, by: Actor, now: datetime) -> None:
    """What the wishes say the citizen needs to get there becomes something to be agreed."""
    wanted = {
        LinkKind.RIDE: request.needs_ride,
        LinkKind.ESCORT: request.needs_escort,
        LinkKind.INTERPRETER: request.needs_interpreter,
    }
    add_links(request, [kind for kind, needed in wanted.items() if needed], by=by, now=now)


def add_links(request: BookingRequest, kinds: Iterable[LinkKind], *, by: Actor, now: datetime) -> None:
    """Each of these is to be agreed for the request's time, unless it is part of the chain already."""
    present = set(request.links.exclude(state=LinkState.CANCELLED).values_list("kind", flat=True))
    for kind in kinds:
        if kind not in present:
            aids = AIDS.get(Mobility(request.mobility), []) if kind == LinkKind.RIDE else []
            new_link(request, kind, by=by, now=now, aids=aids)


def new_link(
    request: BookingRequest, kind: LinkKind, *, by: Actor, now: datetime, aids: list[str] | None = None
) -> ChainLink:
    """One more thing that hangs on the request's time. Raises UserError `link_exists`."""
    if request.links.exclude(state=LinkState.CANCELLED).filter(kind=kind).exists():
        raise UserError(
            "link_exists", _("%(what)s er allerede en del af forløbet. Ret den, der står der.") % {"what": kind.label}
        )
    link = ChainLink.objects.create(
        municipality_id=request.municipality_id,
        chain_id=request.chain_id,
        request=request,
        kind=kind,
        aids=aids or [],
        updated_at=now,
    )
    note_event(request.chain, ChainEvent.ADDED, by=by, now=now, link_kind=kind)
    return link


def booking_moved(request: BookingRequest, *, by: Actor, now: datetime) -> int:
    """The booked time is new, or gone: move what moves by rule and flag the rest. Returns how many must be agreed anew.

    `request.booked_at` is the new time; None cancels everything that is not done.
    """
    links = {link.pk: link for link in request.links.select_for_update().order_by("id")}
    plain = [Link(each.pk, each.kind, each.state, each.at, each.offset_minutes) for each in links.values()]
    flagged = 0
    for moved in moved_links(plain, request.booked_at):
        link = links[moved.key]
        if link.kind == LinkKind.SECOND_DOSE:
            continue
        was = link.state
        if moved.state == LinkState.AGAIN and was == LinkState.AGREED:
            link.agreed_for = link.at
        link.state, link.at, link.updated_at = moved.state, moved.at, now
        link.save(update_fields=["state", "at", "agreed_for", "updated_at"])
        flagged += link.state == LinkState.AGAIN
        if event := _event(was, link.state):
            note_event(request.chain, event, by=by, now=now, link_kind=link.kind, moment=link.at)
    _second_dose(request, by=by, now=now)
    return flagged


def end_if_nothing_is_ahead(chain: CareChain, *, by: Actor, now: datetime) -> bool:
    """Close the chain when no request runs and no link waits."""
    if chain.requests.filter(state__in=list(RUNNING)).exists() or chain.closed_at is not None:
        return False
    if chain.links.exclude(state__in=list(SETTLED)).exclude(kind=LinkKind.SECOND_DOSE).exists():
        return False
    chain.closed_at = now
    chain.save(update_fields=["closed_at"])
    note_event(chain, ChainEvent.ENDED, by=by, now=now)
    return True


def note_event(
    chain: CareChain,
    event: ChainEvent,
    *,
    by: Actor,
    now: datetime,
    link_kind: str = "",
    to_name: str = "",
    moment: datetime | None = None,
) -> None:
    """One row of the chain's history."""
    ChainChange.objects.create(
        municipality_id=chain.municipality_id,
        chain=chain,
        event=event,
        link_kind=link_kind,
        at=now,
        by_name=signature(by),
        to_name=to_name,
        moment=moment,
    )


def _event(was: str, now_is: str) -> ChainEvent | None:
    if now_is == LinkState.CANCELLED:
        return ChainEvent.CANCELLED
    return ChainEvent.FLAGGED if now_is == LinkState.AGAIN and was != LinkState.AGAIN else None


def _second_dose(request: BookingRequest, *, by: Actor, now: datetime) -> None:
    """The day of the next dose follows the booked time by the vaccine's own interval; nothing to agree before then."""
    link = request.links.filter(kind=LinkKind.SECOND_DOSE).exclude(state=LinkState.CANCELLED).first()
    first_day = None
    if request.booked_at is not None and request.dose == 1 and not hasattr(request, "next_dose"):
        first_day = second_dose_from(request.booked_at, request.vaccine)
    if first_day is None:
        if link is not None and link.state not in SETTLED:
            link.state, link.updated_at = LinkState.CANCELLED, now
            link.save(update_fields=["state", "updated_at"])
        return
    at = at_hour(first_day, SECOND_DOSE_HOUR)
    if link is None:
        link = new_link(request, LinkKind.SECOND_DOSE, by=by, now=now)
    elif link.at != at:
        note_event(request.chain, ChainEvent.MOVED, by=by, now=now, link_kind=link.kind, moment=at)
    link.at, link.updated_at = at, now
    link.save(update_fields=["at", "updated_at"])
