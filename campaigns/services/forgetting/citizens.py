"""The dead and those who left, with phones, relatives and follow-ups, go when nothing else is kept about them (C3)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from registry.models import Citizen
from registry.services.follow_ups import ENDING_STATUSES
from registry.services.row_erasure import before, erase_rows

from ...models import CareChain, ContactAttempt, Conversation, HealthDialogue, Letter, SmsMessage
from .case_over import case_over

# What has a period of its own goes first, by that one.
KEPT_BESIDE = (CareChain, ContactAttempt, Conversation, HealthDialogue, Letter, SmsMessage)


def erase_gone_citizens(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Citizens whose status has ended all work for the period. The living stay as long as the municipality's own
    system sends them: their numbers are what the next list is worked with (C1)."""
    moment = before(now, "GONE_CITIZEN_DAYS")

    def due() -> QuerySet[Citizen]:
        gone = Citizen.objects.filter(case_over(moment, "pk"), status__in=ENDING_STATUSES, updated_at__lte=moment)
        for model in KEPT_BESIDE:
            gone = gone.filter(~Exists(model._default_manager.filter(citizen=OuterRef("pk"))))
        return gone

    return erase_rows(due, what="citizen", now=now, dry_run=dry_run)
