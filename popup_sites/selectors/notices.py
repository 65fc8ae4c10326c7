"""Notices the municipality has not acknowledged yet."""

from datetime import datetime

from outreach.access.actor import Actor

from ..models import PopupSite, SessionNotice
from ..models.sites import SessionNoticeQuerySet


def notices_waiting(actor: Actor, now: datetime | None = None) -> SessionNoticeQuerySet:
    """The newest notice of each session that waits for an acknowledgement, oldest first.

    A municipality's own; for a region those it is waiting for. With `now`, sessions that are over are left out.
    """
    waiting = SessionNotice.objects.visible_to(actor).waiting().select_related("session__site__municipality")
    if now is not None:
        waiting = waiting.filter(session__ends_at__gt=now)
    return waiting.order_by("sent_at", "id")


def unread_notices(actor: Actor, site: PopupSite) -> SessionNoticeQuerySet:
    """A site's notices that nobody in the municipality has had on the screen yet."""
    return SessionNotice.objects.visible_to(actor).filter(session__site=site, read_at=None)
