"""The desk's queue, and the card of the one request it has: name, number, wishes, and nothing else (K11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.design.formats import phone_spaced
from registry.models import PhoneKind
from registry.selectors.citizens import best_phone

from ..models import BookingChange, BookingRequest, BookingRoute, RouteEnd, RouteTask
from .booking_wishes import deadline_words, dose_words, programmes_of, time_words, wish_lines
from .languages import language_name
from .moments import clock, moment_words


@dataclass(frozen=True)
class DeskRow:
    """One line of the queue; it names no citizen."""

    id: int
    task: str
    cancels: bool
    municipality: str
    programmes: str
    asked: str
    due: str
    tone: str
    holder: str
    mine: bool
    free: bool
    answered: bool = False
    why: str = ""
    ended: str = ""


@dataclass(frozen=True)
class DeskCard:
    """What the desk needs to book for one citizen. `phone` is for the desk alone, when the citizen must be asked."""

    id: int
    name: str
    age: str
    cpr_masked: str
    has_cpr: bool
    municipality: str
    programmes: str
    dose: str
    language: str
    phone: str
    wishes: list[tuple[str, str]]
    booked: str
    protected: bool
    before: str
    cancels: bool
    why: str
    answered: bool


@dataclass(frozen=True)
class WithheldCard:
    """A taken request whose citizen is protected and not released: what the desk may know instead (C5)."""

    id: int
    booked: str
    cancels: bool
    answered: bool
    phone: str


def desk_row(route: BookingRoute, *, user_id: int | None, now: datetime) -> DeskRow:
    """One line, from a route with municipality and holder read."""
    held = route.claimed_until is not None and route.claimed_until > now
    mine = held and route.claimed_by_id == user_id
    due, tone = deadline_words(route.answer_due, now)
    holder = ""
    if mine and route.claimed_until is not None:
        holder = _("Dig til %(time)s") % {"time": clock(route.claimed_until)}
    elif held and route.claimed_by is not None and route.claimed_until is not None:
        holder = _("%(name)s til %(time)s") % {
            "name": route.claimed_by.display_name,
            "time": clock(route.claimed_until),
        }
    return DeskRow(
        id=route.pk,
        task=str(RouteTask(route.task).label),
        cancels=route.task == RouteTask.CANCEL,
        municipality=route.municipality.name,
        programmes=route.programme_names,
        asked=moment_words(route.opened_at, now),
        due=due,
        tone=tone,
        holder=holder,
        mine=mine,
        free=not held,
        answered=route.answered_by_id is not None,
        why=_why(route),
        ended=moment_words(route.closed_at, now) if route.closed_at is not None else "",
    )


def _why(route: BookingRoute) -> str:
    """Why it fell away, or why the time is to be cancelled: no more of the citizen than the region needs (C3)."""
    if route.ended_because:
        return str(RouteEnd(route.ended_because).label)
    return _("Kommunen har trukket ønsket tilbage") if route.closed_at is not None else ""


def _time_before(before: BookingChange | None) -> str:
    if before is None or before.booked_at is None:
        return ""
    return f"{time_words(before.booked_at)}, {before.place}"


def withheld_card(
    request: BookingRequest, route: BookingRoute, *, before: BookingChange | None, phone: str
) -> WithheldCard:
    """The time that is to be cancelled, and whom to ask for the rest. Nothing of the citizen."""
    return WithheldCard(
        id=request.pk,
        booked=booked_words(request) or _time_before(before),
        cancels=route.task == RouteTask.CANCEL,
        answered=route.closed_at is not None,
        phone=phone,
    )


def booked_words(request: BookingRequest) -> str:
    """`mandag den 26.04.2021 kl. 14.00, Vaccinationscenter Ishøj`; nothing without a time."""
    return f"{time_words(request.booked_at)}, {request.place}" if request.booked_at else ""


def desk_card(request: BookingRequest, route: BookingRoute, *, before: BookingChange | None, now: datetime) -> DeskCard:
    """The card, read while the request's municipality is open. No address, no history, no household.

    `before` is the time the citizen had, and cannot keep.
    """
    citizen = request.citizen
    age = citizen.age(now.date())
    number = best_phone(citizen)
    mobile = number is not None and number.kind == PhoneKind.MOBILE
    cancels = route.task == RouteTask.CANCEL
    return DeskCard(
        id=request.pk,
        name=citizen.name,
        age=_("%(age)s år") % {"age": age} if age is not None else "",
        cpr_masked=citizen.cpr_masked,
        has_cpr=citizen.cpr_ciphertext is not None,
        municipality=request.municipality.name,
        programmes=programmes_of(request),
        dose=dose_words(request),
        language="" if citizen.language == "da" else language_name(citizen.language),
        # Nobody is to be asked about a time that is off, least of all the family of somebody who died (C3).
        phone=phone_spaced(number.number) if mobile and number is not None and not cancels else "",
        wishes=wish_lines(request),
        booked=booked_words(request) or (_time_before(before) if cancels else ""),
        protected=request.released_at is not None,
        before=_time_before(before),
        cancels=cancels,
        why=str(RouteEnd(route.ended_because).label) if route.ended_because else "",
        answered=route.closed_at is not None,
    )
