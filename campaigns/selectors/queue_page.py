"""The call queue as a team lead sees it: filtered, in working order, and what each caller has done today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, When
from django.utils import timezone

from outreach.access.actor import Actor
from outreach.access.models import OrganisationKind, User
from outreach.access.permissions import Permission
from outreach.access.roles import ROLE_PERMISSIONS
from registry.models import FollowUp

from ..models import CallTask, CallTaskState, ContactAttempt, ContactKind, SpokeWith


@dataclass(frozen=True)
class QueueFilter:
    """What to show; empty means all. `deadline`: overdue, today or none; `caller`: a user's key, 0 = nobody."""

    deadline: str = ""
    language: str = ""
    caller: int | None = None
    state: str = ""


@dataclass(frozen=True)
class CallerToday:
    """One caller's calls since midnight."""

    name: str
    calls: int
    reached: int


def filtered_queue(actor: Actor, chosen: QueueFilter, *, today: date, now: datetime) -> QuerySet[CallTask]:
    """Waiting tasks in the order in which they are given out, those not yet due last.

    Citizen, callers and open follow-ups are loaded.
    """
    tasks = CallTask.objects.visible_to(actor).waiting()
    if chosen.deadline == "overdue":
        tasks = tasks.filter(deadline__lt=today)
    elif chosen.deadline == "today":
        tasks = tasks.filter(deadline=today)
    if chosen.language:
        tasks = tasks.filter(language=chosen.language)
    if chosen.caller == 0:
        tasks = tasks.filter(assigned_to=None, claimed_by=None)
    elif chosen.caller is not None:
        tasks = tasks.filter(Q(assigned_to=chosen.caller) | Q(claimed_by=chosen.caller))
    if chosen.state == "due":
        tasks = tasks.filter(due_at__lte=now)
    elif chosen.state == "claimed":
        tasks = tasks.filter(state=CallTaskState.CLAIMED)
    open_follow_ups = FollowUp.objects.open().select_related("programme")
    return (
        tasks.select_related("citizen", "claimed_by", "assigned_to")
        .prefetch_related(Prefetch("citizen__follow_ups", queryset=open_follow_ups))
        .annotate(later=Case(When(due_at__gt=now, then=1), default=0, output_field=IntegerField()))
        .order_by("later", "priority", "deadline", "due_at", "id")
    )


def languages_in_queue(actor: Actor) -> list[str]:
    """The languages that somebody in the queue speaks."""
    tasks = CallTask.objects.visible_to(actor).waiting()
    return list(tasks.order_by("language").values_list("language", flat=True).distinct())


def callers_of_municipality(actor: Actor) -> list[User]:
    """Colleagues who may be given a call, by name."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.WORK_CALLS in permissions]
    return list(
        User.objects.filter(
            is_active=True,
            memberships__ended_at=None,
            memberships__role__in=roles,
            memberships__organisation__kind=OrganisationKind.MUNICIPALITY,
            memberships__organisation__code__in=actor.municipality_codes,
        )
        .distinct()
        .order_by("first_name", "last_name", "id")
    )


def calls_today(actor: Actor, now: datetime) -> list[CallerToday]:
    """Calls since midnight in Copenhagen by caller, most first; undone ones do not count."""
    midnight = timezone.make_aware(datetime.combine(timezone.localtime(now).date(), time.min))
    made = (
        ContactAttempt.objects.filter(
            municipality_id__in=actor.municipality_codes, kind=ContactKind.CALL, at__gte=midnight, undone_at=None
        )
        .values("by_name")
        .annotate(calls=Count("id"), reached=Count("id", filter=~Q(spoke_with=SpokeWith.NOBODY)))
        .order_by("-calls", "by_name")
    )
    return [CallerToday(row["by_name"], row["calls"], row["reached"]) for row in made]
