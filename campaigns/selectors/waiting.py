"""What a caller sees between two calls: the call they hold, and when the next one falls due."""

from datetime import datetime

from outreach.access.actor import Actor

from ..models import CallTask, CallTaskState


def held_task(actor: Actor, now: datetime) -> CallTask | None:
    """The call the person has taken and not finished, while the claim lasts."""
    return (
        CallTask.objects.visible_to(actor)
        .filter(state=CallTaskState.CLAIMED, claimed_by_id=actor.user_id, claimed_until__gt=now)
        .select_related("citizen")
        .order_by("-claimed_until")
        .first()
    )


def next_due(actor: Actor, now: datetime) -> datetime | None:
    """When the next call not yet due becomes so, or None when nothing is planned."""
    later = CallTask.objects.visible_to(actor).filter(state=CallTaskState.OPEN, due_at__gt=now)
    return later.order_by("due_at").values_list("due_at", flat=True).first()
