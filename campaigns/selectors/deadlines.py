"""Deadlines of the duty (K3): who must be contacted or have answered by when, and who is over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, DateField, F, Q, QuerySet, When

from outreach.access.actor import Actor
from registry.models import FollowUp

from ..outcomes import NOT_REACHED
from ..sending_window import COPENHAGEN
from ..step_reasons import StepReason


@dataclass(frozen=True)
class Deadlines:
    """Open follow-ups by where their deadline stands; mandatory groups apart from voluntary ones."""

    breaches_mandatory: int
    breaches_voluntary: int
    due_today: int
    due_tomorrow: int


def with_deadline(follow_ups: QuerySet[FollowUp]) -> QuerySet[Any]:
    """Annotate `deadline`: the first contact's until there has been one, then the answer's; empty once kept."""
    # An answer from before this round's first contact belongs to an earlier one: the follow-up was opened anew since.
    this_round = ~Q(outcome_at__lt=F("first_contact_at"))
    answered = ~Q(outcome="") & ~Q(outcome__in=NOT_REACHED) & this_round
    attempts_done = Q(next_step_reason=StepReason.ATTEMPTS_DONE)
    return follow_ups.annotate(
        deadline=Case(
            When(first_contact_at=None, then=F("first_contact_due")),
            When(answered | attempts_done, then=None),
            default=F("answer_due"),
            output_field=DateField(),
        )
    )


def breaches(actor: Actor, now: datetime) -> QuerySet[Any]:
    """Open follow-ups over their deadline, the longest overdue first; filter on `mandatory` for the duty's own (K3)."""
    today = _day(now)
    open_ones = FollowUp.objects.filter(municipality_id__in=actor.municipality_codes, status="open")
    return with_deadline(open_ones).filter(deadline__lt=today).order_by("deadline", "id")


def _day(now: datetime) -> date:
    return now.astimezone(COPENHAGEN).date()
