"""The workload as it was last counted: by week, list or target group, against the grant (K12). Sums, no citizens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek

from outreach.access.actor import Actor
from registry.models import NextStepKind

from ..models import ContactPolicyStep, WorkBudget, WorkloadCount, WorkloadDay, WorkloadWaiting

FIGURES = (
    "calls", "calls_in", "reached", "seconds", "untimed", "talks", "talk_seconds", "talks_untimed", "lookups",
    "messages", "segments", "letters", "rides",
)  # fmt: skip
# What a sum is broken down by, and in which order its rows stand.
BREAKDOWNS: dict[str, tuple[str, ...]] = {
    "week": ("-week",),
    "list": ("-nonresponder_list__as_of", "-nonresponder_list"),
    "group": ("programme__name", "target_group"),
}
MOST_CALLS = 3


@dataclass(frozen=True)
class Figures:
    """Sums of some days; `seconds` of calls whose time is known, `untimed` calls of unknown time; the health adviser's
    talks apart."""

    calls: int = 0
    calls_in: int = 0
    reached: int = 0
    seconds: int = 0
    untimed: int = 0
    talks: int = 0
    talk_seconds: int = 0
    talks_untimed: int = 0
    lookups: int = 0
    messages: int = 0
    segments: int = 0
    letters: int = 0
    rides: int = 0

    @property
    def spoken(self) -> int:
        """Calls in both directions."""
        return self.calls + self.calls_in

    @property
    def reached_share(self) -> float | None:
        return self.reached / self.spoken if self.spoken else None


@dataclass(frozen=True)
class WorkloadRow:
    """One week, list or group; unknown keys are None or empty."""

    week: date | None
    list_id: int | None
    list_as_of: date | None
    programme: str
    target_group: str
    figures: Figures


def totals(actor: Actor, first: date, last: date) -> Figures:
    """Everything from `first` to `last`, both included. One query."""
    row = _days(actor, first, last).aggregate(**{name: Sum(name, default=0) for name in FIGURES})
    return Figures(**row)


def breakdown(actor: Actor, first: date, last: date, by: str) -> list[WorkloadRow]:
    """The same by `week`, `list` or `group`. One query."""
    return _rows(_days(actor, first, last), [by], BREAKDOWNS[by])


def everything(actor: Actor, first: date, last: date) -> list[WorkloadRow]:
    """The same by week, list and group together: what the export holds. One query."""
    order = ("-week", "-nonresponder_list__as_of", "-nonresponder_list", "programme__name", "target_group")
    return _rows(_days(actor, first, last), ["week", "list", "group"], order)


def counted_at(actor: Actor) -> datetime | None:
    """When the sums were counted, or None before the first count."""
    at: datetime | None = WorkloadCount.objects.visible_to(actor).aggregate(at=Max("counted_at"))["at"]
    return at


def waiting_calls(actor: Actor) -> dict[date | None, int]:
    """Calls that waited at the last count, by deadline."""
    rows = WorkloadWaiting.objects.visible_to(actor).values("deadline").annotate(waiting=Sum("calls"))
    return {row["deadline"]: row["waiting"] for row in rows}


def budgets(actor: Actor) -> list[WorkBudget]:
    """The municipality's grants, the newest first."""
    return list(WorkBudget.objects.visible_to(actor))


def current_budget(actor: Actor, today: date) -> WorkBudget | None:
    """The grant whose period holds today, else the newest one."""
    grants = budgets(actor)
    running = (grant for grant in grants if grant.starts_on <= today <= grant.ends_on)
    return next(running, grants[0] if grants else None)


def most_calls(actor: Actor) -> int:
    """How often the contact policy has a citizen called at most; three without a policy."""
    steps = ContactPolicyStep.objects.filter(
        Q(policy__municipality__in=actor.municipality_codes) | Q(policy__municipality=None), kind=NextStepKind.CALL
    )
    sums = steps.order_by().values_list("policy__municipality", "policy").annotate(calls=Sum("attempts"))
    calls: list[tuple[int | None, int]] = [(municipality, most) for municipality, _policy, most in sums]
    own = [most for municipality, most in calls if municipality is not None]
    return max(own or [most for _municipality, most in calls] or [MOST_CALLS])


def _days(actor: Actor, first: date, last: date) -> QuerySet[WorkloadDay]:
    return WorkloadDay.objects.visible_to(actor).filter(day__range=(first, last))


def _rows(days: QuerySet[WorkloadDay], parts: list[str], order: tuple[str, ...]) -> list[WorkloadRow]:
    keys = {
        "week": ["week"],
        "list": ["nonresponder_list", "nonresponder_list__as_of", "nonresponder_list__programme__name"],
        "group": ["programme__name", "target_group"],
    }
    names = [name for part in parts for name in keys[part]]
    grouped = days.annotate(week=TruncWeek("day")).values(*names)
    return [
        WorkloadRow(
            week=row.get("week"),
            list_id=row.get("nonresponder_list"),
            list_as_of=row.get("nonresponder_list__as_of"),
            programme=row.get("programme__name") or row.get("nonresponder_list__programme__name") or "",
            target_group=row.get("target_group", ""),
            figures=Figures(**{name: row[f"sum_{name}"] for name in FIGURES}),
        )
        for row in grouped.annotate(**{f"sum_{name}": Sum(name) for name in FIGURES}).order_by(*order)
    ]
