"""Everything an answer touches beside the follow-ups it answers, remembered and put back (K5: undo)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime

from outreach.access.actor import Actor
from registry.models import FollowUp, Phone
from registry.services.follow_up_steps import restore_summary, summary_of

from ...models import CallTask, CallTaskState, MessageStatus, SmsMessage, SmsPurpose
from ..message_cancelling import cancel_messages, restore_cancelled

TASK_MOMENTS = ("due_at", "claimed_until", "closed_at")
TASK_FIELDS = ("state", "agreed_time", "priority", "language", "attempts", "claimed_by_id", "assigned_to_id")


def rows_before(citizen_ids: Sequence[int]) -> dict[str, Any]:
    """The waiting calls, queued messages and open follow-ups of these people, JSON-ready."""
    tasks = CallTask.objects.select_for_update().filter(citizen__in=citizen_ids).waiting().order_by("id")
    return {
        "tasks": [_task_row(each) for each in tasks],
        "messages": [_message_row(each) for each in _queued(citizen_ids)],
        "follow_ups": {
            str(each.pk): summary_of(each) for each in FollowUp.objects.open().filter(citizen__in=citizen_ids)
        },
    }


def put_back(
    before: Mapping[str, Any],
    *,
    by: Actor,
    citizen_ids: Sequence[int],
    answered: set[int],
    since: datetime,
    now: datetime,
) -> None:
    """Put rows back as `rows_before` found them; `answered` follow-ups have been restored from their answers."""
    for key, summary in before.get("follow_ups", {}).items():
        if int(key) not in answered:
            follow_up = FollowUp.objects.select_for_update().get(pk=int(key))
            restore_summary(follow_up, summary, by_name=by.name, now=now)
    rows = [{**row, "status_at": parse_datetime(row["status_at"])} for row in before.get("messages", [])]
    # What the plan after the answer queued gives way to what it had replaced.
    planned = _queued(citizen_ids).filter(purpose=SmsPurpose.FIRST_CONTACT, queued_at__gte=since)
    cancel_messages(planned.exclude(pk__in=[row["id"] for row in rows]), reason="answer_undone", now=now)
    restore_cancelled(rows, now=now)
    _tasks_back(before.get("tasks", []), by, citizen_ids, now)


def _queued(citizen_ids: Sequence[int]) -> Any:
    numbers = Phone.objects.filter(citizen__in=citizen_ids).values("number_index")
    owned = Q(citizen__in=citizen_ids) | Q(number_index__in=numbers)
    return SmsMessage.objects.filter(owned, status=MessageStatus.QUEUED)


def _message_row(message: SmsMessage) -> dict[str, Any]:
    return {
        "id": str(message.pk),
        "step_key": message.step_key,
        "status_at": message.status_at.isoformat(),
        "status_reason": message.status_reason,
    }


def _task_row(task: CallTask) -> dict[str, Any]:
    row: dict[str, Any] = {"id": task.pk, **{name: getattr(task, name) for name in TASK_FIELDS}}
    row["deadline"] = task.deadline.isoformat() if task.deadline else None
    for name in TASK_MOMENTS:
        moment = getattr(task, name)
        row[name] = moment.isoformat() if moment else None
    return row


def _tasks_back(rows: list[dict[str, Any]], by: Actor, citizen_ids: Sequence[int], now: datetime) -> None:
    """Calls the answer had led to fall away; a call that was there is there again, in the same hands.

    One that a colleague has taken meanwhile is left in peace; the caller who has gone on to another citizen gets
    this one back as waiting.
    """
    waiting = CallTask.objects.select_for_update().filter(citizen__in=citizen_ids).waiting()
    taken = {each.citizen_id for each in waiting.filter(state=CallTaskState.CLAIMED).exclude(claimed_by=by.user_id)}
    kept = [row["id"] for row in rows]
    waiting.exclude(citizen__in=taken).exclude(pk__in=kept).update(
        state=CallTaskState.CANCELLED, closed_at=now, claimed_until=None
    )
    for row in rows:
        task = CallTask.objects.select_for_update().get(pk=row["id"])
        if task.citizen_id in taken:
            continue
        for name in TASK_FIELDS:
            setattr(task, name, row[name])
        for name in TASK_MOMENTS:
            setattr(task, name, parse_datetime(row[name]) if row[name] else None)
        task.deadline = parse_date(row["deadline"]) if row["deadline"] else None
        if task.state == CallTaskState.CLAIMED and not _may_hold(task, now):
            task.state, task.claimed_by, task.claimed_until = CallTaskState.OPEN, None, None
        task.save()


def _may_hold(task: CallTask, now: datetime) -> bool:
    """The claim has not run out, and neither its caller nor its household has another call in hand."""
    others = CallTask.objects.filter(state=CallTaskState.CLAIMED).exclude(pk=task.pk)
    household = others.filter(municipality=task.municipality_id, household_key=task.household_key)
    mine = others.filter(claimed_by=task.claimed_by_id, claimed_until__gt=now)
    return bool(task.claimed_until and task.claimed_until > now) and not household.exists() and not mine.exists()
