"""The first step of a contact policy that is neither done nor impossible, and what comes after the last (K2). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from registry.models import ClosedReason, NextStepKind
from registry.working_days import add_working_days

from ..sending_window import at_hour, next_sending_moment
from ..step_reasons import StepReason
from ..step_times import part_of_day, slot
from .facts import (
    DEFAULT_CALL_HOURS,
    LAST_WAIT_DAYS,
    OFFICE_OPENS,
    WAIT_WITHOUT_DEADLINE_DAYS,
    Facts,
    NextStep,
    Policy,
    PolicyStep,
)


def policy_step(facts: Facts, policy: Policy, now: datetime) -> NextStep:
    """The first step of the policy that is neither done nor impossible; after the last one, the end of it."""
    before: dict[str, int] = {}
    for position, step in enumerate(policy.steps):
        done = _count(facts, step.kind) - before.get(step.kind, 0)
        before[step.kind] = before.get(step.kind, 0) + step.attempts
        if done >= step.attempts or _impossible(facts, step.kind) or _passed(facts, policy, position):
            continue
        if step.kind == NextStepKind.CALL and not facts.reachable:
            return _lookup(facts)
        return _step(facts, policy, step, position, max(done, 0))
    return _exhausted(facts, policy, now)


def closed(reason: ClosedReason) -> NextStep:
    """Nothing more happens, and why."""
    return NextStep(None, None, "", closes=reason)


def _count(facts: Facts, kind: str) -> int:
    return {"sms": facts.sms_sent, "call": facts.call_attempts, "letter": facts.letters_sent}.get(kind, 0)


def _impossible(facts: Facts, kind: str) -> bool:
    if kind == NextStepKind.SMS:
        return not facts.can_sms or facts.child
    if kind == NextStepKind.CALL:
        return not facts.reachable and facts.lookup_failed
    return kind != NextStepKind.LETTER


def _passed(facts: Facts, policy: Policy, position: int) -> bool:
    """An SMS step that was overtaken: the calls that come after it have begun."""
    if policy.steps[position].kind != NextStepKind.SMS:
        return False
    calls_before = sum(step.attempts for step in policy.steps[:position] if step.kind == NextStepKind.CALL)
    call_follows = any(step.kind == NextStepKind.CALL for step in policy.steps[position:])
    return call_follows and facts.call_attempts > calls_before


def _contacted(facts: Facts) -> bool:
    return facts.last_contact_at is not None and facts.sms_sent + facts.call_attempts + facts.letters_sent > 0


def _base(facts: Facts) -> datetime:
    """The last contact; for a follow-up that has been opened anew since, the day it was."""
    if facts.last_contact_at is None or not _contacted(facts):
        return facts.opened_at
    return max(facts.last_contact_at, facts.opened_at)


def _step(facts: Facts, policy: Policy, step: PolicyStep, position: int, attempt: int) -> NextStep:
    if attempt:
        days = step.retry_days
    else:
        days = step.delay_days if position == 0 or _contacted(facts) else 0
    base = _base(facts)
    if step.kind == NextStepKind.SMS:
        at = base if days == 0 else slot(base, days, OFFICE_OPENS)
        if facts.last_contact_at is not None:
            at = max(at, facts.last_contact_at + timedelta(hours=policy.quiet_gap_hours))
        return NextStep(NextStepKind.SMS, next_sending_moment(at, policy.window), StepReason.FIRST_CONTACT)
    hours = step.hours or DEFAULT_CALL_HOURS
    at = slot(base, days, hours[attempt % len(hours)])
    if step.kind == NextStepKind.LETTER:
        return NextStep(NextStepKind.LETTER, at, _letter_reason(facts))
    detail: dict[str, Any] = {}
    if facts.call_attempts and facts.last_contact_at is not None:
        detail = {"attempts": facts.call_attempts, "part": part_of_day(facts.last_contact_at)}
    return NextStep(NextStepKind.CALL, at, _call_reason(facts, policy), detail)


def _call_reason(facts: Facts, policy: Policy) -> StepReason:
    if facts.call_attempts and facts.last_contact_at is not None:
        return StepReason.NOT_REACHED
    if facts.child:
        return StepReason.CUSTODY_HOLDER
    if facts.sms_sent:
        return StepReason.SMS_UNANSWERED
    if not any(step.kind == NextStepKind.SMS for step in policy.steps):
        return StepReason.FIRST_CONTACT
    return StepReason.SMS_OPTED_OUT if facts.opted_out else StepReason.NO_MOBILE


def _letter_reason(facts: Facts) -> StepReason:
    if facts.call_attempts:
        return StepReason.CALLS_UNANSWERED
    return StepReason.NO_NUMBER_FOUND if not facts.reachable else StepReason.FIRST_CONTACT


def _lookup(facts: Facts) -> NextStep:
    reason = StepReason.NO_CUSTODY_HOLDER_PHONE if facts.child else StepReason.NO_PHONE
    return NextStep(NextStepKind.LOOKUP, _base(facts), reason)


def _exhausted(facts: Facts, policy: Policy, now: datetime) -> NextStep:
    base = _base(facts)
    if not facts.call_attempts and not facts.letters_sent:
        # K2: an unanswered SMS alone never completes a follow-up, whatever the policy says.
        if facts.reachable:
            return NextStep(NextStepKind.CALL, slot(base, 1, policy.first_call_hour), _call_reason(facts, policy))
        if not facts.lookup_failed:
            return _lookup(facts)
        return NextStep(NextStepKind.LETTER, slot(base, 1, OFFICE_OPENS), StepReason.NO_NUMBER_FOUND)
    if facts.answer_due is None:
        ends = slot(base, WAIT_WITHOUT_DEADLINE_DAYS, OFFICE_OPENS)
    else:
        due = at_hour(add_working_days(facts.answer_due, 1), OFFICE_OPENS)
        ends = max(due, slot(base, LAST_WAIT_DAYS, OFFICE_OPENS))
    if ends <= now:
        return closed(ClosedReason.ATTEMPTS_DOCUMENTED)
    return NextStep(NextStepKind.WAIT, ends, StepReason.ATTEMPTS_DONE)
