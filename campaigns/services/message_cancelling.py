"""Cancel queued messages: a person has been spoken to, or wants none (K9, S7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

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
