"""What each outcome of a contact leads to (K6). Pure: one table, and a function for what a table cannot say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from registry.models import ClosedReason, NextStepKind, Outcome
from registry.working_days import is_working_day

from .next_steps import Facts, NextStep, Policy, policy_step
from .sending_window import CLOSES, COPENHAGEN
from .step_reasons import StepReason
from .step_times import slot

NOT_REACHED = frozenset({Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.BUSY, Outcome.WRONG_NUMBER})
# Told of the person, not of one programme: they hold for every open follow-up.
FOR_ALL_PROGRAMMES = frozenset(
    {Outcome.DECEASED, Outcome.MOVED, Outcome.DO_NOT_CONTACT, Outcome.WRONG_NUMBER, *NOT_REACHED}
)
BUSY_WAIT = timedelta(hours=1)
POPUP_WAIT_DAYS = 7
WAIT_ENDS_HOUR = 8


@dataclass(frozen=True)
class OutcomeContext:
    """What the rules need beside the outcome. `facts` are those before the answer; `other_number`: there is one
    besides the number called; `session_at` ends the pop-up session, `booked_at` is the booked time, `talk_at` when the
    health adviser is to ring.
    """

    now: datetime
    facts: Facts
    policy: Policy
    reopen_after_days: int | None = 183
    call_back_at: datetime | None = None
    session_at: datetime | None = None
    booked_at: datetime | None = None
    talk_at: datetime | None = None
    other_number: bool = False


@dataclass(frozen=True)
class _Closes:
    reason: ClosedReason


@dataclass(frozen=True)
class _After:
    """A step so many working days from now, at the policy's first call hour."""

    kind: NextStepKind
    working_days: int
    reason: StepReason


@dataclass(frozen=True)
class _Waits:
    """Wait so many days; still on the list then means a call."""

    days: int
    reason: StepReason


_Rule = _Closes | _After | _Waits | Callable[[OutcomeContext], NextStep]


def _declined(context: OutcomeContext) -> NextStep:
    # L8: declined is not closed for ever; they may regret.
    if context.reopen_after_days is None:
        return NextStep(None, None, "", closes=ClosedReason.DECLINED)
    day = context.now.astimezone(COPENHAGEN).date() + timedelta(days=context.reopen_after_days)
    return NextStep(None, None, "", closes=ClosedReason.DECLINED, reopen_on=day)


def _not_reached(context: OutcomeContext) -> NextStep:
    """The policy's next attempt, at another hour of the day; after the last one, what the policy has then (K4)."""
    after = replace(
        context.facts, call_attempts=context.facts.call_attempts + 1, last_contact_at=context.now, reason=""
    )
    return policy_step(after, context.policy, context.now)


def _busy(context: OutcomeContext) -> NextStep:
    again = context.now + BUSY_WAIT
    local = again.astimezone(COPENHAGEN)
    if local.hour >= CLOSES or not is_working_day(local.date()):
        again = slot(again, 1, context.policy.first_call_hour)
    return NextStep(NextStepKind.CALL, again, StepReason.BUSY)


def _wrong_number(context: OutcomeContext) -> NextStep:
    if context.other_number:
        return NextStep(NextStepKind.CALL, context.now, StepReason.OTHER_NUMBER)
    if context.facts.lookup_failed:
        # Nobody has found another number before: the letter, not the same search again.
        return policy_step(replace(context.facts, reachable=False, can_sms=False), context.policy, context.now)
    return NextStep(NextStepKind.LOOKUP, context.now, StepReason.WRONG_NUMBER)


def _call_back(context: OutcomeContext) -> NextStep:
    at = context.call_back_at or slot(context.now, 1, context.policy.first_call_hour)
    return NextStep(NextStepKind.CALL, at, StepReason.AGREED_TIME)


def _popup(context: OutcomeContext) -> NextStep:
    if context.session_at is None:
        return _waiting(context, POPUP_WAIT_DAYS, StepReason.WANTS_POPUP)
    return _waiting_until(context.session_at, StepReason.WANTS_POPUP)


