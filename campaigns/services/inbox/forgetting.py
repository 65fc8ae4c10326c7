"""Erase what the gateway told us, and strangers' replies, when their time is up (A5, SW12)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from outreach.messaging.models import GatewayEvent, MessageRoute, NumberRoute
from outreach.privacy.erasure_time import time_is_up
from registry.services.row_erasure import erase_rows

from ...models import Conversation

# What was worked on is kept as long as somebody may ask what the gateway said; what nobody could work on a little
# longer, so that it is not gone before it is looked at.
EVENT_DAYS, STRAY_EVENT_DAYS = 30, 90
# Somebody we do not know: nobody has asked them anything, so nothing is kept for long.
STRANGER_DAYS = 90
# A receipt comes within days, a reply within the year.
MESSAGE_ROUTE_DAYS, NUMBER_ROUTE_DAYS = 60, 400
BATCH = 5000


def erase_gateway_events(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Callbacks, as they came. Returns how many."""
    worked_on = Q(processed_at__lte=now - timedelta(days=EVENT_DAYS), received_at__lte=now - timedelta(days=EVENT_DAYS))
    stray = Q(result__in=["failed", "unrouted"]) | Q(processed_at=None)
    old_stray = stray & Q(received_at__lte=now - timedelta(days=STRAY_EVENT_DAYS))
    due = GatewayEvent.objects.filter((worked_on & ~stray) | old_stray)
    if dry_run:
        return due.count()
    done = 0
    while not time_is_up() and (keys := list(due.values_list("pk", flat=True)[:BATCH])):
        done += GatewayEvent.objects.filter(pk__in=keys).delete()[0]
    return done


def erase_routes(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Ways back to a municipality that nothing can come along any more. Returns how many."""
    messages = MessageRoute.objects.filter(made_at__lte=now - timedelta(days=MESSAGE_ROUTE_DAYS))
    numbers = NumberRoute.objects.filter(last_message_at__lte=now - timedelta(days=NUMBER_ROUTE_DAYS))
    if dry_run:
        return messages.count() + numbers.count()
    return messages.delete()[0] + numbers.delete()[0]


def erase_strangers(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Conversations with numbers that nobody could attach to a citizen, finished or not. Returns how many."""
    moment = now - timedelta(days=STRANGER_DAYS)

    def due() -> QuerySet[Conversation]:
        return Conversation.objects.filter(citizen=None, last_reply_at__lte=moment)

    return erase_rows(due, what="conversation", now=now, dry_run=dry_run)
