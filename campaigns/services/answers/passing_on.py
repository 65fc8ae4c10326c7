"""Whom an answer passes the citizen on to: the health adviser's queue, the region's booking desk. And back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from popup_sites.models import VaccinationSession
from registry.models import Citizen, FollowUp, Outcome

from ...models import CallNeed, ContactAttempt, ContactKind, LinkKind, Mobility

# As modules: bookings asks the answers' guardian gate, so the names are looked up when they are used.
from ..bookings import ending, own_times, requesting, taking_back, wishes
from ..dialogues.referring import refer, restore_dialogues, withdraw_unneeded
from .checking import Answer

# K14: a ride is to somewhere at some time, so that whoever needs one needs a time as well.
ASKS_FOR_A_TIME = frozenset({Outcome.NEEDS_BOOKING_HELP, Outcome.NEEDS_ESCORT, Outcome.NEEDS_RIDE})
MOBILITIES = (CallNeed.STRETCHER, CallNeed.WHEELCHAIR, CallNeed.ROLLATOR)


def pass_on(
    citizen: Citizen, attempt: ContactAttempt, decided: Sequence[tuple[FollowUp, Answer]], *, by: Actor
) -> dict[str, Any]:
    """Refer the worried and ask for the times that were asked for; returns what `take_back` needs."""
    now = decided[0][1].now
    if attempt.kind == ContactKind.DIALOGUE:
        return {}
    stood = taking_back.standing(citizen)
    _ask_for_a_time(citizen, attempt, decided, by=by)
    _write_own_time(citizen, attempt, decided, by=by)
    stood = taking_back.and_left(stood, citizen)
    worried = [(each, answer) for each, answer in decided if answer.outcome == Outcome.HEALTH_DIALOGUE]
    if not worried:
        return {"bookings": stood, "dialogues": withdraw_unneeded(citizen=citizen, now=now)}
    follow_up, answer = worried[0]
    made = refer(
        citizen=citizen,
        attempt=attempt,
        topic=answer.said.topic,
        worry=answer.said.worry,
        due_at=follow_up.next_step_at or now,
        agreed_time=answer.said.talk_at is not None,
        now=now,
    )
    return {"bookings": stood, "dialogues": made}


def take_back(before: Mapping[str, Any], attempt: ContactAttempt, *, by: Actor, now: datetime) -> None:
    """Withdraw the request and the referral. Raises UserError `booking_taken` when the desk is at work already."""
    ending.withdraw_for_attempt(by=by, attempt=attempt, now=now)
    taking_back.take_back_added(before.get("bookings", []), by=by, now=now)
    restore_dialogues(before.get("dialogues", []))


def _write_own_time(
    citizen: Citizen, attempt: ContactAttempt, decided: Sequence[tuple[FollowUp, Answer]], *, by: Actor
) -> None:
    """K6: a time the caller booked while talking is a booking like any other, with its chain and its reminders."""
    booked = [(each, answer) for each, answer in decided if answer.outcome == Outcome.BOOKED_ON_BEHALF]
    if not booked or not by.may(Permission.REQUEST_BOOKINGS):
        return
    answer = booked[0][1]
    if answer.said.booked_at is None or not answer.said.booked_place.strip():
        return
    own_times.book_own(
        by=by,
        citizen=citizen,
        follow_ups=[each for each, _answer in booked],
        booked_at=answer.said.booked_at,
        place=answer.said.booked_place,
        attempt=attempt,
        told=True,
        replan=False,
        now=answer.now,
    )


def _ask_for_a_time(
    citizen: Citizen, attempt: ContactAttempt, decided: Sequence[tuple[FollowUp, Answer]], *, by: Actor
) -> None:
    """K11: one request for all the programmes of the visit."""
    asking = [
        (each, answer)
        for each, answer in decided
        if answer.outcome in ASKS_FOR_A_TIME or _with_time_only(answer) is not None
    ]
    if not asking or not by.may(Permission.REQUEST_BOOKINGS):
        return
    answer = asking[0][1]
    needs = answer.said.needs
    mobility = next((Mobility(each.value) for each in MOBILITIES if each in needs), Mobility.NONE)
    requesting.request_booking(
        by=by,
        citizen=citizen,
        follow_ups=[each for each, _answer in asking],
        wishes=wishes.Wishes(
            mobility=mobility,
            needs_escort=answer.outcome == Outcome.NEEDS_ESCORT or CallNeed.ESCORT in needs,
            needs_ride=answer.outcome == Outcome.NEEDS_RIDE,
            session=_with_time_only(answer),
            note=answer.said.wishes,
        ),
        attempt=attempt,
        on_top=True,
        links=[LinkKind.HELPER] if CallNeed.HELPER in needs else [],
        replan=False,
        now=answer.now,
    )


def _with_time_only(answer: Answer) -> VaccinationSession | None:
    """The pop-up session the citizen chose, where nobody gets in without a time (P2)."""
    if answer.outcome != Outcome.WANTS_POPUP or answer.said.session is None:
        return None
    return VaccinationSession.objects.filter(pk=answer.said.session, drop_in=False).select_related("site").first()
