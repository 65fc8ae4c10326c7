"""What earlier contacts do to one follow-up (L8). Pure: contacts and the follow-up's summary in, the new summary out.

Only what is newer than what is known counts; an answer once given is not forgotten because nobody picked up later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from campaigns.models import ContactKind
from campaigns.next_steps import Facts, NextStep, Policy
from campaigns.outcomes import NOT_REACHED, OutcomeContext, next_step_for
from campaigns.sending_window import COPENHAGEN
from registry.models import ClosedReason, FollowUpStatus, NextStepKind, Outcome

# A contact whose time of day nobody wrote down.
NOON = 12
# Closed by what the registry or the citizen said of the person: no spreadsheet opens or changes that.
FINAL = frozenset({ClosedReason.STATUS, ClosedReason.MOVED, ClosedReason.DO_NOT_CONTACT})
# A wish that was left lying by a "no" or by documented attempts is taken up again.
TAKEN_UP = frozenset({ClosedReason.DECLINED, ClosedReason.ATTEMPTS_DOCUMENTED, ClosedReason.ANSWERED})


class Effect(StrEnum):
    """What a row of the file does."""

    CLOSES = "closes"
    ENDS = "ends"
    ANSWERS = "answers"
    STORED = "stored"
    ATTEMPT = "attempt"
    HISTORY = "history"


@dataclass(frozen=True)
class Contact:
    """One usable row. `at` is noon of its day."""

    row_id: int
    at: datetime
    outcome: str
    kind: str
    barrier: str = ""

    @property
    def reached(self) -> bool:
        return self.outcome not in NOT_REACHED

    @property
    def day(self) -> date:
        return self.at.astimezone(COPENHAGEN).date()


@dataclass(frozen=True)
class Known:
    """A follow-up's summary; `counted_from`: the invitation or the last reopening, attempts before it count no more."""

    values: Mapping[str, Any]
    counted_from: date | None = None


@dataclass(frozen=True)
class Change:
    """The follow-up's new summary, and what each row did to it."""

    values: dict[str, Any]
    effects: dict[int, Effect] = field(default_factory=dict)


NOTHING_KNOWN: Mapping[str, Any] = {
    "status": FollowUpStatus.CLOSED,
    "closed_reason": ClosedReason.NOT_LISTED,
    "closed_at": None,
    "reopen_on": None,
    "outcome": "",
    "outcome_at": None,
    "barrier": "",
    "first_contact_at": None,
    "last_contact_at": None,
    "call_attempts": 0,
    "sms_sent": 0,
    "letters_sent": 0,
    "next_step_kind": "",
    "next_step_at": None,
    "next_step_reason": "",
    "next_step_detail": {},
}


def change_of(
    contacts: Sequence[Contact], known: Known | None, *, policy: Policy, rest_days: int | None, now: datetime
) -> Change:
    """The summary after these contacts. `known` None: no follow-up yet, so what is known waits, closed, for a list.

    `rest_days`: how long a "no" rests; None = not by time.
    """
    values = dict(known.values if known else NOTHING_KNOWN)
    values["closed_at"] = values["closed_at"] or (None if known else now)
    in_order = sorted(contacts, key=lambda contact: (contact.at, contact.row_id))
    waits = values["closed_reason"] == ClosedReason.NOT_LISTED
    effects = {contact.row_id: Effect.STORED if waits else Effect.HISTORY for contact in in_order}
    _count(in_order, values, known, effects)
    newest = _newest_news(in_order, values)
    if newest is None:
        return Change(values, effects)
    values |= {"outcome": newest.outcome, "outcome_at": newest.at, "barrier": newest.barrier}
    if values["closed_reason"] in FINAL:
        return Change(values, effects)
    if effect := _apply(newest, values, known, policy, rest_days, now):
        effects[newest.row_id] = effect
    return Change(values, effects)


