"""Close and reopen follow-ups of single citizens, and all of those whose CPR status ends the work (C3, K1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils.timezone import localdate

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record

from ..models import CitizenStatus, ClosedReason, FollowUp, FollowUpChange, FollowUpStatus, NextStepKind
from ..selectors.reference import deadlines_from
from ..sql import statement
from .commit_lock import work_beside_commits
from .scope import require_municipality

# Statuses that end all work and all messages at once (C3).
ENDING_STATUSES = (
    CitizenStatus.DECEASED,
    CitizenStatus.EMIGRATED,
    CitizenStatus.DISAPPEARED,
    CitizenStatus.CANCELLED,
    CitizenStatus.OUTSIDE,
    # The left number of a person who has another record: the work goes on under the valid one.
    CitizenStatus.REPLACED,
)
TO_BE_PLANNED = "to_be_planned"


@transaction.atomic
def close_follow_up(*, by: Actor, follow_up: FollowUp, reason: ClosedReason, now: datetime) -> FollowUp:
    """Close an open follow-up with its reason; a closed one is left as it is."""
    require_municipality(by, follow_up.municipality_id)
    work_beside_commits(follow_up.municipality_id)
    current = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if current.status == FollowUpStatus.CLOSED:
        return current
    _write_change(current, FollowUpChange.Kind.CLOSED, by, now, reason)
    current.status, current.closed_reason, current.closed_at = FollowUpStatus.CLOSED, reason, now
    current.next_step_kind, current.next_step_at = "", None
    current.next_step_reason, current.next_step_detail = "", {}
    return _save(current, by, now)


@transaction.atomic
def reopen_follow_up(*, by: Actor, follow_up: FollowUp, now: datetime) -> FollowUp:
    """Open a closed follow-up again; the planner says what comes first. An open one is left as it is."""
    require_municipality(by, follow_up.municipality_id)
    work_beside_commits(follow_up.municipality_id)
    current = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if current.status == FollowUpStatus.OPEN:
        return current
    _write_change(current, FollowUpChange.Kind.REOPENED, by, now, "")
    current.status, current.closed_reason, current.closed_at = FollowUpStatus.OPEN, "", None
    current.reopen_on, current.opened_at = None, now
    # K3: the clocks run anew from today, and no earlier contact has kept them.
    due = deadlines_from(current.programme, current.municipality, localdate(now))
    current.first_contact_due, current.answer_due = due["first_contact_due"], due["answer_due"]
    current.first_contact_at = None
    # The policy begins anew; what was done before stays on the timeline, and the distance to the last contact holds.
    current.call_attempts = current.sms_sent = current.letters_sent = 0
    current.next_step_kind, current.next_step_at = NextStepKind.WAIT, now
    current.next_step_reason, current.next_step_detail = TO_BE_PLANNED, {}
    return _save(current, by, now)


@transaction.atomic
def close_for_status(
    *, by: Actor, municipality_id: int, now: datetime, citizen_ids: Iterable[int] | None = None
) -> int:
    """Close every open follow-up of citizens whose status ends the work (C3); how many. Set-based.

    `citizen_ids` narrows it to those; None looks at the whole municipality. Those outside the municipality are
    closed as moved, the others by status.
    """
    require_municipality(by, municipality_id)
    with connection.cursor() as cursor:
        cursor.execute(
            statement("close_for_status"),
            {
                "municipality": municipality_id,
                "statuses": [str(status) for status in ENDING_STATUSES],
                "citizens": None if citizen_ids is None else list(citizen_ids),
                "now": now,
                "by": by.name,
            },
        )
        return int(cursor.rowcount)


def _write_change(follow_up: FollowUp, kind: FollowUpChange.Kind, by: Actor, now: datetime, reason: str) -> None:
    FollowUpChange.objects.create(
        municipality_id=follow_up.municipality_id,
        follow_up=follow_up,
        kind=kind,
        at=now,
        by_name=by.name,
        week=follow_up.weeks_on_list or None,
        reason=reason,
    )


def _save(follow_up: FollowUp, by: Actor, now: datetime) -> FollowUp:
    follow_up.updated_at = now
    follow_up.save()
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizen",
        subject_id=follow_up.citizen_id,
        municipality_id=follow_up.municipality_id,
        purpose="Opfølgning",
        detail={"fields": ["follow_up.status"]},
        at=now,
    )
    return follow_up
