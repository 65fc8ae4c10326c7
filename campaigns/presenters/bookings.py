"""A booking request in words: what is wished, where it stands, what somebody here must do (K11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from ..booking_rules import is_overdue
from ..models import (
    BookingChange,
    BookingReminder,
    BookingRequest,
    BookingState,
    ConfirmTo,
    RefusalReason,
    ReminderKind,
    ToldHow,
)
from .booking_wishes import dose_words, programmes_of, time_words, wish_lines
from .booking_words import seen_of
from .moments import day_words, local_day, moment_words, stamp

TONES = {
    BookingState.HELD: "warning",
    BookingState.PROPOSED: "warning",
    BookingState.REFUSED: "danger",
    BookingState.CONFIRMED: "success",
    BookingState.COMPLETED: "success",
    BookingState.NO_SHOW: "warning",
}

MAY_WITHDRAW = (
    BookingState.HELD,
    BookingState.SENT,
    BookingState.TAKEN,
    BookingState.PROPOSED,
    BookingState.REFUSED,
    BookingState.NO_SHOW,
)


@dataclass(frozen=True)
class BookingRow:
    """One line of the page."""

    id: int
    citizen_id: int
    name: str
    programmes: str
    dose: str
    state: str
    tone: str
    when: str
    place: str
    due: str
    overdue: bool
    to_do: str
    caseworker: str
    protected: bool


@dataclass(frozen=True)
class HistoryLine:
    when: str
    datetime: str
    text: str
    by: str
    reason: str


@dataclass(frozen=True)
class BookingPage:
    """One request with what may be done about it now."""

    row: BookingRow
    seen: str
    own: bool
    wishes: list[tuple[str, str]]
    answer: list[tuple[str, str]]
    told: str
    reminders: list[str]
    released: str
    guardian: str
    history: list[HistoryLine]
    may_release: bool
    may_change: bool
    may_ask_again: bool
    may_withdraw: bool
    may_answer: bool
    may_tell: bool
    may_remind: bool
    may_register: bool
    may_cancel: bool
    may_move: bool


def booking_row(request: BookingRequest, *, now: datetime) -> BookingRow:
    """One line, from a request with citizen, chain, programmes and reminders read."""
    state = BookingState(request.state)
    overdue = is_overdue(request.state, request.answer_due, now)
    waiting = state in (BookingState.SENT, BookingState.TAKEN) and request.answer_due
    return BookingRow(
        id=request.pk,
        citizen_id=request.citizen_id,
        name=request.citizen.name,
        programmes=programmes_of(request),
        dose=dose_words(request),
        state=str(state.label),
        tone="danger" if overdue else TONES.get(state, ""),
        when=moment_words(request.booked_at, now) if request.booked_at else "",
        place=request.place,
        due=day_words(request.answer_due, local_day(now)) if waiting and request.answer_due else "",
        overdue=overdue,
        to_do=_to_do(request, overdue, now),
        caseworker=request.chain.caseworker_name,
        protected=request.citizen.is_protected(local_day(now)),
    )


def booking_page(
    request: BookingRequest, *, changes: Sequence[BookingChange], guardian: str | None, now: datetime
) -> BookingPage:
    """The request's own page; `guardian` is why nothing may be completed yet (K8)."""
    state = BookingState(request.state)
    ahead = request.booked_at is not None and request.booked_at > now
    confirmed = state == BookingState.CONFIRMED
    return BookingPage(
        row=booking_row(request, now=now),
        seen=seen_of(request),
        own=request.own,
        wishes=wish_lines(request),
        answer=_answer(request),
        told=_told(request, now),
        reminders=[_reminder(each, now) for each in request.reminders.all() if each.booked_at == request.booked_at],
        released=_released(request, now),
        guardian=guardian or "",
        history=[_line(change) for change in changes if change.to_state != BookingState.DRAFT],
        may_release=state == BookingState.HELD,
        may_change=state in (BookingState.HELD, BookingState.SENT, BookingState.REFUSED),
        may_ask_again=not request.own and state in (BookingState.CONFIRMED, BookingState.NO_SHOW),
        may_withdraw=state in MAY_WITHDRAW,
        may_answer=state == BookingState.PROPOSED,
        may_tell=request.told_at is None
        and ((confirmed and ahead) or state in (BookingState.REFUSED, BookingState.PROPOSED)),
        may_remind=confirmed and ahead,
        may_register=confirmed and not ahead,
        may_cancel=confirmed and ahead,
        may_move=request.own and state in (BookingState.CONFIRMED, BookingState.NO_SHOW),
    )


