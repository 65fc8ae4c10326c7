"""The chain round a citizen's bookings in words: what hangs together, who keeps it, what must be agreed (K14)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import (
    Aid,
    BookingRequest,
    BookingState,
    CareChain,
    ChainChange,
    ChainEvent,
    ChainLink,
    LinkKind,
    LinkState,
    Provider,
)
from .bookings import BookingRow, booking_row
from .moments import day_words, local_day, moment_words, stamp

TONES = {LinkState.NEEDED: "warning", LinkState.AGAIN: "danger", LinkState.AGREED: "success"}
HISTORY = 20


@dataclass(frozen=True)
class LinkView:
    """One thing in the chain. `must_agree`: somebody has to do something now that there is a time."""

    id: int
    request_id: int
    kind: str
    state: str
    tone: str
    when: str
    facts: list[str]
    agreed_for: str
    is_dose: bool
    must_agree: bool
    may_finish: bool
    settled: bool


@dataclass(frozen=True)
class BookingInChain:
    """One visit and what hangs on it. `addable` are the kinds that may be added."""

    row: BookingRow
    running: bool
    links: list[LinkView]
    addable: list[tuple[str, str]]
    waits_for_time: bool


@dataclass(frozen=True)
class ChainView:
    """The whole chain."""

    id: int
    citizen_id: int
    name: str
    caseworker: str
    caseworker_id: int | None
    mine: bool
    ended: bool
    must_agree: int
    bookings: list[BookingInChain]
    history: list[tuple[str, str, str]]


@dataclass(frozen=True)
class AgreeRow:
    """One line of "Skal aftales"."""

    citizen_id: int
    name: str
    kind: str
    state: str
    tone: str
    visit: str
    agreed_for: str
    caseworker: str


def chain_view(chain: CareChain, *, user_id: int | None, now: datetime, moved: bool = False) -> ChainView:
    """From a chain read by `chain_of_citizen`; `moved`: the citizen lives in another municipality by now."""
    links = list(chain.links.all())
    bookings = [_booking(request, links, now, moved) for request in chain.requests.all()]
    return ChainView(
        id=chain.pk,
        citizen_id=chain.citizen_id,
        name=chain.citizen.name,
        caseworker=chain.caseworker_name,
        caseworker_id=chain.caseworker_id,
        mine=chain.caseworker_id is not None and chain.caseworker_id == user_id,
        ended=chain.closed_at is not None,
        must_agree=sum(link.must_agree for booking in bookings for link in booking.links),
        bookings=bookings,
        history=[_line(change) for change in list(chain.changes.all())[:HISTORY]],
    )


def agree_rows(links: Sequence[ChainLink], *, now: datetime, moved: Collection[int] = ()) -> list[AgreeRow]:
    """Lines of "Skal aftales", from links with chain, citizen and request read; `moved`: citizens who have moved."""
    return [
        AgreeRow(
            citizen_id=link.chain.citizen_id,
            name=link.chain.citizen.name,
            kind=str(LinkKind(link.kind).label),
            state=_state(link, link.chain.citizen_id in moved),
            tone=TONES.get(LinkState(link.state), ""),
            visit=moment_words(link.request.booked_at, now) if link.request.booked_at else "",
            agreed_for=moment_words(link.agreed_for, now) if link.agreed_for else "",
            caseworker=link.chain.caseworker_name,
        )
        for link in links
    ]


def link_view(link: ChainLink, *, now: datetime, moved: bool = False) -> LinkView:
    """One thing, from a link with its request read."""
    state = LinkState(link.state)
    is_dose = link.kind == LinkKind.SECOND_DOSE
    has_time = link.request.state == BookingState.CONFIRMED
    settled = state in (LinkState.DONE, LinkState.CANCELLED)
    return LinkView(
        id=link.pk,
        request_id=link.request_id,
        kind=str(LinkKind(link.kind).label),
        state=_("Følger tiden") if is_dose and not settled else _state(link, moved),
        tone="" if is_dose else TONES.get(state, ""),
        when=_when(link, is_dose, now),
        facts=_facts(link),
        agreed_for=moment_words(link.agreed_for, now) if link.agreed_for and state == LinkState.AGAIN else "",
        is_dose=is_dose,
        must_agree=has_time and not is_dose and state in (LinkState.NEEDED, LinkState.AGAIN),
        may_finish=state == LinkState.AGREED,
        settled=settled,
    )


def _state(link: ChainLink, moved: bool) -> str:
    """What was agreed for somebody who has moved is to be called off, not agreed again."""
    return _("Skal aflyses") if moved and link.state == LinkState.AGAIN else str(LinkState(link.state).label)


def _booking(request: BookingRequest, links: Sequence[ChainLink], now: datetime, moved: bool) -> BookingInChain:
    own = [link for link in links if link.request_id == request.pk]
    running = request.state not in (BookingState.COMPLETED, BookingState.CANCELLED, BookingState.WITHDRAWN)
    taken = {link.kind for link in own if link.state != LinkState.CANCELLED}
    addable = [(kind.value, str(kind.label)) for kind in LinkKind if kind not in taken and kind != LinkKind.SECOND_DOSE]
    return BookingInChain(
        row=booking_row(request, now=now),
        running=running,
        links=[
            link_view(link, now=now, moved=moved) for link in own if link.state != LinkState.CANCELLED or not running
        ],
        addable=addable if running else [],
        waits_for_time=running and request.state != BookingState.CONFIRMED,
    )


def _when(link: ChainLink, is_dose: bool, now: datetime) -> str:
    if link.at is None or link.state == LinkState.AGAIN:
        return ""
    if is_dose:
        return _("tidligst %(day)s") % {"day": day_words(local_day(link.at), local_day(now))}
    return moment_words(link.at, now)


def _facts(link: ChainLink) -> list[str]:
    facts = []
    if link.provider:
        who = str(Provider(link.provider).label)
        facts.append(f"{who}, {link.provider_name}" if link.provider_name else who)
    elif link.provider_name:
        facts.append(link.provider_name)
    if link.pick_up:
        facts.append(_("hentes %(place)s") % {"place": link.pick_up})
    if link.aids:
        facts.append(", ".join(str(Aid(aid).label).lower() for aid in link.aids))
    if link.note:
        facts.append(link.note)
    return facts


def _line(change: ChainChange) -> tuple[str, str, str]:
    event = str(ChainEvent(change.event).label)
    what = f"{LinkKind(change.link_kind).label}: {event.lower()}" if change.link_kind else event
    if change.event == ChainEvent.HANDED_OVER:
        what = _("Overdraget til %(name)s") % {"name": change.to_name}
    return stamp(change.at), timezone.localtime(change.at).isoformat(), f"{what} · {change.by_name}"
