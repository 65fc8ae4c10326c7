"""The planner's rule: from the facts of one follow-up to its one next step (K1, K2). Pure.

`sql/plan_steps.sql` does the same for a million rows; a test holds both equal on random data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from registry.models import CitizenStatus, ClosedReason, NextStepKind
from registry.working_days import add_working_days

from .sending_window import DEFAULT_WINDOW, Window, at_hour, next_sending_moment
from .step_reasons import ANSWER_REASONS, StepReason
from .step_times import part_of_day, slot

# Statuses that end all work at once (C3); the rest of the closing rules is in `next_step`.
ENDED = frozenset(
    {
        CitizenStatus.DECEASED,
        CitizenStatus.EMIGRATED,
        CitizenStatus.DISAPPEARED,
        CitizenStatus.CANCELLED,
    }
)
OFFICE_OPENS = 8
DEFAULT_CALL_HOURS = (10,)
# C4: a number that was not to be found is looked for again after this; somebody may have got one since. Who will not
# give a number is not asked for it again.
LOOKUP_RESTS = timedelta(days=30)
# Working days a letter or a last call gets before the attempts count as unanswered.
LAST_WAIT_DAYS = 5
WAIT_WITHOUT_DEADLINE_DAYS = 10
# An SMS of one programme gives way to a call of another within so many days (C8: one contact).
JOIN_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class PolicyStep:
    """One row of a contact policy: kind, working days of delay, attempts, hours of the day for each attempt."""

    kind: str
    delay_days: int = 0
    attempts: int = 1
    retry_days: int = 1
    hours: Sequence[int] = DEFAULT_CALL_HOURS


@dataclass(frozen=True)
class Policy:
    """A programme's steps in order, the hours between two messages (K9), and when messages may go (S4)."""

    steps: Sequence[PolicyStep]
    quiet_gap_hours: int = 24
    window: Window = DEFAULT_WINDOW

    @property
    def first_call_hour(self) -> int:
        return next((step.hours[0] for step in self.steps if step.kind == "call" and step.hours), 10)


@dataclass(frozen=True)
class Facts:
    """What the rule knows of one follow-up and its citizen; `child` and the phone facts hold at planning time."""

    opened_at: datetime
    reachable: bool = True
    can_sms: bool = True
    opted_out: bool = False
    child: bool = False
    # Somebody looked for a number in vain, so lately that it need not be tried again (`LOOKUP_RESTS`).
    lookup_failed: bool = False
    citizen_status: str = CitizenStatus.ACTIVE
    do_not_contact: bool = False
    sms_sent: int = 0
    call_attempts: int = 0
    letters_sent: int = 0
    last_contact_at: datetime | None = None
    answer_due: date | None = None
    kind: str = ""
    at: datetime | None = None
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NextStep:
    """What happens next, when and why; or, with `closes`, that nothing more happens."""

    kind: NextStepKind | None
    at: datetime | None
    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    closes: ClosedReason | None = None
    reopen_on: date | None = None


def next_step(facts: Facts, policy: Policy, now: datetime) -> NextStep:
    """The next step of an open follow-up. The same facts give the same step, so planning twice changes nothing."""
    if facts.do_not_contact:
        return _closed(ClosedReason.DO_NOT_CONTACT)
    if facts.citizen_status in ENDED:
        return _closed(ClosedReason.STATUS)
    if facts.citizen_status == CitizenStatus.OUTSIDE:
        return _closed(ClosedReason.MOVED)
    return _kept(facts, policy, now) or policy_step(facts, policy, now)


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
        return _closed(ClosedReason.ATTEMPTS_DOCUMENTED)
    return NextStep(NextStepKind.WAIT, ends, StepReason.ATTEMPTS_DONE)


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


def _closed(reason: ClosedReason) -> NextStep:
    return NextStep(None, None, "", closes=reason)
