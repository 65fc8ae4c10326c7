"""Read what keeps a citizen from being contacted at this moment: calls held, messages waiting, numbers opted out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from registry.models import Citizen, PhoneKind

from ..contact_signs import ContactSigns
from ..models import MACHINE_PURPOSES, CallTask, CallTaskState, MessageStatus, OptOut, SmsMessage
from ..sending_window import COPENHAGEN

ON_ITS_WAY = [MessageStatus.QUEUED, MessageStatus.HANDING_OVER, MessageStatus.IN_DOUBT]
# A message that a conversation cancelled is told of for two weeks; after that it explains nothing any more.
TOLD_FOR = timedelta(days=14)
BY_PEOPLE = ["contacted", "replied"]
ADULT_AGE = 18


def contact_signs(citizen: Citizen, now: datetime) -> ContactSigns:
    """The signs of one citizen, for all their programmes. Four queries."""
    today = now.astimezone(COPENHAGEN).date()
    age = citizen.age(today)
    messages = SmsMessage.objects.filter(citizen=citizen, purpose__in=MACHINE_PURPOSES).defer("body")
    waiting = messages.filter(status__in=ON_ITS_WAY).order_by("not_before", "id").first()
    cancelled = (
        messages.filter(status=MessageStatus.CANCELLED, status_reason__in=BY_PEOPLE, status_at__gte=now - TOLD_FOR)
        .order_by("-status_at", "-id")
        .first()
    )
    stopped = OptOut.objects.filter(municipality=OuterRef("municipality"), number_index=OuterRef("number_index"))
    mobiles = citizen.phones.filter(kind=PhoneKind.MOBILE, wrong_since=None).annotate(stopped=Exists(stopped))
    known = [phone.stopped for phone in mobiles]
    return ContactSigns(
        talking=CallTask.objects.filter(citizen=citizen, state=CallTaskState.CLAIMED, claimed_until__gt=now).exists(),
        message_status=waiting.status if waiting else "",
        message_reason=waiting.status_reason if waiting else "",
        message_at=waiting.not_before if waiting else None,
        cancelled_at=cancelled.status_at if cancelled and not waiting else None,
        cancelled_for=cancelled.status_reason if cancelled and not waiting else "",
        opted_out=bool(known) and all(known),
        protected=citizen.is_protected(today),
        child=age is not None and age < ADULT_AGE,
    )
