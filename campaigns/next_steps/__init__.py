"""The planner's rule: from the facts of one follow-up to its one next step (K1, K2). Pure.

`sql/plan_steps.sql` does the same for a million rows; a test holds both equal on random data.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from registry.models import CitizenStatus, ClosedReason, NextStepKind

from ..step_reasons import ANSWER_REASONS, StepReason
from ..step_times import slot
from .facts import (
    DEFAULT_CALL_HOURS,
    ENDED,
    LAST_WAIT_DAYS,
    LOOKUP_RESTS,
    OFFICE_OPENS,
    WAIT_WITHOUT_DEADLINE_DAYS,
    Facts,
    NextStep,
    Policy,
    PolicyStep,
)
from .policy_steps import closed, policy_step

__all__ = [
    "DEFAULT_CALL_HOURS",
    "ENDED",
    "LAST_WAIT_DAYS",
    "LOOKUP_RESTS",
    "OFFICE_OPENS",
    "WAIT_WITHOUT_DEADLINE_DAYS",
    "Facts",
    "NextStep",
    "Policy",
    "PolicyStep",
    "joined",
    "next_step",
    "policy_step",
]

# An SMS of one programme gives way to a call of another within so many days (C8: one contact).
JOIN_WITHIN = timedelta(days=7)


def next_step(facts: Facts, policy: Policy, now: datetime) -> NextStep:
    """The next step of an open follow-up. The same facts give the same step, so planning twice changes nothing."""
    if facts.do_not_contact:
        return closed(ClosedReason.DO_NOT_CONTACT)
    if facts.citizen_status in ENDED:
        return closed(ClosedReason.STATUS)
    if facts.citizen_status == CitizenStatus.OUTSIDE:
        return closed(ClosedReason.MOVED)
    return _kept(facts, policy, now) or policy_step(facts, policy, now)


def joined(steps: Sequence[NextStep]) -> list[NextStep]:
    """One citizen's steps in several programmes: an SMS gives way to a call that comes soon anyway (C8, K9)."""
    calls = [step.at for step in steps if step.kind == NextStepKind.CALL and step.at is not None]
    first = min(calls, default=None)
    return [
        NextStep(NextStepKind.CALL, first, StepReason.JOINS_CALL)
        if step.kind == NextStepKind.SMS and first is not None and step.at and first <= step.at + JOIN_WITHIN
        else step
        for step in steps
    ]


def _kept(facts: Facts, policy: Policy, now: datetime) -> NextStep | None:
    """The step an answer gave, while it holds; None when the policy decides."""
    if facts.reason not in ANSWER_REASONS or facts.at is None:
        return None
    kind = NextStepKind(facts.kind)
    current = NextStep(kind, facts.at, facts.reason, facts.detail)
    if kind == NextStepKind.CALL:
        return current if facts.reachable else None
    if kind == NextStepKind.LOOKUP:
        return None if facts.reachable or facts.lookup_failed else current
    if kind != NextStepKind.WAIT or facts.at > now:
        return current
    # Still open, so still on the list although what we waited for has passed: ask (K1).
    if not facts.reachable:
        return None
    at = slot(facts.at, 0, policy.first_call_hour)
    return NextStep(NextStepKind.CALL, at, StepReason.CHECK_CALL, {"after": facts.reason})
