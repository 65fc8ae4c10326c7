"""The call queue as a team lead sees it: filtered and in working order, and in groups that lead to their rows (K4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, When

from outreach.access.actor import Actor
from outreach.access.models import User
from outreach.access.permissions import Permission
from outreach.access.selectors import users_who_may
from registry.models import FollowUp

from ..models import CallTask, CallTaskState
from ..sending_window import at_hour


@dataclass(frozen=True)
class QueueFilter:
    """What to show; empty means all. `caller`: a user's key, 0 = nobody."""

    deadline: str = ""
    language: str = ""
    caller: int | None = None
    state: str = ""
    priority: str = ""


@dataclass(frozen=True)
class GroupCount:
    """So many waiting calls with this value of a filter; `value` is what the filter is set to."""

    value: str
    count: int


@dataclass(frozen=True)
class QueueGroups:
    """The waiting calls by each filter."""

    priority: list[GroupCount]
    deadline: list[GroupCount]
    language: list[GroupCount]
    caller: list[GroupCount]


def filtered_queue(actor: Actor, chosen: QueueFilter, *, today: date, now: datetime) -> QuerySet[CallTask]:
    """Waiting tasks in the order in which they are given out, those not yet due last.

    Citizen, callers and open follow-ups are loaded.
    """
    tasks = CallTask.objects.visible_to(actor).waiting()
    for name, value in (("deadline", chosen.deadline), ("state", chosen.state), ("priority", chosen.priority)):
        if value:
            tasks = tasks.filter(_meaning(name, today, now)[value])
    if chosen.language:
        tasks = tasks.filter(language=chosen.language)
    if chosen.caller == 0:
        tasks = tasks.filter(assigned_to=None, claimed_by=None)
    elif chosen.caller is not None:
        tasks = tasks.filter(Q(assigned_to=chosen.caller) | Q(claimed_by=chosen.caller))
    open_follow_ups = FollowUp.objects.open().select_related("programme")
    return (
        tasks.select_related("citizen", "claimed_by", "assigned_to")
        .prefetch_related(Prefetch("citizen__follow_ups", queryset=open_follow_ups))
        .annotate(
            later=_rank(Q(due_at__gt=now)),
            unpressing=_rank(~Q(deadline__lte=today) | Q(deadline=None)),
            retried=_rank(Q(tried_part__gt=0)),
        )
        .order_by("later", "priority", "unpressing", "retried", "deadline", "due_at", "id")
    )


def queue_groups(actor: Actor, *, today: date, now: datetime) -> QueueGroups:
    """How many calls wait, by each filter. Three queries, however many calls."""
    tasks = CallTask.objects.visible_to(actor).waiting()
    columns = {
        f"{name}_{value}": Count("id", filter=condition)
        for name in ("priority", "deadline")
        for value, condition in _meaning(name, today, now).items()
    }
    row = tasks.aggregate(nobody=Count("id", filter=Q(assigned_to=None, claimed_by=None)), **columns)
    languages = tasks.order_by().values("language").annotate(count=Count("id")).order_by("-count", "language")
    held = tasks.exclude(assigned_to=None, claimed_by=None).order_by()
    by_caller = held.values("assigned_to", "claimed_by").annotate(count=Count("id"))
    callers: dict[int, int] = {}
    for each in by_caller:
        for user in {each["assigned_to"], each["claimed_by"]} - {None}:
            callers[user] = callers.get(user, 0) + each["count"]
    return QueueGroups(
        priority=[GroupCount(value, row[f"priority_{value}"]) for value in _meaning("priority", today, now)],
        deadline=[GroupCount(value, row[f"deadline_{value}"]) for value in _meaning("deadline", today, now)],
        language=[GroupCount(each["language"], each["count"]) for each in languages],
        caller=[
            GroupCount("0", row["nobody"]),
            *(GroupCount(str(user), number) for user, number in sorted(callers.items(), key=lambda item: -item[1])),
        ],
    )


def callers_of_municipality(actor: Actor) -> list[User]:
    """Colleagues who may be given a call, by name."""
    return list(users_who_may(Permission.WORK_CALLS, actor.municipality_codes))


def _meaning(name: str, today: date, now: datetime) -> dict[str, Q]:
    """What the values of a filter stand for."""
    tomorrow = today + timedelta(days=1)
    return {
        "deadline": {
            "overdue": Q(deadline__lt=today),
            "today": Q(deadline=today),
            "tomorrow": Q(deadline=tomorrow),
            "later": Q(deadline__gt=tomorrow),
            "none": Q(deadline=None),
        },
        "state": {
            "due": Q(due_at__lte=now),
            "later": Q(due_at__gt=now),
            "claimed": Q(state=CallTaskState.CLAIMED),
            "agreed": Q(agreed_time=True, due_at__lt=at_hour(tomorrow, 0)),
            "untried": Q(tried_part=0),
            "retry": Q(tried_part__gt=0),
        },
        "priority": {
            "agreed": Q(agreed_time=True),
            "mandatory": Q(agreed_time=False, priority__lte=1),
            "voluntary": Q(agreed_time=False, priority=2),
        },
    }[name]


def _rank(last: Q) -> Case:
    """Rows of the condition stand behind the others."""
    return Case(When(last, then=1), default=0, output_field=IntegerField())
