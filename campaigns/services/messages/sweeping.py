"""Messages whose dispatcher died between claim and answer: in doubt, shown to a person, never sent again (F11).

And messages that were still waiting when their time was over (F16).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes
from registry.services.follow_up_steps import spend_message_steps

from ...models import MACHINE_PURPOSES, MessageStatus, SmsMessage, SmsStatusChange
from ..planning import plan
from .claiming import expire

PATIENCE = timedelta(minutes=15)


def sweep_in_doubt(*, now: datetime) -> int:
    """Put what has been `handing_over` for over 15 minutes in doubt, in every municipality; return how many.

    The gateway's callback or list may resolve them later; the plan goes on as if the message had been sent.
    """
    return sum(_sweep(code, now) for code in served_municipality_codes())


def sweep_expired(*, now: datetime) -> int:
    """End the queued messages whose time is over, also those held until later, in every municipality (F16)."""
    ended = 0
    for code in served_municipality_codes():
        with job_context("sms-sweeper", [code]):
            late = SmsMessage.objects.filter(
                municipality=code, status=MessageStatus.QUEUED, expires_at__isnull=False, expires_at__lte=now
            )
            messages = list(late.select_for_update(skip_locked=True).order_by("id"))
            expire(messages, now)
            ended += len(messages)
    return ended


def _sweep(code: int, now: datetime) -> int:
    with job_context("sms-sweeper", [code]) as by:
        lost = list(
            SmsMessage.objects.filter(
                municipality=code, status=MessageStatus.HANDING_OVER, handed_over_at__lte=now - PATIENCE
            ).select_for_update(skip_locked=True)
        )
        if not lost:
            return 0
        for message in lost:
            message.status, message.status_at, message.status_reason = MessageStatus.IN_DOUBT, now, "no_answer"
        SmsMessage.objects.bulk_update(lost, ["status", "status_at", "status_reason"])
        SmsStatusChange.objects.bulk_create(
            SmsStatusChange(municipality_id=code, message=each, status=MessageStatus.IN_DOUBT, at=now, note="no_answer")
            for each in lost
        )
        citizens = sorted({message.citizen_id for message in lost if message.purpose in MACHINE_PURPOSES})
        spend_message_steps(citizens, now)
        plan(by=by, now=now, citizen_ids=citizens)
        return len(lost)
