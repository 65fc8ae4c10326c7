"""A person says that the line to the gateway works again (F17)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.messaging.line import probe_now

from .refused_senders import release_refused


@transaction.atomic
def restart_line(*, by: Actor, now: datetime) -> None:
    """Let one message try at once; the line opens when it goes through, and not before. Logged.

    Also for messages that wait because the municipality's sender was refused.
    """
    probe_now(settings.SMS_GATEWAY)
    release_refused(by, now)
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="gatewaystate",
        subject_id=settings.SMS_GATEWAY,
        purpose=_("Prøv at sende sms igen"),
        at=now,
    )
