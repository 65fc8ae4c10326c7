"""The waves of a municipality, and the pop-ups a wave may mention."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from outreach.access.actor import Actor
from popup_sites.models import SessionStatus, VaccinationSession
from popup_sites.selectors.sessions import upcoming_sessions

from ..models import SmsWave, WaveState


def waves_for(actor: Actor) -> QuerySet[SmsWave]:
    """The actor's waves, newest first, with what a row of the list needs."""
    return SmsWave.objects.visible_to(actor).select_related("programme", "municipality", "session__site")


def waves_with_counts(actor: Actor) -> QuerySet[SmsWave]:
    """The same with the number of messages, of those handed over and of those that arrived."""
    sent = Q(messages__handed_over_at__isnull=False)
    return (
        waves_for(actor)
        .annotate(
            in_all=Count("messages"),
            sent=Count("messages", filter=sent),
            delivered=Count("messages", filter=Q(messages__status="delivered")),
        )
        .order_by("-created_at", "-id")
    )


def waves_awaiting(actor: Actor) -> int:
    """How many wait for the actor's decision: nobody approves what they had a hand in (S3)."""
    waiting = SmsWave.objects.visible_to(actor).filter(state=WaveState.AWAITING_APPROVAL)
    return waiting.exclude(made_by_ids__contains=[actor.user_id]).count()


def sessions_to_mention(actor: Actor, now: datetime) -> QuerySet[VaccinationSession]:
    """Published sessions in the municipality that are not over, soonest first."""
    return upcoming_sessions(actor, now).filter(status=SessionStatus.PUBLISHED)
