"""Deadlines of the duty (K3): who must be contacted or have answered by when, and who is over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, DateField, F, Q, QuerySet, When

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


@dataclass(frozen=True)
class DeadlineFilter:
    """What the page of deadlines shows: `when` is over, today or tomorrow; the rest is empty for all."""

    when: str = "over"
    duty: str = ""
    programme: int | None = None
    clock: str = ""


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


def on_deadline_page(actor: Actor, chosen: DeadlineFilter, now: datetime) -> QuerySet[Any]:
    """Open follow-ups over their deadline, or with it today or tomorrow: those with a duty first, then by deadline.

    Citizen and programme are loaded.
    """
    today = _day(now)
    ends = {"today": Q(deadline=today), "tomorrow": Q(deadline=today + timedelta(days=1))}
    rows = with_deadline(FollowUp.objects.visible_to(actor).open()).filter(ends.get(chosen.when, Q(deadline__lt=today)))
    if chosen.duty:
        rows = rows.filter(mandatory=chosen.duty == "mandatory")
    if chosen.programme is not None:
        rows = rows.filter(programme=chosen.programme)
    if chosen.clock:
        rows = rows.filter(first_contact_at__isnull=chosen.clock == "first_contact")
    return rows.select_related("citizen", "programme").order_by("-mandatory", "deadline", "id")


def deadline_counts(actor: Actor, now: datetime) -> dict[str, int]:
    """How many are over, fall due today and tomorrow; mandatory groups apart from voluntary ones (K3). One query."""
    today = _day(now)
    spans = {
        "over": Q(deadline__lt=today),
        "today": Q(deadline=today),
        "tomorrow": Q(deadline=today + timedelta(days=1)),
    }
    figures = {
        f"{name}_{duty}": Count("id", filter=span & Q(mandatory=duty == "mandatory"))
        for name, span in spans.items()
        for duty in ("mandatory", "voluntary")
    }
    return with_deadline(FollowUp.objects.visible_to(actor).open()).aggregate(**figures)


def _day(now: datetime) -> date:
    return now.astimezone(COPENHAGEN).date()
