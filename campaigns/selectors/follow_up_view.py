"""One follow-up as the contract's `follow_up` answers it: what is known and why, when next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from registry.models import Citizen, FollowUp, FollowUpStatus

from ..not_contacted import not_contacted_because
from ..reasons import NOT_ON_A_LIST, sentence
from .contact_signs import contact_signs
from .deadlines import with_deadline


def follow_up_view(citizen: Citizen, now: datetime, programme_id: int | None = None) -> dict[str, Any]:
    """The citizen's follow-up in a programme; without one the open follow-up whose step comes first.

    A citizen on no list has status None and the sentence that says so. Times are in Copenhagen, as ISO 8601.
    """
    rows = with_deadline(FollowUp.objects.filter(citizen=citizen)).select_related("programme")
    if programme_id is not None:
        rows = rows.filter(programme=programme_id)
    # "open" sorts behind "closed"; among the open ones the nearest step, among the others the newest.
    found = rows.order_by("-status", "next_step_at", "-updated_at", "id").first()
    if found is None:
        return _nothing()
    is_open = found.status == FollowUpStatus.OPEN
    return {
        "programme": found.programme.code,
        "status": found.status,
        "outcome": found.outcome or None,
        "weeks_on_list": found.weeks_on_list,
        "deadline": found.deadline.isoformat() if is_open and found.deadline else None,
        "next_step": _next_step(found) if is_open else None,
        "not_contacted_because": not_contacted_because(found, citizen, now, contact_signs(citizen, now)),
        "closed_reason": found.closed_reason or None,
        "reopen_on": found.reopen_on.isoformat() if found.reopen_on else None,
    }


def _next_step(follow_up: FollowUp) -> dict[str, Any]:
    at = follow_up.next_step_at
    return {
        "kind": follow_up.next_step_kind,
        "at": timezone.localtime(at).isoformat() if at else None,
        "reason": sentence(follow_up.next_step_reason, follow_up.next_step_detail, at),
        "reason_code": follow_up.next_step_reason,
    }


def _nothing() -> dict[str, Any]:
    return {
        "programme": None,
        "status": None,
        "outcome": None,
        "weeks_on_list": 0,
        "deadline": None,
        "next_step": None,
        "not_contacted_because": str(NOT_ON_A_LIST),
        "closed_reason": None,
        "reopen_on": None,
    }