def _count(
    contacts: Sequence[Contact], values: dict[str, Any], known: Known | None, effects: dict[int, Effect]
) -> None:
    for contact in contacts:
        values["first_contact_at"] = min(values["first_contact_at"] or contact.at, contact.at)
        values["last_contact_at"] = max(values["last_contact_at"] or contact.at, contact.at)
        counter = _counter(contact)
        if counter and not (known and known.counted_from and contact.day < known.counted_from):
            values[counter] += 1
            if known and values["status"] == FollowUpStatus.OPEN:
                effects[contact.row_id] = Effect.ATTEMPT


def _counter(contact: Contact) -> str:
    """The attempt a contact uses up. A wrong number reaches nobody and uses up none, as on the call screen."""
    if contact.outcome == Outcome.WRONG_NUMBER:
        return ""
    counters = {
        ContactKind.CALL: "call_attempts",
        ContactKind.CALL_IN: "call_attempts",
        ContactKind.SMS: "sms_sent",
        ContactKind.LETTER: "letters_sent",
    }
    return counters.get(ContactKind(contact.kind), "")


def _newest_news(contacts: Sequence[Contact], values: Mapping[str, Any]) -> Contact | None:
    """The newest answer, or without any the newest attempt, if it is newer than the answer that is known."""
    answered = bool(values["outcome"]) and values["outcome"] not in NOT_REACHED
    reached = [contact for contact in contacts if contact.reached]
    if reached:
        newest = reached[-1]
        older = answered and values["outcome_at"] is not None and values["outcome_at"] >= newest.at
        return None if older else newest
    newer = not answered and (values["outcome_at"] is None or contacts[-1].at > values["outcome_at"])
    return contacts[-1] if newer else None


def _apply(
    contact: Contact,
    values: dict[str, Any],
    known: Known | None,
    policy: Policy,
    rest_days: int | None,
    now: datetime,
) -> Effect | None:
    """Closing, next step or waiting, as the answer has it; None when it only stands in the summary."""
    if not contact.reached or contact.outcome == Outcome.CALL_BACK:
        # Nobody wrote down when: the policy's next attempt.
        return None
    context = OutcomeContext(
        now=contact.at, facts=Facts(opened_at=contact.at), policy=policy, reopen_after_days=rest_days or 0
    )
    step = next_step_for(contact.outcome, context)
    if step.closes is not None:
        return _close(step, contact, values, rest_days, now)
    if values["status"] == FollowUpStatus.OPEN or (known and _is_wish(step) and values["closed_reason"] in TAKEN_UP):
        values |= {
            "status": FollowUpStatus.OPEN, "closed_reason": "", "closed_at": None, "reopen_on": None,
            "next_step_kind": step.kind, "next_step_at": step.at, "next_step_reason": step.reason,
            "next_step_detail": dict(step.detail),
        }  # fmt: skip
        return Effect.ANSWERS
    if not _is_wish(step) and step.at is not None and step.at > now:
        # L8: what they wait for has not passed; a list that names them asks after it, not before.
        values |= {"closed_reason": ClosedReason.ANSWERED, "reopen_on": step.at.astimezone(COPENHAGEN).date()}
    return None


def _close(
    step: NextStep, contact: Contact, values: dict[str, Any], rest_days: int | None, now: datetime
) -> Effect | None:
    reopen_on = None
    if step.closes == ClosedReason.DECLINED and rest_days is not None:
        reopen_on = contact.day + timedelta(days=rest_days)
        if reopen_on <= now.astimezone(COPENHAGEN).date():
            return None  # has rested long enough: may be asked, and knows we asked before
    values |= {
        "closed_at": values["closed_at"] or now, "status": FollowUpStatus.CLOSED, "closed_reason": step.closes,
        "reopen_on": reopen_on, "next_step_kind": "", "next_step_at": None, "next_step_reason": "",
        "next_step_detail": {},
    }  # fmt: skip
    return Effect.CLOSES if step.closes == ClosedReason.DECLINED else Effect.ENDS


def _is_wish(step: NextStep) -> bool:
    return step.kind != NextStepKind.WAIT
