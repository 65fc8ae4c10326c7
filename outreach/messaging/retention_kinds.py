"""What the built-in outbox erases when its time is up; found by `outreach.privacy.retention`."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from outreach.privacy.erasure_time import time_is_up
from outreach.privacy.retention import RetentionKind

from .models import OutboxMessage

BATCH = 5000


def erase_outbox(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Messages that the console gateway kept instead of sending. Returns how many."""
    due = OutboxMessage.objects.filter(created_at__lte=real_now - timedelta(days=settings.MESSAGE_DAYS)).order_by()
    if dry_run:
        return due.count()
    done = 0
    while not time_is_up() and (keys := list(due.values_list("pk", flat=True)[:BATCH])):
        done += OutboxMessage.objects.filter(pk__in=keys).delete()[0]
    return done


KINDS = [
    RetentionKind(
        "outbox", _("Sms'er i prøvepostkassen"), erase_outbox, "MESSAGE_DAYS", _("sms'en er lagt"), ("outbox",)
    ),
]
