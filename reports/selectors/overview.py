"""What needs somebody now: calls, deadlines, things waiting, this week's list. Counts only, no citizen by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from campaigns.models import CallTask, MessageStatus, SmsMessage
from campaigns.selectors.deadlines import breaches, with_deadline
from campaigns.selectors.queue import counts
from outreach.access.actor import Actor
from registry.models import (
    CitizenImport,
    CitizenImportState,
    FollowUp,
    ListKind,
    ListState,
    NextStepKind,
    NonresponderList,
    RowClass,
)
from registry.working_days import add_working_days
from reports.models import ListGroupSummary

from .list_counts import GroupCount, count_lists, stored_counts

DAYS_AHEAD = 10
AGREED_SHOWN = 3


@dataclass(frozen=True, slots=True)
class CallsReady:
    """The call queue as somebody about to call sees it."""

    ready: int
    due_today: int
    due_tomorrow: int
    agreed: list[datetime]


@dataclass(frozen=True, slots=True)
class OverDeadline:
    """Open follow-ups over their deadline; mandatory groups apart from voluntary ones (K3)."""

    mandatory: int
    voluntary: int
    groups: list[str]
    without_number: int


@dataclass(frozen=True, slots=True)
class DayDeadlines:
    """One working day ahead: first contacts and answers that fall due."""

    day: date
    first_contact: int
    answer: int


@dataclass(frozen=True, slots=True)
class WeekList:
    """The newest committed list and what its people answered."""

    nonresponder_list: NonresponderList
    new: int
    waiting: int
    gone: int
    on_list: int | None
    declined: int | None
    undecided: int | None


def calls_ready(actor: Actor, now: datetime) -> CallsReady:
    """Calls that may be made now, and the times promised for the rest of the day."""
    queue = counts(actor, now)
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, datetime.min.time()))
    agreed = CallTask.objects.visible_to(actor).waiting().filter(agreed_time=True, due_at__gt=now, due_at__lt=midnight)
    return CallsReady(
        ready=queue.due,
        due_today=queue.deadline_today,
        due_tomorrow=queue.deadline_tomorrow,
        agreed=list(agreed.order_by("due_at").values_list("due_at", flat=True)[:AGREED_SHOWN]),
    )


def over_deadline(actor: Actor, now: datetime) -> OverDeadline:
    """Who is over the deadline, in which groups, and how many of the mandatory have no number to ring."""
    rows = list(
        breaches(actor, now)
        .order_by()
        .values("mandatory", "target_group")
        .annotate(number=Count("pk"), lookups=Count("pk", filter=Q(next_step_kind=NextStepKind.LOOKUP)))
    )
    mandatory = [row for row in rows if row["mandatory"]]
    return OverDeadline(
        mandatory=sum(row["number"] for row in mandatory),
        voluntary=sum(row["number"] for row in rows if not row["mandatory"]),
        groups=sorted({row["target_group"] for row in mandatory if row["target_group"]}),
        without_number=sum(row["lookups"] for row in mandatory),
    )


def deadlines_ahead(actor: Actor, now: datetime) -> list[DayDeadlines]:
    """The next ten working days, today included, with what falls due on each; mandatory and voluntary together."""
    day = add_working_days(timezone.localtime(now).date(), 0)
    days = [day]
    while len(days) < DAYS_AHEAD:
        days.append(add_working_days(days[-1], 1))
    open_ones = FollowUp.objects.filter(municipality_id__in=actor.municipality_codes).open()
    due = {
        row["deadline"]: row
        for row in with_deadline(open_ones)
        .filter(deadline__range=(days[0], days[-1]))  # annotated by with_deadline
        .values("deadline")
        .annotate(
            first_contact=Count("pk", filter=Q(first_contact_at=None)),
            answer=Count("pk", filter=Q(first_contact_at__isnull=False)),
        )
    }
    nothing = {"first_contact": 0, "answer": 0}
    return [DayDeadlines(day, due.get(day, nothing)["first_contact"], due.get(day, nothing)["answer"]) for day in days]


def week_list(actor: Actor, now: datetime) -> WeekList | None:
    """The newest committed standing list of the person's municipality; exact counts where their context opens it."""
    newest = (
        NonresponderList.objects.filter(
            municipality_id__in=actor.municipality_codes,
            kind=ListKind.STANDING,
            state=ListState.COMMITTED,
            as_of__lte=timezone.localtime(now).date(),
        )
        .select_related("programme")
        .order_by("-as_of", "-committed_at", "-id")
        .first()
    )
    if newest is None:
        return None
    groups = _groups(actor, newest)
    return WeekList(
        nonresponder_list=newest,
        new=newest.counts.get(RowClass.NEW, 0),
        waiting=newest.counts.get(RowClass.WAITING, 0) + newest.counts.get(RowClass.OTHER_NUMBER, 0),
        gone=newest.counts.get(RowClass.GONE, 0),
        on_list=None if groups is None else sum(group.not_reacted for group in groups),
        declined=None if groups is None else sum(group.declined for group in groups),
        undecided=None if groups is None else sum(group.undecided for group in groups),
    )


def _groups(actor: Actor, newest: NonresponderList) -> list[GroupCount] | None:
    if newest.municipality_id in actor.personal_municipalities:
        return list(count_lists(newest.municipality_id, [newest.pk])[newest.pk].values())
    if ListGroupSummary.objects.filter(nonresponder_list=newest).exists():
        return list(stored_counts(newest.pk).values())
    return None


def lists_waiting(actor: Actor) -> list[NonresponderList]:
    """Lists that wait for a person: a review, or a mapping of columns; oldest first."""
    return list(
        NonresponderList.objects.visible_to(actor)
        .filter(Q(state=ListState.REVIEWED) | Q(state=ListState.UPLOADED, waits_for="mapping"))
        .order_by("uploaded_at")
    )


def citizen_files_held(actor: Actor) -> int:
    """Citizen files that change so many people that a second person must look first."""
    return CitizenImport.objects.filter(
        municipality_id__in=actor.municipality_codes, state=CitizenImportState.HELD
    ).count()


def lookups_waiting(actor: Actor) -> int:
    """Citizens nobody has a number for."""
    lookups = FollowUp.objects.visible_to(actor).open().filter(next_step_kind=NextStepKind.LOOKUP)
    return lookups.values("citizen").distinct().count()


def messages_in_doubt(actor: Actor) -> int:
    """Messages of which nobody knows whether they were handed over (S5)."""
    return SmsMessage.objects.visible_to(actor).filter(status=MessageStatus.IN_DOUBT).count()


def citizens_in_sight(actor: Actor) -> int:
    """Citizens referred to the person, or on their rides and visits."""
    return FollowUp.objects.visible_to(actor).open().values("citizen").distinct().count()
