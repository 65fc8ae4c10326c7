"""Read contact plans: what holds in a municipality, what is common, and what was changed when (K2, K3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet

from outreach.access.actor import Actor
from registry.models import DeadlineRule, GroupDuty, Programme, TargetGroup

from ..contact_plans import ContactPlan, Duty, PlanStep
from ..models import ContactPlanChange, ContactPolicy

Row = TypeVar("Row", ContactPolicy, DeadlineRule)


def programmes_with_plans() -> list[Programme]:
    """Programmes in use, by name."""
    return list(Programme.objects.filter(active=True).order_by("name"))


def plan_of(programme: Programme, municipality_id: int | None, today: date) -> ContactPlan:
    """What holds in the municipality: its own where it has its own, else the common one; with None the common one."""
    policies = ContactPolicy.objects.filter(programme=programme).prefetch_related("steps")
    rules = DeadlineRule.objects.filter(programme=programme)
    policy = _own_or_common(policies, municipality_id)
    rule = _own_or_common(rules, municipality_id) or DeadlineRule()
    duties: dict[str, Duty] = {
        group.code: (group.mandatory_from, group.mandatory_to) for group in groups_with_duty(programme, today)
    }
    if municipality_id is not None:
        for own in GroupDuty.objects.filter(programme=programme, municipality=municipality_id):
            if own.code in duties:
                duties[own.code] = (own.mandatory_from, own.mandatory_to)
    return ContactPlan(
        steps=tuple(
            PlanStep(step.kind, step.delay_days, step.attempts, step.retry_days, tuple(step.hours))
            for step in (policy.steps.all() if policy else [])
        ),
        quiet_gap_hours=policy.quiet_gap_hours if policy else 24,
        first_contact_days=rule.first_contact_days,
        answer_days=rule.answer_days,
        duties=duties,
    )


def groups_with_duty(programme: Programme, today: date) -> list[TargetGroup]:
    """The programme's groups that hold today or later, in order; of a code with several periods the next one."""
    groups = TargetGroup.objects.filter(programme=programme).filter(Q(valid_to=None) | Q(valid_to__gte=today))
    found: dict[str, TargetGroup] = {}
    for group in groups.order_by("order", "valid_from"):
        found.setdefault(group.code, group)
    return list(found.values())


def changes_of(actor: Actor, programme: Programme | None = None) -> QuerySet[ContactPlanChange]:
    """The municipality's saved plans and windows, newest first; of one programme when named."""
    changes = ContactPlanChange.objects.filter(municipality__in=actor.municipality_codes).select_related("programme")
    return changes if programme is None else changes.filter(programme=programme)


def _own_or_common(rows: Iterable[Row], municipality_id: int | None) -> Row | None:
    by_municipality = {row.municipality_id: row for row in rows}
    return by_municipality.get(municipality_id) or by_municipality.get(None)
