"""Who is no longer the municipality's to follow up: by the register, a file, or what somebody told us (C3, K6)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.models import Citizen, CitizenStatus, ClosedReason, FollowUp, FollowUpStatus, Outcome
from registry.services.follow_ups import ENDING_STATUSES

from ..booking_rules import RUNNING
from ..models import (
    BookingRequest,
    CareChain,
    Conversation,
    HealthDialogue,
    LookupClaim,
    MessageStatus,
    SmsMessage,
)

# Under a number that was left the work goes on with the valid one: merging moves it.
GONE_STATUSES = tuple(each for each in ENDING_STATUSES if each != CitizenStatus.REPLACED)


def gone_citizens(*, told_before: datetime) -> QuerySet[Citizen]:
    """Citizens of the context who are dead or live elsewhere, with a status that says so or because we were told.

    What was told counts from `told_before` back, so that the caller may take a slip back first, and as long as no
    case is open: a list that names the citizen again knows better.
    """
    named_again = FollowUp.objects.open().filter(citizen=OuterRef("citizen_id"))
    told = FollowUp.objects.filter(
        ~Exists(named_again), status=FollowUpStatus.CLOSED, closed_at__lte=told_before
    ).filter(
        Q(closed_reason=ClosedReason.STATUS, outcome=Outcome.DECEASED)
        | Q(closed_reason=ClosedReason.MOVED, outcome=Outcome.MOVED)
    )
    return Citizen.objects.filter(Q(status__in=GONE_STATUSES) | Q(pk__in=told.values("citizen_id")))


def with_work(citizens: QuerySet[Citizen]) -> QuerySet[Citizen]:
    """Those of them for whom anything is still booked, agreed, written or waiting beside the follow-ups themselves."""
    running = [
        BookingRequest.objects.filter(state__in=list(RUNNING)),
        CareChain.objects.open(),
        Conversation.objects.open().filter(citizen__isnull=False),
        HealthDialogue.objects.waiting(),
        SmsMessage.objects.filter(status=MessageStatus.QUEUED),
        LookupClaim.objects.all(),
    ]
    first, *others = [each.order_by().values("citizen_id") for each in running]
    return citizens.filter(pk__in=first.union(*others))
