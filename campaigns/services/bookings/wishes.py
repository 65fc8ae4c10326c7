"""What the citizen wishes of a booked time: days, times of day, place, and what help they need to get there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from outreach.errors import UserError
from popup_sites.models import VaccinationSession
from registry.models import Citizen, Relative, RelativeKind

from ...models import BookingRequest, ConfirmTo, Mobility, PartOfDay

NOTE_LIMIT = 500
WEEKDAYS = 7


@dataclass(frozen=True)
class Wishes:
    """What the region's desk gets to know besides who it is for. Empty days or times: any."""

    days: Sequence[int] = ()
    times: Sequence[str] = ()
    not_before: date | None = None
    session: VaccinationSession | None = None
    place: str = ""
    mobility: str = Mobility.NONE
    needs_escort: bool = False
    needs_ride: bool = False
    needs_interpreter: bool = False
    confirm_to: str = ConfirmTo.CITIZEN
    note: str = ""


def write_wishes(request: BookingRequest, citizen: Citizen, wishes: Wishes) -> None:
    """Put the wishes on a request that is not saved yet. Raises UserError `wishes_days`, `wishes_times`, `wishes_note`.

    An interpreter and a guardian the registry knows of are told the desk, whether or not somebody ticked them.
    """
    if any(not 0 <= day < WEEKDAYS for day in wishes.days):
        raise UserError("wishes_days", _("Vælg ugedage fra mandag til søndag."))
    if any(part not in PartOfDay.values for part in wishes.times):
        raise UserError("wishes_times", _("Vælg formiddag, eftermiddag eller aften."))
    if len(wishes.note) > NOTE_LIMIT:
        raise UserError("wishes_note", _("Beskeden til bookingvagten må højst fylde 500 tegn. Forkort den."))
    request.days, request.times = sorted(set(wishes.days)), [p for p in PartOfDay.values if p in wishes.times]
    request.not_before, request.wanted_session, request.wanted_place = wishes.not_before, wishes.session, wishes.place
    request.mobility, request.needs_escort, request.needs_ride = wishes.mobility, wishes.needs_escort, wishes.needs_ride
    request.needs_interpreter = wishes.needs_interpreter or citizen.needs_interpreter
    request.has_guardian = Relative.objects.filter(citizen=citizen, kind=RelativeKind.GUARDIAN).exists()
    request.confirm_to, request.note = wishes.confirm_to, wishes.note.strip()


def with_more(earlier: Wishes, more: Wishes) -> Wishes:
    """What was wished before with what is told now on top of it: what nobody mentions again still stands."""
    heavier = max((earlier.mobility, more.mobility), key=lambda each: Mobility.values.index(each))
    notes = [each.strip() for each in (earlier.note, more.note) if each.strip()]
    return Wishes(
        days=more.days or earlier.days,
        times=more.times or earlier.times,
        not_before=more.not_before or earlier.not_before,
        session=more.session or earlier.session,
        place=more.place or earlier.place,
        mobility=heavier,
        needs_escort=earlier.needs_escort or more.needs_escort,
        needs_ride=earlier.needs_ride or more.needs_ride,
        needs_interpreter=earlier.needs_interpreter or more.needs_interpreter,
        confirm_to=earlier.confirm_to if more.confirm_to == ConfirmTo.CITIZEN else more.confirm_to,
        note=" ".join(dict.fromkeys(notes))[:NOTE_LIMIT],
    )


def wishes_of(request: BookingRequest) -> Wishes:
    """The wishes as they stand on a request."""
    return Wishes(
        days=tuple(request.days),
        times=tuple(request.times),
        not_before=request.not_before,
        session=request.wanted_session,
        place=request.wanted_place,
        mobility=request.mobility,
        needs_escort=request.needs_escort,
        needs_ride=request.needs_ride,
        needs_interpreter=request.needs_interpreter,
        confirm_to=request.confirm_to,
        note=request.note or "",
    )
