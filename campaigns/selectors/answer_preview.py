"""The steps an answer would lead to, by the same rules that `services.answers` writes down."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from outreach.access.actor import Actor
from registry.models import FollowUp, Outcome
from registry.selectors.citizens import best_phone

from ..next_steps import NextStep
from ..outcomes import FOR_ALL_PROGRAMMES, next_step_for
from .citizen_case import CitizenCase
from .follow_up_facts import nearest_session_end, outcome_context


def steps_after(
    case: CitizenCase,
    outcome: Outcome,
    *,
    chosen: Collection[int],
    call_back_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> list[tuple[FollowUp, NextStep]]:
    """Each answered follow-up with its next step. `chosen` are follow-up keys, empty for all open ones."""
    for_all = not chosen or outcome in FOR_ALL_PROGRAMMES
    called = best_phone(case.citizen)
    steps = []
    for follow_up in case.open_follow_ups:
        if not for_all and follow_up.pk not in chosen:
            continue
        session_at = nearest_session_end(case.citizen, follow_up, outcome, actor=actor, now=now)
        context = outcome_context(
            follow_up, case.citizen, now, call_back_at=call_back_at, called=called, session_at=session_at
        )
        steps.append((follow_up, next_step_for(outcome, context)))
    return steps
