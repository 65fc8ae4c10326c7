"""The rules of booking on behalf (K11, K14, S8): which state follows which, when an answer is late, when reminders go,
what moves with a booked time. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from outreach.errors import UserError
from popup_sites.second_round import shortest_interval_days
from popup_sites.vaccines import interval_days_of
from registry.working_days import add_working_days

from .models.booking_words import BookingState as S
from .models.booking_words import LinkKind, LinkState, ReminderKind
from .sending_window import COPENHAGEN, Window, at_hour, is_sending_day

FOLLOWING: dict[S, frozenset[S]] = {
    S.DRAFT: frozenset({S.HELD, S.SENT, S.CONFIRMED, S.WITHDRAWN}),
    # Held again: the wishes were changed before anybody released the citizen to the region (C5).
    S.HELD: frozenset({S.HELD, S.SENT, S.WITHDRAWN}),
    # Sent again: the wishes were changed before anybody took it.
    S.SENT: frozenset({S.HELD, S.SENT, S.TAKEN, S.WITHDRAWN}),
    # Taken again: the one who took it never came back, and another desk hand did.
    S.TAKEN: frozenset({S.HELD, S.SENT, S.TAKEN, S.PROPOSED, S.CONFIRMED, S.REFUSED, S.WITHDRAWN}),
    S.PROPOSED: frozenset({S.PROPOSED, S.CONFIRMED, S.HELD, S.SENT, S.WITHDRAWN}),
    # Confirmed again: the desk mended a slip, or the municipality moved its own booking.
    S.CONFIRMED: frozenset({S.CONFIRMED, S.HELD, S.SENT, S.CANCELLED, S.COMPLETED, S.NO_SHOW}),
    # Right after a no the desk may still find a time.
    S.REFUSED: frozenset({S.HELD, S.SENT, S.WITHDRAWN, S.PROPOSED, S.CONFIRMED}),
    S.NO_SHOW: frozenset({S.HELD, S.SENT, S.CONFIRMED, S.COMPLETED, S.WITHDRAWN}),
    S.WITHDRAWN: frozenset(),
    S.CANCELLED: frozenset(),
    S.COMPLETED: frozenset(),
}
ENDED = frozenset({S.WITHDRAWN, S.CANCELLED, S.COMPLETED})
RUNNING = frozenset(S) - ENDED
WITH_REGION = frozenset({S.SENT, S.TAKEN})
ANSWERED = frozenset({S.PROPOSED, S.CONFIRMED, S.REFUSED})

EVENING_HOUR = 18
# A reminder nobody can act on any more is none.
LATEST_BEFORE = timedelta(hours=2)
# A time set longer ahead than this is a slip of the keyboard.
BOOKED_AHEAD = timedelta(days=366)
# Links that a rule computes from the booked time and that move with it; people agreed the others with people.
BY_RULE = frozenset({LinkKind.SECOND_DOSE})
SETTLED = frozenset({LinkState.DONE, LinkState.CANCELLED})


def require_following(state: str, to_state: S) -> None:
    """Raise UserError `booking_moved_on` unless `to_state` may follow `state`."""
    if to_state not in FOLLOWING[S(state)]:
        raise moved_on(state)


def moved_on(state: str) -> UserError:
    """What somebody chose does not suit the state the request is in by now."""
    return UserError(
        "booking_moved_on",
        _("Bookingønsket er i mellemtiden: %(state)s. Dit valg er ikke gemt. Se, hvad der gælder nu.")
        % {"state": str(S(state).label).lower()},
    )


def answer_expected(sent_at: datetime) -> date:
    """The region answers by the next working day (K11)."""
    return add_working_days(sent_at.astimezone(COPENHAGEN).date(), 1)


def is_overdue(state: str, answer_due: date | None, now: datetime) -> bool:
    """Whether an answer is still waited for after the day it was due."""
    today = now.astimezone(COPENHAGEN).date()
    return state in WITH_REGION and answer_due is not None and answer_due < today


def check_booked_time(booked_at: datetime, now: datetime, not_before: date | None) -> None:
    """Raise UserError unless the time lies ahead, within a year, and not before the wished day."""
    if booked_at <= now:
        raise UserError("booked_in_past", _("Tidspunktet er allerede passeret. Vælg et, der ligger forude."))
    if booked_at > now + BOOKED_AHEAD:
        raise UserError("booked_too_far", _("Datoen ligger mere end et år frem. Se efter, om året er rigtigt."))
    if not_before is not None and booked_at.astimezone(COPENHAGEN).date() < not_before:
        raise UserError(
            "booked_too_early",
            _("Tiden ligger før den %(day)s, hvor næste dosis tidligst må gives. Vælg en senere dag.")
            % {"day": f"{not_before:%d.%m.%Y}"},
        )


@dataclass(frozen=True)
class ReminderPlan:
    """What a municipality wants: days before at an hour (None: not), and the evening before."""

    days_before: int | None = 2
    hour: int = 10
    evening_before: bool = True


def reminder_moments(
    booked_at: datetime, plan: ReminderPlan, window: Window, *, since: datetime
) -> list[tuple[ReminderKind, datetime]]:
    """When to remind of a time that was told at `since`: never on quiet days, but on the last open day before them.

    What would come no later than the receipt is left out, and what would come after another reminder's day stays one.
    """
    day = booked_at.astimezone(COPENHAGEN).date()
    wanted = []
    if plan.days_before is not None:
        wanted.append((ReminderKind.DAYS, day - timedelta(days=plan.days_before), plan.hour))
    if plan.evening_before:
        wanted.append((ReminderKind.EVENING, day - timedelta(days=1), EVENING_HOUR))
    found: list[tuple[ReminderKind, datetime]] = []
    for kind, on, hour in wanted:
        moment = at_hour(_last_open_day(on, window), min(max(hour, window.opens), window.closes - 1))
        same_day = any(other.date() == moment.date() for _kind, other in found)
        told_today = moment.date() <= since.astimezone(COPENHAGEN).date()
        if not same_day and not told_today and moment <= booked_at - LATEST_BEFORE:
            found.append((kind, moment))
    return found


def _last_open_day(day: date, window: Window) -> date:
    while not is_sending_day(day, window):
        day -= timedelta(days=1)
    return day


def second_dose_from(booked_at: datetime, vaccine: str) -> date | None:
    """The first day of the next dose, by the vaccine's own interval; None for a vaccine with none (vacplan)."""
    if interval_days_of(vaccine) is None:
        return None
    return booked_at.astimezone(COPENHAGEN).date() + timedelta(days=shortest_interval_days(vaccine))


