"""The sample as pages show it: what waits, what was said, and the figures of each caller (K13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from outreach.access.actor import Actor
from outreach.access.models import User
from outreach.access.permissions import Permission
from outreach.access.selectors import users_who_may

from ..models import ContactAnswer, QualityCheck, QualityVerdict

# The figures of callers are those of the last four weeks.
FIGURES_DAYS = 28


@dataclass(frozen=True)
class CallerQuality:
    """One caller's sample of the last four weeks; `waiting` are not judged yet."""

    caller_id: int
    name: str
    sampled: int
    waiting: int
    fine: int
    to_correct: int
    follow_up: int


def waiting_checks(actor: Actor) -> QuerySet[QualityCheck]:
    """Outcomes to be looked at, the oldest first; never the actor's own. Attempt, citizen and answers are loaded."""
    return _loaded(QualityCheck.objects.visible_to(actor).waiting()).order_by("picked_at", "id")


def to_follow_up(actor: Actor) -> QuerySet[QualityCheck]:
    """Calls somebody is to see to, the first due first."""
    return _loaded(QualityCheck.objects.visible_to(actor).to_follow_up()).order_by("follow_up_due", "checked_at", "id")


def given_to(actor: Actor) -> QuerySet[QualityCheck]:
    """Calls that the actor is to follow up, the first due first."""
    return _loaded(QualityCheck.objects.given_to(actor)).order_by("follow_up_due", "checked_at", "id")


def callers(actor: Actor) -> list[User]:
    """Colleagues who can be asked to follow a call up, by name."""
    return list(users_who_may(Permission.WORK_CALLS, actor.municipality_codes))


def judged(actor: Actor) -> QuerySet[QualityCheck]:
    """What has been looked at, the newest first."""
    return _loaded(QualityCheck.objects.visible_to(actor).exclude(verdict="")).order_by("-checked_at", "-id")


def feedback_for(actor: Actor) -> QuerySet[QualityCheck]:
    """What was said about the actor's own calls, but those that are their task: unread first, then the newest."""
    return _loaded(_told(actor)).order_by("seen_at", "-checked_at", "-id")


def unread_feedback(actor: Actor) -> int:
    """How much of it the actor has not read: only what says more than "in order"."""
    return _told(actor).filter(seen_at=None).exclude(verdict=QualityVerdict.FINE).count()


def tasks_given(actor: Actor) -> int:
    """How many calls the actor is to follow up."""
    return QualityCheck.objects.given_to(actor).count()


def caller_figures(actor: Actor, now: datetime) -> list[CallerQuality]:
    """Each colleague's sample of the last four weeks, by name. One query."""
    checks = QualityCheck.objects.visible_to(actor).filter(
        picked_at__gte=now - timedelta(days=FIGURES_DAYS), attempt__undone_at=None
    )
    counted = checks.values("caller_id", "caller_name").annotate(
        sampled=Count("id"),
        waiting=Count("id", filter=Q(verdict="")),
        fine=Count("id", filter=Q(verdict=QualityVerdict.FINE)),
        to_correct=Count("id", filter=Q(verdict=QualityVerdict.TO_CORRECT)),
        follow_up=Count("id", filter=Q(verdict=QualityVerdict.FOLLOW_UP)),
    )
    return [
        CallerQuality(
            row["caller_id"], row["caller_name"], row["sampled"], row["waiting"], row["fine"], row["to_correct"],
            row["follow_up"],
        )
        for row in counted.order_by("caller_name", "caller_id")
    ]  # fmt: skip


def _told(actor: Actor) -> QuerySet[QualityCheck]:
    return QualityCheck.objects.about(actor).exclude(pk__in=QualityCheck.objects.given_to(actor).values("pk"))


def _loaded(checks: QuerySet[QualityCheck]) -> QuerySet[QualityCheck]:
    answers = ContactAnswer.objects.select_related("follow_up__programme").order_by("id")
    return checks.select_related("attempt__citizen").prefetch_related(Prefetch("attempt__answers", queryset=answers))
