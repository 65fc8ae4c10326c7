"""Whom a health adviser still sees for a while after their own talk (A1)."""

from __future__ import annotations

from datetime import datetime

from outreach.access.actor import Actor

from ..models import Citizen, ReferredAccess


def keep_access(*, by: Actor, citizen: Citizen, until: datetime) -> None:
    """Let the person see this citizen until then; accesses of theirs that have run out before are removed."""
    if by.user_id is None:
        return
    ReferredAccess.objects.filter(citizen=citizen, user=by.user_id).delete()
    ReferredAccess.objects.create(
        municipality_id=citizen.municipality_id, citizen=citizen, user_id=by.user_id, until=until
    )


def withdraw_access(*, by: Actor, citizen: Citizen) -> None:
    """The talk was undone: what is seen follows from the waiting referral again."""
    if by.user_id is not None:
        ReferredAccess.objects.filter(citizen=citizen, user=by.user_id).delete()
