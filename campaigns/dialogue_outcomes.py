"""What a talk with a health professional leads to (K6): the citizen's answer, and the next step. Pure."""

from __future__ import annotations

from datetime import datetime

from registry.models import NextStepKind, Outcome

from .models import DialogueOutcome
from .next_steps import NextStep
from .step_reasons import StepReason
from .step_times import part_of_day, slot

# What the citizen answered, as the follow-up's summary has it.
ANSWERS = {
    DialogueOutcome.BOOKS_SELF: Outcome.BOOKS_SELF,
    DialogueOutcome.WANTS_HELP: Outcome.NEEDS_BOOKING_HELP,
    DialogueOutcome.WANTS_POPUP: Outcome.WANTS_POPUP,
    DialogueOutcome.DECLINED: Outcome.DECLINED,
    DialogueOutcome.THINKING: Outcome.HEALTH_DIALOGUE,
    DialogueOutcome.OWN_DOCTOR: Outcome.UNDECIDED,
    DialogueOutcome.TO_CASEWORKER: Outcome.UNDECIDED,
    DialogueOutcome.NOT_REACHED: Outcome.NO_ANSWER,
}
# After these the adviser rings again: the matter stays theirs.
STAYS = frozenset({DialogueOutcome.THINKING, DialogueOutcome.NOT_REACHED})
MOST_TRIES = 3
DOCTOR_WAIT_DAYS = 10
CALLER_HOUR = 10
OTHER_HOUR = {"morning": 14, "afternoon": 17, "evening": 10}


def dialogue_step(
    outcome: DialogueOutcome, *, now: datetime, tries: int, talk_at: datetime | None = None
) -> NextStep | None:
    """The next step after a talk; None where the ordinary rule of the answer says it (`outcomes.next_step_for`).

    `tries` counts the calls in vain before this one; a third one gives the citizen back to the caseworkers.
    """
    if outcome == DialogueOutcome.THINKING:
        at = talk_at or slot(now, 5, CALLER_HOUR)
        return NextStep(NextStepKind.HEALTH_DIALOGUE, at, StepReason.DIALOGUE_AGREED)
    if outcome == DialogueOutcome.OWN_DOCTOR:
        return NextStep(NextStepKind.CALL, slot(now, DOCTOR_WAIT_DAYS, CALLER_HOUR), StepReason.OWN_DOCTOR)
    if outcome == DialogueOutcome.TO_CASEWORKER:
        return NextStep(NextStepKind.CALL, slot(now, 1, CALLER_HOUR), StepReason.DIALOGUE_HELD)
    if outcome == DialogueOutcome.WANTS_HELP:
        # Days, place and escort are the caseworker's to ask, and the chain needs a caseworker (K11, K14).
        return NextStep(NextStepKind.CALL, slot(now, 1, CALLER_HOUR), StepReason.DIALOGUE_WANTS_TIME)
    if outcome != DialogueOutcome.NOT_REACHED:
        return None
    if tries + 1 >= MOST_TRIES:
        return NextStep(NextStepKind.CALL, slot(now, 1, CALLER_HOUR), StepReason.DIALOGUE_UNREACHED)
    at = slot(now, 1, OTHER_HOUR[part_of_day(now)])
    return NextStep(NextStepKind.HEALTH_DIALOGUE, at, StepReason.DIALOGUE_NOT_REACHED)
