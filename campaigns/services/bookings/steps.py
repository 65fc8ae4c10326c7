"""The next step of the follow-ups a request is for: after each state exactly one, with its reason (K1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach.access.actor import system_actor
from registry.models import FollowUp, FollowUpStatus, NextStepKind
from registry.services.follow_up_steps import set_next_step
from registry.working_days import is_working_day

from ...models import BookingRequest, BookingState, LinkKind, LinkState
from ...sending_window import COPENHAGEN, at_hour
from ...step_reasons import StepReason as R
from ...step_times import slot
from ..planning import plan

OFFICE_OPENS = 8
ANSWERED_AT = 16
FIRST_CALL = 10
EVENING_ENDS = 20
WAIT_AFTER_VISIT = timedelta(days=14)
CALLS = {
    BookingState.PROPOSED: R.BOOKING_PROPOSED,
    BookingState.REFUSED: R.BOOKING_REFUSED,
    BookingState.WITHDRAWN: R.BOOKING_CANCELLED,
    BookingState.CANCELLED: R.BOOKING_CANCELLED,
    BookingState.NO_SHOW: R.BOOKING_NO_SHOW,
}


def follow_on(request: BookingRequest, now: datetime, *, replan: bool = True, spoken: bool = False) -> None:
    """Give each open follow-up of the request the step its state calls for, and plan the citizen.

    With `replan` false the caller plans: an answer does so once, at its end. `spoken`: somebody is on the telephone
    with the citizen at this moment, so that a call is for the next working day.
    """
    kind, at, reason = _step(request, now)
    if spoken and kind == NextStepKind.CALL:
        at = slot(now, 1, FIRST_CALL)
    _set(request, (kind, at, reason), now)
    if replan:
        job = system_actor("booking", [request.municipality_id])
        plan(by=job, now=now, citizen_ids=[request.citizen_id])


def call_to_remind(request: BookingRequest, now: datetime) -> None:
    """No SMS can remind the citizen: a person calls."""
    _set(request, (NextStepKind.CALL, call_time(now), R.BOOKING_REMIND), now)
    plan(by=system_actor("booking", [request.municipality_id]), now=now, citizen_ids=[request.citizen_id])


def call_about_ride(request: BookingRequest, now: datetime) -> None:
    """The citizen was told of a ride that is off, and waits for it: a person calls (S8)."""
    _set(request, (NextStepKind.CALL, call_time(now), R.RIDE_CANCELLED), now)
    plan(by=system_actor("booking", [request.municipality_id]), now=now, citizen_ids=[request.citizen_id])


def _set(request: BookingRequest, step: tuple[NextStepKind, datetime, R], now: datetime) -> None:
    ids = [each.follow_up_id for each in request.programmes.all() if each.follow_up_id is not None]
    found = FollowUp.objects.select_for_update().filter(pk__in=ids, status=FollowUpStatus.OPEN).order_by("id")
    for follow_up in found:
        kind, at, reason = step
        set_next_step(follow_up, kind, at, reason, {"booking": request.pk}, now)


def _step(request: BookingRequest, now: datetime) -> tuple[NextStepKind, datetime, R]:
    state = BookingState(request.state)
    if state in CALLS:
        return NextStepKind.CALL, call_time(now), CALLS[state]
    if state == BookingState.COMPLETED:
        return NextStepKind.WAIT, slot(now + WAIT_AFTER_VISIT, 1, OFFICE_OPENS), R.BOOKING_DONE
    if state == BookingState.CONFIRMED and request.booked_at is not None:
        if request.told_at is None:
            return NextStepKind.CALL, call_time(now), R.BOOKING_TELL
        if request.booked_at > now and _ride_to_agree(request):
            return NextStepKind.RIDE, call_time(now), R.RIDE
        return NextStepKind.WAIT, slot(request.booked_at, 1, OFFICE_OPENS), R.BOOKED_ON_BEHALF
    if state == BookingState.HELD:
        return NextStepKind.BOOKING_REQUEST, call_time(now), R.BOOKING_HELD
    due = at_hour(request.answer_due, ANSWERED_AT) if request.answer_due else slot(now, 1, ANSWERED_AT)
    reason = R.SECOND_DOSE if request.dose > 1 else R.BOOKING_SENT
    return NextStepKind.BOOKING_REQUEST, due, reason


def _ride_to_agree(request: BookingRequest) -> bool:
    """K14: a time nobody can get to is not settled, so that the ride comes before the wait."""
    return request.links.filter(kind=LinkKind.RIDE, state__in=[LinkState.NEEDED, LinkState.AGAIN]).exists()


def call_time(now: datetime) -> datetime:
    """When somebody is to call about it: now, or when the office opens again."""
    local = now.astimezone(COPENHAGEN)
    if OFFICE_OPENS <= local.hour < EVENING_ENDS and is_working_day(local.date()):
        return now
    return slot(now, 0, FIRST_CALL)