def _booked(context: OutcomeContext) -> NextStep:
    if context.booked_at is None or context.booked_at <= context.now:
        return _waiting(context, 14, StepReason.BOOKED_ON_BEHALF)
    return _waiting_until(context.booked_at, StepReason.BOOKED_ON_BEHALF)


def _already_booked(context: OutcomeContext) -> NextStep:
    if context.booked_at is None or context.booked_at <= context.now:
        return _waiting(context, 14, StepReason.ALREADY_BOOKED)
    return _waiting_until(context.booked_at, StepReason.ALREADY_BOOKED)


def _health_dialogue(context: OutcomeContext) -> NextStep:
    at = context.talk_at or slot(context.now, 1, context.policy.first_call_hour)
    return NextStep(NextStepKind.HEALTH_DIALOGUE, at, StepReason.HEALTH_DIALOGUE)


RULES: dict[Outcome, _Rule] = {
    Outcome.BOOKS_SELF: _Waits(7, StepReason.BOOKS_SELF),
    Outcome.NEEDS_BOOKING_HELP: _After(NextStepKind.BOOKING_REQUEST, 1, StepReason.BOOKING_HELP),
    Outcome.BOOKED_ON_BEHALF: _booked,
    Outcome.WANTS_POPUP: _popup,
    Outcome.NEEDS_RIDE: _After(NextStepKind.RIDE, 1, StepReason.RIDE),
    Outcome.HOME_ASSESSMENT: _After(NextStepKind.HOME_VISIT, 1, StepReason.HOME_ASSESSMENT),
    Outcome.ALREADY_BOOKED: _already_booked,
    Outcome.ALREADY_VACCINATED: _Waits(14, StepReason.ALREADY_VACCINATED),
    Outcome.NEEDS_ESCORT: _After(NextStepKind.BOOKING_REQUEST, 1, StepReason.ESCORT),
    Outcome.DECLINED: _declined,
    Outcome.UNDECIDED: _After(NextStepKind.CALL, 5, StepReason.UNDECIDED),
    Outcome.HEALTH_DIALOGUE: _health_dialogue,
    Outcome.NO_ANSWER: _not_reached,
    Outcome.VOICEMAIL: _not_reached,
    Outcome.BUSY: _busy,
    Outcome.WRONG_NUMBER: _wrong_number,
    Outcome.CALL_BACK: _call_back,
    Outcome.LANGUAGE: _After(NextStepKind.INTERPRETER_CALL, 1, StepReason.LANGUAGE),
    Outcome.RELATIVE_REACHED: _After(NextStepKind.CALL, 2, StepReason.RELATIVE_REACHED),
    Outcome.GUARDIAN_INFORMED: _After(NextStepKind.CALL, 1, StepReason.GUARDIAN_INFORMED),
    Outcome.DECEASED: _Closes(ClosedReason.STATUS),
    Outcome.MOVED: _Closes(ClosedReason.MOVED),
    Outcome.DO_NOT_CONTACT: _Closes(ClosedReason.DO_NOT_CONTACT),
}


def next_step_for(outcome: Outcome | str, context: OutcomeContext) -> NextStep:
    """The next step after an outcome, or the reason the follow-up closes (K6)."""
    rule = RULES[Outcome(outcome)]
    if isinstance(rule, _Closes):
        return NextStep(None, None, "", closes=rule.reason)
    if isinstance(rule, _After):
        at = slot(context.now, rule.working_days, context.policy.first_call_hour)
        return NextStep(rule.kind, at, rule.reason)
    if isinstance(rule, _Waits):
        return _waiting(context, rule.days, rule.reason)
    return rule(context)


def _waiting(context: OutcomeContext, days: int, reason: StepReason) -> NextStep:
    return _waiting_until(context.now + timedelta(days=days), reason)


def popup_wait_ends(session_ends_at: datetime) -> datetime:
    """When whoever said they would come to a session is looked at again."""
    return slot(session_ends_at, 1, WAIT_ENDS_HOUR)


def _waiting_until(moment: datetime, reason: StepReason) -> NextStep:
    """Until the office opens on the first working day after that moment's day."""
    return NextStep(NextStepKind.WAIT, slot(moment, 1, WAIT_ENDS_HOUR), reason)
