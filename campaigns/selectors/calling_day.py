"""The day so far: who calls, whom they have on the line, what was reached, hour by hour (K4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour

from outreach.access.actor import Actor

from ..models import CallTask, CallTaskState, ContactAttempt, ContactKind, SpokeWith
from ..pace import PACE_WINDOW
from ..sending_window import COPENHAGEN, at_hour


@dataclass(frozen=True)
class CallerToday:
    """One caller's calls since midnight; `minutes` of those whose time was told. `on_line` is the call in hand."""

    user_id: int
    name: str
    calls: int
    reached: int
    minutes: int
    last_at: datetime | None
    on_line: CallTask | None


@dataclass(frozen=True)
class Day:
    """Calls by hour of the day in Copenhagen, when the first was made, and how many in the last hour."""

    callers: list[CallerToday]
    hours: dict[int, tuple[int, int]]
    first_at: datetime | None
    last_hour: int


def calling_day(actor: Actor, now: datetime) -> Day:
    """Calls since midnight in Copenhagen; undone ones do not count. Four queries, however many calls."""
    midnight = at_hour(now.astimezone(COPENHAGEN).date(), 0)
    made = ContactAttempt.objects.filter(
        municipality_id__in=actor.municipality_codes, kind=ContactKind.CALL, at__gte=midnight, at__lte=now,
        undone_at=None,
    ).order_by()  # fmt: skip
    reached = Count("id", filter=~Q(spoke_with=SpokeWith.NOBODY))
    by_hour = made.annotate(hour=ExtractHour("at", tzinfo=COPENHAGEN)).values("hour")
    hours = by_hour.annotate(calls=Count("id"), reached=reached)
    row = made.aggregate(first=Min("at"), last_hour=Count("id", filter=Q(at__gt=now - PACE_WINDOW)))
    return Day(
        callers=_callers(actor, made, reached, now),
        hours={each["hour"]: (each["calls"], each["reached"]) for each in hours},
        first_at=row["first"],
        last_hour=row["last_hour"],
    )


def _callers(actor: Actor, made: QuerySet[ContactAttempt], reached: Count, now: datetime) -> list[CallerToday]:
    on_line = {
        task.claimed_by_id: task
        for task in CallTask.objects.visible_to(actor)
        .filter(state=CallTaskState.CLAIMED, claimed_until__gt=now)
        .select_related("citizen", "claimed_by")
        .order_by("claimed_until")
    }
    found = [
        CallerToday(
            row["by_user_id"] or 0, row["by_name"], row["calls"], row["reached"], row["minutes"] or 0, row["last"],
            on_line.pop(row["by_user_id"], None),
        )
        for row in made.values("by_user_id", "by_name").annotate(
            calls=Count("id"), reached=reached, minutes=Sum("minutes"), last=Max("at")
        )
    ]  # fmt: skip
    started = [
        CallerToday(task.claimed_by_id or 0, task.claimed_by.display_name, 0, 0, 0, None, task)
        for task in on_line.values()
        if task.claimed_by is not None
    ]
    return sorted([*found, *started], key=lambda each: (-each.calls, each.name))
