"""News from the registry: a committed list gets its next steps in the same transaction (K1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from registry.models import FollowUpChange, NonresponderList
from registry.signals import citizens_changed, list_committed, list_undone

from .models import SmsMessage
from .services.messages.claiming import ON_THEIR_WAY
from .services.planning import plan


@receiver(list_committed, dispatch_uid="campaigns.plan_list")
def plan_committed_list(*, nonresponder_list_id: int, now: datetime, by: Actor, **_others: Any) -> None:
    """A list is committed with its steps, or not at all."""
    plan(by=by, now=now, nonresponder_list_id=nonresponder_list_id)


@receiver(citizens_changed, dispatch_uid="campaigns.plan_changed_citizens")
def plan_changed_citizens(*, now: datetime, by: Actor, **_others: Any) -> None:
    """A number that came with a citizen file ends the look-up at once; a death ends everything (C3, C4)."""
    plan(by=by, now=now)


@receiver(list_undone, dispatch_uid="campaigns.refuse_undo")
def refuse_undo_of_messages_on_their_way(*, nonresponder_list_id: int, **_others: Any) -> None:
    """A message handed over is a contact, also while nobody knows whether it arrived (L5). Raises UserError."""
    listed = FollowUpChange.objects.filter(nonresponder_list=nonresponder_list_id).values("follow_up")
    since = NonresponderList.objects.values_list("committed_at", flat=True).get(pk=nonresponder_list_id)
    messages = SmsMessage.objects.filter(follow_up__in=listed, status__in=ON_THEIR_WAY, handed_over_at__gte=since)
    if count := messages.values("citizen").distinct().count():
        raise UserError(
            "undo_contacted",
            _("%(count)s borgere er allerede kontaktet på grund af listen, så den kan ikke fortrydes.")
            % {"count": count},
        )
