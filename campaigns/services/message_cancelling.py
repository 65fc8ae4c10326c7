"""Cancel queued messages: a person has been spoken to, or wants none (K9, S7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ..models import MACHINE_PURPOSES, MessageStatus, SmsMessage, SmsStatusChange


def cancel_queued(*, citizen_ids: Sequence[int], reason: str, now: datetime) -> int:
    """Cancel what the machine still has in the queue for these citizens; return how many (K9).

    What is being handed over is not stopped. Receipts, reminders and answers go on: the citizen asked for them.
    """
    machines = SmsMessage.objects.filter(citizen__in=citizen_ids, purpose__in=MACHINE_PURPOSES)
    return cancel_messages(machines, reason=reason, now=now)


def cancel_messages(messages: QuerySet[SmsMessage], *, reason: str, now: datetime) -> int:
    """Cancel the queued ones among `messages`, and set their step keys free for a later plan."""
    queued = list(messages.filter(status=MessageStatus.QUEUED).select_for_update().order_by("id"))
    for message in queued:
        message.status, message.status_at, message.status_reason = MessageStatus.CANCELLED, now, reason
        message.step_key = f"{message.step_key}:{message.pk}"
    SmsMessage.objects.bulk_update(queued, ["status", "status_at", "status_reason", "step_key"])
    SmsStatusChange.objects.bulk_create(
        SmsStatusChange(
            municipality_id=each.municipality_id, message=each, status=MessageStatus.CANCELLED, at=now, note=reason
        )
        for each in queued
    )
    return len(queued)


def restore_cancelled(queued: Sequence[Mapping[str, Any]], *, now: datetime) -> int:
    """Queue messages again that an undone answer had cancelled, as they stood; return how many.

    Each row has `id`, `step_key`, `status_at` and `status_reason`. One whose step has got another message meanwhile
    stays cancelled: nobody is written to twice.
    """
    rows = {str(row["id"]): row for row in queued}
    cancelled = SmsMessage.objects.select_for_update().filter(pk__in=list(rows), status=MessageStatus.CANCELLED)
    restored = []
    for message in cancelled.order_by("id"):
        row = rows[str(message.pk)]
        same_step = SmsMessage.objects.filter(municipality=message.municipality_id, step_key=row["step_key"])
        if same_step.exists():
            continue
        message.status, message.status_at = MessageStatus.QUEUED, row["status_at"]
        message.status_reason, message.step_key = row["status_reason"], row["step_key"]
        message.save(update_fields=["status", "status_at", "status_reason", "step_key"])
        restored.append(message)
    SmsStatusChange.objects.bulk_create(
        SmsStatusChange(
            municipality_id=each.municipality_id, message=each, status=each.status, at=now, note="answer_undone"
        )
        for each in restored
    )
    return len(restored)
