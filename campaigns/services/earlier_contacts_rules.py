"""What an answer of a day leads to when it comes from a spreadsheet (L8, K6). Pure: one line for each answer and day.

The table of outcomes stays the only one: it is asked once for each answer, day and programme that occurs, and
sql/earlier_contacts_news.sql weighs the lines against what is known of each citizen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from registry.models import ClosedReason, Outcome

from ..next_steps import Facts, Policy
from ..outcomes import NOT_REACHED, OutcomeContext, next_step_for
from ..sending_window import at_hour

# A contact whose time of day nobody wrote down.
NOON = 12
# Closed by what the registry or the citizen said of the person: no spreadsheet opens or changes that.
FINAL = frozenset({ClosedReason.STATUS, ClosedReason.MOVED, ClosedReason.DO_NOT_CONTACT})
# A wish that was left lying by a "no" or by documented attempts is taken up again.
TAKEN_UP = frozenset({ClosedReason.DECLINED, ClosedReason.ATTEMPTS_DOCUMENTED, ClosedReason.ANSWERED})
# Answers that stand in the summary and lead to nothing: nobody was reached, or nobody wrote down when to call again.
WITHOUT_STEP = NOT_REACHED | {Outcome.CALL_BACK}


@dataclass(frozen=True)
class Answer:
    """One outcome given on one day in one programme."""

    programme_id: int
    outcome: str
    day: date


def rule_of(answer: Answer, *, policy: Policy, rest_days: int | None, today: date) -> dict[str, Any] | None:
    """The line of the rules for this answer; None when it leads to nothing by itself.

    `rest_days`: how long a "no" rests; None = not by time. A "no" that has rested long enough closes nothing.
    """
    if answer.outcome in WITHOUT_STEP:
        return None
    at = at_hour(answer.day, NOON)
    step = next_step_for(
        answer.outcome,
        OutcomeContext(now=at, facts=Facts(opened_at=at), policy=policy, reopen_after_days=rest_days or 0),
    )
    line: dict[str, Any] = {"programme_id": answer.programme_id, "outcome": answer.outcome, "day": answer.day}
    if step.closes is None:
        return line | {
            "closes": "", "kind": step.kind, "at": _moment(step.at), "reason": step.reason,
            "detail": dict(step.detail),
        }  # fmt: skip
    rests_until = None
    if step.closes == ClosedReason.DECLINED and rest_days is not None:
        rests_until = answer.day + timedelta(days=rest_days)
        if rests_until <= today:
            return None
    return line | {"closes": step.closes, "reopen_on": rests_until, "kind": "", "reason": "", "detail": {}}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