def _answer(request: BookingRequest) -> list[tuple[str, str]]:
    lines = []
    if request.booked_at is not None:
        lines.append((_("Tid"), time_words(request.booked_at)))
        lines.append((_("Sted"), request.place))
    if request.vaccine:
        lines.append((_("Vaccine"), request.vaccine))
    if request.holds_place:
        lines.append((_("Plads"), _("En plads på pop-up-stedet er reserveret")))
    if request.refusal:
        lines.append((_("Begrundelse"), str(RefusalReason(request.refusal).label)))
    if request.answer_note:
        lines.append((_("Besked fra regionen"), request.answer_note))
    return lines


def _to_do(request: BookingRequest, overdue: bool, now: datetime) -> str:
    state = BookingState(request.state)
    if state == BookingState.HELD:
        return _("Frigiv borgerens oplysninger, så regionen kan finde en tid")
    if state == BookingState.PROPOSED:
        return _("Spørg borgeren, om tiden passer")
    if state == BookingState.REFUSED:
        return _("Fortæl borgeren det, og ret ønsket eller træk det tilbage")
    if overdue:
        return _("Regionen skulle have svaret. Ring til bookingvagten")
    if state != BookingState.CONFIRMED or request.booked_at is None:
        return ""
    if request.booked_at <= now:
        return _("Registrér, om borgeren kom")
    if request.told_at is None:
        return _("Ring og fortæl %(who)s om tiden") % {"who": _who(request)}
    unreminded = [each for each in request.reminders.all() if each.message_id is None]
    if any(each.booked_at == request.booked_at for each in unreminded):
        return _("Ring og mind om tiden: borgeren kan ikke få sms")
    return ""


def _who(request: BookingRequest) -> str:
    return {
        ConfirmTo.CITIZEN: _("borgeren"),
        ConfirmTo.RELATIVE: _("den pårørende"),
        ConfirmTo.GUARDIAN: _("værgen"),
    }[ConfirmTo(request.confirm_to)]


def _told(request: BookingRequest, now: datetime) -> str:
    if request.told_at is None:
        return ""
    when = moment_words(request.told_at, now)
    if request.told_how == ToldHow.SMS and request.receipt is not None:
        status = request.receipt.get_status_display().lower()
        return _("Kvittering på sms %(when)s (%(status)s)") % {"when": when, "status": status}
    how = str(ToldHow(request.told_how).label)
    return _("Fik besked %(when)s ved %(how)s, %(name)s") % {"when": when, "how": how, "name": request.told_by_name}


def _released(request: BookingRequest, now: datetime) -> str:
    """Who released a protected citizen to the region, and why (C5)."""
    if request.released_at is None:
        return ""
    return _("Frigivet til regionen af %(name)s %(when)s: %(reason)s") % {
        "name": request.released_by_name,
        "when": moment_words(request.released_at, now),
        "reason": request.release_reason,
    }


def _reminder(reminder: BookingReminder, now: datetime) -> str:
    when = moment_words(reminder.at, now)
    if reminder.message is None:
        return _("%(when)s: kunne ikke sendes som sms, ring i stedet") % {"when": when}
    status = reminder.message.get_status_display().lower()
    if reminder.kind == ReminderKind.BY_HAND:
        return _("%(when)s af %(name)s (%(status)s)") % {"when": when, "name": reminder.by_name, "status": status}
    return _("%(when)s, %(kind)s (%(status)s)") % {
        "when": when,
        "kind": ReminderKind(reminder.kind).label,
        "status": status,
    }


def _line(change: BookingChange) -> HistoryLine:
    text = str(BookingState(change.to_state).label)
    if change.booked_at is not None and change.to_state in (BookingState.CONFIRMED, BookingState.PROPOSED):
        text = f"{text}: {time_words(change.booked_at)}"
    return HistoryLine(
        when=stamp(change.at),
        datetime=timezone.localtime(change.at).isoformat(),
        text=text,
        by=change.by_name,
        reason=change.reason or "",
    )
