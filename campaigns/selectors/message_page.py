"""The municipality's text messages by status; bodies stay where they are (A4)."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from outreach.access.actor import Actor

from ..models import SENDER_REFUSED, MessageStatus, SmsMessage


def message_counts(actor: Actor) -> dict[str, int]:
    """Messages per status; statuses without any are left out."""
    rows = SmsMessage.objects.visible_to(actor).values("status").annotate(number=Count("id")).order_by("status")
    return {row["status"]: row["number"] for row in rows}


def messages_with(actor: Actor, status: MessageStatus | None) -> QuerySet[SmsMessage]:
    """Messages of one status, or all, newest first, with citizen and template, without body."""
    messages = SmsMessage.objects.visible_to(actor)
    if status is not None:
        messages = messages.filter(status=status)
    return messages.select_related("citizen", "template").defer("body").order_by("-status_at", "-id")


def refused_sender(actor: Actor) -> SmsMessage | None:
    """The message that was tried last of those the gateway refuses for the municipality's sender, if there are any."""
    waiting = SmsMessage.objects.visible_to(actor).filter(status=MessageStatus.QUEUED, status_reason=SENDER_REFUSED)
    return waiting.exclude(error_code="").defer("body").order_by("-status_at", "-id").first()


def messages_in_doubt(actor: Actor, limit: int = 20) -> list[SmsMessage]:
    """Messages of which nobody knows whether they arrived, and that nobody has sent again, oldest first (S5)."""
    doubtful = SmsMessage.objects.visible_to(actor).filter(status=MessageStatus.IN_DOUBT)
    doubtful = doubtful.exclude(status_reason="sent_again")
    return list(doubtful.select_related("citizen", "template").defer("body").order_by("status_at", "id")[:limit])
