"""News from the registry: a committed list gets its next steps in the same transaction (K1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from outreach.access.actor import Actor
from registry.signals import list_committed

from .services.planning import plan


@receiver(list_committed, dispatch_uid="campaigns.plan_list")
def plan_committed_list(*, nonresponder_list_id: int, now: datetime, by: Actor, **_others: Any) -> None:
    """A list is committed with its steps, or not at all."""
    plan(by=by, now=now, nonresponder_list_id=nonresponder_list_id)
