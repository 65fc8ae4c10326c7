"""Who is no longer the municipality's to follow up: by the register, a file, or what somebody told us (C3, K6).

Two kinds. The gone are dead, emigrated, disappeared or cancelled: nothing goes on. Those who moved live in another
municipality: times and requests with the region stand, the municipality's own work ends (decision 0019).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.models import Citizen, CitizenStatus, ClosedReason, FollowUp, FollowUpStatus, Outcome

from ..booking_rules import RUNNING
from ..models import (
    MACHINE_PURPOSES,
    BookingRequest,
    BookingState,
    CareChain,
    ChainLink,
    Conversation,
    HealthDialogue,
    LinkKind,
    LinkState,
    LookupClaim,
    MessageStatus,
    Provider,
    SmsMessage,
)
from ..next_steps import ENDED

# Requests that have not reached the region, or have come back to the municipality: its own work.
OWN_WORK = frozenset({BookingState.DRAFT, BookingState.HELD, BookingState.NO_SHOW})
# Who comes with the citizen wherever they live.
OTHERS = (Provider.REGION, Provider.RELATIVES, Provider.ASSOCIATION)


def told(reason: ClosedReason, outcome: Outcome) -> QuerySet[FollowUp]:
    """Follow-ups that ended by what somebody told us, and that no case has been opened or reopened after.

    Whoever names the citizen again knows better, also when that case is closed by now.
    """
    knows_better = FollowUp.objects.filter(
        Q(status=FollowUpStatus.OPEN) | Q(opened_at__gt=OuterRef("closed_at")), citizen=OuterRef("citizen_id")
    )
    return FollowUp.objects.filter(
        ~Exists(knows_better), status=FollowUpStatus.CLOSED, closed_reason=reason, outcome=outcome
    )


def told_dead() -> QuerySet[FollowUp]:
    """Whose death somebody told us of, whether or not a person has confirmed it yet (C3)."""
    return told(ClosedReason.STATUS, Outcome.DECEASED)


def gone_citizens(*, told_before: datetime) -> QuerySet[Citizen]:
    """Citizens of the context who are dead, emigrated, disappeared or cancelled, by their status or because we were
    told. What was told counts from `told_before` back, so that the caller may take a slip back first.
    """
    dead = told_dead().filter(closed_at__lte=told_before)
    return Citizen.objects.filter(Q(status__in=ENDED) | Q(pk__in=dead.values("citizen_id")))


def moved_citizens(*, told_before: datetime) -> QuerySet[Citizen]:
    """Citizens who live in another municipality, by their status or because we were told, and are not gone."""
    moved = told(ClosedReason.MOVED, Outcome.MOVED).filter(closed_at__lte=told_before)
    living = Citizen.objects.exclude(status__in=ENDED).exclude(pk__in=told_dead().values("citizen_id"))
    return living.filter(Q(status=CitizenStatus.OUTSIDE) | Q(pk__in=moved.values("citizen_id")))


def moved_among(citizen_ids: Iterable[int], now: datetime) -> set[int]:
    """Those of them who live in another municipality by now. One query."""
    return set(moved_citizens(told_before=now).filter(pk__in=list(citizen_ids)).values_list("pk", flat=True))


def has_moved(citizen_id: int, now: datetime) -> bool:
    """Whether the citizen lives in another municipality by now."""
    return bool(moved_among([citizen_id], now))


def with_work(citizens: QuerySet[Citizen]) -> QuerySet[Citizen]:
    """Those of the gone for whom anything is still booked, agreed, written or waiting beside the follow-ups."""
    return _among(
        citizens,
        BookingRequest.objects.filter(state__in=list(RUNNING)),
        CareChain.objects.open(),
        Conversation.objects.open().filter(citizen__isnull=False),
        HealthDialogue.objects.waiting(),
        SmsMessage.objects.filter(status=MessageStatus.QUEUED),
        LookupClaim.objects.all(),
    )


def with_own_work(citizens: QuerySet[Citizen], now: datetime) -> QuerySet[Citizen]:
    """Those of the moved for whom the municipality itself still has something under way."""
    return _among(
        citizens,
        BookingRequest.objects.filter(state__in=list(OWN_WORK)),
        Citizen.objects.filter(pk__in=own_links(now).values("chain__citizen_id")),
        old_conversations(),
        HealthDialogue.objects.waiting(),
        SmsMessage.objects.filter(status=MessageStatus.QUEUED, purpose__in=MACHINE_PURPOSES),
        LookupClaim.objects.all(),
    )


def own_links(now: datetime) -> QuerySet[ChainLink]:
    """What the municipality still has to agree, or has agreed and not yet done, for a visit: rides, helpers, …"""
    ahead = Q(state=LinkState.NEEDED) | Q(state=LinkState.AGREED, at__gt=now)
    links = ChainLink.objects.filter(ahead, chain__closed_at=None)
    return links.exclude(kind=LinkKind.SECOND_DOSE).exclude(provider__in=OTHERS)


def old_conversations() -> QuerySet[Conversation]:
    """Open conversations, except what somebody with a time has written since their case was closed: that may be about
    the time, and a person reads it."""
    booked = BookingRequest.objects.filter(citizen=OuterRef("citizen_id"), state__in=list(RUNNING - OWN_WORK))
    closed_since = FollowUp.objects.filter(citizen=OuterRef("citizen_id"), closed_at__gte=OuterRef("last_reply_at"))
    return Conversation.objects.open().filter(~Exists(booked) | Exists(closed_since), citizen__isnull=False)


def _among(citizens: QuerySet[Citizen], *work: QuerySet[Any]) -> QuerySet[Citizen]:
    first, *others = [each.order_by().values("pk" if each.model is Citizen else "citizen_id") for each in work]
    return citizens.filter(pk__in=first.union(*others))