@dataclass(frozen=True)
class Link:
    """What the rule of moving looks at."""

    key: int
    kind: str
    state: str
    at: datetime | None
    offset_minutes: int | None


@dataclass(frozen=True)
class Moved:
    """What becomes of a link when its booking moves: a new moment, or to be agreed anew."""

    key: int
    state: LinkState
    at: datetime | None


def moved_links(links: Iterable[Link], booked_at: datetime | None) -> list[Moved]:
    """What changes when the booked time becomes `booked_at` (None: it is cancelled) (K14).

    A link with an offset follows the time. What people agreed with people is flagged, since nobody may count on it.
    What nobody had agreed yet simply gets its new moment.
    """
    changes = []
    for link in links:
        if link.state in SETTLED:
            continue
        if booked_at is None:
            changes.append(Moved(link.key, LinkState.CANCELLED, link.at))
            continue
        at = None if link.offset_minutes is None else booked_at + timedelta(minutes=link.offset_minutes)
        if link.kind in BY_RULE:
            changes.append(Moved(link.key, LinkState(link.state), at))
        elif link.state in (LinkState.AGREED, LinkState.AGAIN):
            changes.append(Moved(link.key, LinkState.AGAIN, at))
        else:
            changes.append(Moved(link.key, LinkState.NEEDED, at))
    return changes
