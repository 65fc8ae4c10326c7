"""Why nobody is to talk to a citizen any more: their case ended while somebody had it on the screen (C3, L7)."""

from __future__ import annotations

from dataclasses import dataclass

from registry.models import Citizen, FollowUp, FollowUpStatus


@dataclass(frozen=True)
class EndedCase:
    """The citizen as they stand now, and the follow-up that was closed last."""

    citizen: Citizen
    follow_up: FollowUp


def ended_case(citizen_id: int) -> EndedCase | None:
    """None while any follow-up is open, or for somebody who never had one."""
    follow_ups = FollowUp.objects.filter(citizen=citizen_id)
    if follow_ups.filter(status=FollowUpStatus.OPEN).exists():
        return None
    newest = follow_ups.select_related("citizen").order_by("-closed_at", "-id").first()
    return EndedCase(newest.citizen, newest) if newest is not None else None
