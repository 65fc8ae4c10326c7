"""What campaigns writes on a follow-up: the next step, and a summary of contacts and answers (architecture §3).

Every function writes the row it is given; the caller has locked it and writes the access log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.dateparse import parse_date, parse_datetime

from ..models import ClosedReason, FollowUp, FollowUpChange, FollowUpStatus, NextStepKind

MOMENTS = ("closed_at", "outcome_at", "first_contact_at", "last_contact_at", "next_step_at")
DAYS = ("reopen_on",)
SUMMARY = (
    "status",
    "closed_reason",
    "outcome",
    "barrier",
    "call_attempts",
    "sms_sent",
    "letters_sent",
    "next_step_kind",
    "next_step_reason",
    "next_step_detail",
    *MOMENTS,
    *DAYS,
)


def set_next_step(
    follow_up: FollowUp, kind: str, at: datetime, reason: str, detail: Mapping[str, Any], now: datetime
) -> None:
    """Give an open follow-up its one next step (K1)."""
    follow_up.next_step_kind, follow_up.next_step_at = kind, at
    follow_up.next_step_reason, follow_up.next_step_detail = reason, dict(detail)
    follow_up.updated_at = now
    follow_up.save(
        update_fields=["next_step_kind", "next_step_at", "next_step_reason", "next_step_detail", "updated_at"]
    )


def end_follow_up(
    follow_up: FollowUp, reason: ClosedReason, *, by_name: str, now: datetime, reopen_on: date | None = None
) -> None:
    """Close after an answer, with a line in the history; a closed follow-up stays as it is."""
    if follow_up.status == FollowUpStatus.CLOSED:
        return
    follow_up.status, follow_up.closed_reason, follow_up.closed_at = FollowUpStatus.CLOSED, reason, now
    follow_up.reopen_on = reopen_on
    follow_up.next_step_kind, follow_up.next_step_at = "", None
    follow_up.next_step_reason, follow_up.next_step_detail = "", {}
    follow_up.updated_at = now
    follow_up.save()
    _history(follow_up, FollowUpChange.Kind.CLOSED, by_name, now, reason)


def record_contact_summary(
    follow_up: FollowUp,
    *,
    now: datetime,
    calls: int = 0,
    messages: int = 0,
    letters: int = 0,
    outcome: str = "",
    barrier: str = "",
) -> None:
    """Add a contact to the summary. An empty outcome keeps the last answer."""
    follow_up.first_contact_at = follow_up.first_contact_at or now
    follow_up.last_contact_at = now
    follow_up.call_attempts += calls
    follow_up.sms_sent += messages
    follow_up.letters_sent += letters
    if outcome:
        follow_up.outcome, follow_up.outcome_at, follow_up.barrier = outcome, now, barrier
    follow_up.updated_at = now
    follow_up.save()


def record_messages_sent(citizen_ids: Sequence[int], now: datetime) -> None:
    """An SMS went to each of these citizens: it counts in every programme that had an SMS due, and the distance to
    the next message is kept in all of them (K9). Set-based: a batch is 200 citizens.
    """
    _due_messages(citizen_ids, now).update(sms_sent=F("sms_sent") + 1, updated_at=now)
    record_message_contact(citizen_ids, at=now, now=now)


def record_message_contact(citizen_ids: Sequence[int], *, at: datetime, now: datetime) -> None:
    """An SMS reached these citizens at a moment: the first contact of each follow-up that has used an SMS step (K3).

    By itself for a message that was in doubt: its step is used up already, and only now it is known to have gone.
    """
    first = Case(When(sms_sent__gt=0, then=Coalesce("first_contact_at", Value(at))), default=F("first_contact_at"))
    FollowUp.objects.open().filter(citizen__in=citizen_ids).update(
        first_contact_at=first, last_contact_at=Greatest("last_contact_at", Value(at)), updated_at=now
    )


def spend_message_steps(citizen_ids: Sequence[int], now: datetime) -> None:
    """An SMS step that failed or stays in doubt is used up without having been a contact, so that the plan goes on."""
    _due_messages(citizen_ids, now).update(sms_sent=F("sms_sent") + 1, updated_at=now)


def _due_messages(citizen_ids: Sequence[int], now: datetime) -> QuerySet[FollowUp]:
    due = FollowUp.objects.open().filter(next_step_kind=NextStepKind.SMS, next_step_at__lte=now)
    return due.filter(citizen__in=citizen_ids)


def summary_of(follow_up: FollowUp) -> dict[str, Any]:
    """The fields an answer changes, JSON-ready, so that it can be undone."""
    return {
        name: value.isoformat() if name in MOMENTS + DAYS and value is not None else value
        for name, value in ((name, getattr(follow_up, name)) for name in SUMMARY)
    }


def restore_summary(follow_up: FollowUp, before: Mapping[str, Any], *, by_name: str, now: datetime) -> None:
    """Put back what `summary_of` kept; a follow-up the answer had closed is open again."""
    was_closed = follow_up.status == FollowUpStatus.CLOSED
    for name, value in before.items():
        if value is not None and name in MOMENTS:
            value = parse_datetime(value)
        elif value is not None and name in DAYS:
            value = parse_date(value)
        setattr(follow_up, name, value)
    follow_up.updated_at = now
    follow_up.save()
    if was_closed and follow_up.status == FollowUpStatus.OPEN:
        _history(follow_up, FollowUpChange.Kind.REOPENED, by_name, now, "answer_undone")


def _history(follow_up: FollowUp, kind: FollowUpChange.Kind, by_name: str, now: datetime, reason: str) -> None:
    FollowUpChange.objects.create(
        municipality_id=follow_up.municipality_id,
        follow_up=follow_up,
        kind=kind,
        at=now,
        by_name=by_name,
        nonresponder_list_id=follow_up.last_list_id,
        week=follow_up.weeks_on_list,
        reason=reason,
    )
