"""The call queue in figures: what waits, what falls due, what somebody has done today (K3, K4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from outreach.access.actor import Actor
from registry.models import FollowUp

from ..models import CallTask, CallTaskState, ContactAttempt, ContactKind, SpokeWith
from ..sending_window import COPENHAGEN, at_hour
from .deadlines import Deadlines, breaches, with_deadline


@dataclass(frozen=True)
class QueueCounts:
    """`due` may be called now, `later` not yet, `claimed` are being called; `agreed` are promised times due today."""

    due: int
    later: int
    claimed: int
    deadline_today: int
    deadline_tomorrow: int
    overdue: int
    agreed: int


@dataclass(frozen=True)
class Progress:
    """Calls since midnight in Copenhagen: `mine`, of which `reached`, and those of the whole municipality."""

    mine: int
    reached: int
    everybody: int


def counts(actor: Actor, now: datetime) -> QueueCounts:
    """The queue at a moment, in one query."""
    today = now.astimezone(COPENHAGEN).date()
    tomorrow = today + timedelta(days=1)
    is_open = Q(state=CallTaskState.OPEN)
    due = is_open & Q(due_at__lte=now)
    row = (
        CallTask.objects.visible_to(actor)
        .waiting()
        .aggregate(
            due=Count("id", filter=due),
            later=Count("id", filter=is_open & Q(due_at__gt=now)),
            claimed=Count("id", filter=Q(state=CallTaskState.CLAIMED)),
            deadline_today=Count("id", filter=due & Q(deadline=today)),
            deadline_tomorrow=Count("id", filter=due & Q(deadline=tomorrow)),
            overdue=Count("id", filter=due & Q(deadline__lt=today)),
            agreed=Count("id", filter=is_open & Q(agreed_time=True, due_at__lt=at_hour(tomorrow, 0))),
        )
    )
    return QueueCounts(**row)


def progress_today(actor: Actor, now: datetime) -> Progress:
    """What has been called since midnight; undone answers do not count."""
    midnight = at_hour(now.astimezone(COPENHAGEN).date(), 0)
    mine = Q(by_user_id=actor.user_id)
    row = ContactAttempt.objects.filter(
        municipality_id__in=actor.municipality_codes, kind=ContactKind.CALL, at__gte=midnight, undone_at=None
    ).aggregate(
        mine=Count("id", filter=mine),
        reached=Count("id", filter=mine & ~Q(spoke_with=SpokeWith.NOBODY)),
        everybody=Count("id"),
    )
    return Progress(**row)


def deadlines(actor: Actor, now: datetime) -> Deadlines:
    """Where the duty stands: breaches of mandatory and voluntary groups apart, and what falls due (K3)."""
    today = now.astimezone(COPENHAGEN).date()
    over = (
        breaches(actor, now)
        .order_by()
        .aggregate(
            breaches_mandatory=Count("id", filter=Q(mandatory=True)),
            breaches_voluntary=Count("id", filter=Q(mandatory=False)),
        )
    )
    open_ones = FollowUp.objects.filter(municipality_id__in=actor.municipality_codes, status="open")
    ahead = with_deadline(open_ones).aggregate(
        due_today=Count("id", filter=Q(deadline=today)),
        due_tomorrow=Count("id", filter=Q(deadline=today + timedelta(days=1))),
    )
    return Deadlines(**over, **ahead)
