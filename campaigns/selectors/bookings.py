"""Requests as the municipality's page shows them, and the chains that need agreeing (K11, K14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from outreach.access.actor import Actor
from outreach.access.models import User
from outreach.access.permissions import Permission
from outreach.access.selectors import users_who_may
from popup_sites.models import SessionStatus, VaccinationSession
from registry.models import Citizen, MunicipalityRegion

from ..booking_rules import WITH_REGION
from ..models import (
    BookingProgramme,
    BookingReminder,
    BookingRequest,
    BookingState,
    CareChain,
    ChainChange,
    ChainLink,
    LinkKind,
    LinkState,
    MessageStatus,
    SmsMessage,
)
from ..models.bookings import BookingRequestQuerySet
from ..sending_window import COPENHAGEN

WAITING, OVERDUE, TO_TELL, BOOKED, ATTENDANCE, ENDED = "waiting", "overdue", "tell", "booked", "came", "ended"
HELD = "held"
TABS = (TO_TELL, HELD, OVERDUE, WAITING, ATTENDANCE, BOOKED, ENDED)
OPEN_LINKS = (LinkState.NEEDED, LinkState.AGAIN)


@dataclass(frozen=True)
class BookingCounts:
    """How many stand under each heading of the page."""

    held: int
    waiting: int
    overdue: int
    tell: int
    booked: int
    came: int

    @property
    def for_a_person(self) -> int:
        """What somebody here must do now."""
        return self.held + self.overdue + self.tell + self.came


def under(actor: Actor, tab: str, now: datetime) -> BookingRequestQuerySet:
    """The actor's requests under one heading, the most urgent first. An unknown heading is the first."""
    requests = BookingRequest.objects.visible_to(actor)
    conditions = _conditions(now)
    found = requests.filter(conditions.get(tab, conditions[TO_TELL]))
    if tab == ENDED:
        return found.order_by("-state_at", "-id")
    if tab in (BOOKED, ATTENDANCE):
        return found.order_by("booked_at", "id")
    return found.order_by("answer_due", "state_at", "id")


def counts(actor: Actor, now: datetime) -> BookingCounts:
    """One query."""
    conditions = _conditions(now)
    sizes = {tab: Count("pk", filter=conditions[tab]) for tab in TABS if tab != ENDED}
    return BookingCounts(**BookingRequest.objects.visible_to(actor).aggregate(**sizes))


def with_rows(requests: QuerySet[BookingRequest]) -> QuerySet[BookingRequest]:
    """With all that a row of a page shows: three queries, however many rows."""
    return requests.select_related("citizen", "chain", "session__site", "receipt").prefetch_related(
        Prefetch("programmes", BookingProgramme.objects.select_related("programme")),
        Prefetch("reminders", BookingReminder.objects.select_related("message")),
    )


def sessions_to_book(*, municipality_id: int, now: datetime, keep: int | None = None) -> QuerySet[VaccinationSession]:
    """Published sessions of the municipality's region with free places, soonest first; `keep` stays among them."""
    regions = MunicipalityRegion.objects.filter(municipality=municipality_id, valid_to=None).values("region_id")
    open_ones = Q(status=SessionStatus.PUBLISHED, ends_at__gt=now, reserved__lt=F("capacity"), site__region__in=regions)
    found = VaccinationSession.objects.filter(open_ones | Q(pk=keep))
    return found.select_related("site").order_by("starts_at", "id")


def chain_of_citizen(actor: Actor, citizen: Citizen) -> CareChain | None:
    """The citizen's open chain, else the last one; None when there never was one."""
    chains = CareChain.objects.visible_to(actor).filter(citizen=citizen)
    return (
        chains.order_by(F("closed_at").desc(nulls_first=True), "-id")
        .select_related("caseworker", "citizen")
        .prefetch_related(
            Prefetch("requests", with_rows(BookingRequest.objects.order_by("dose", "booked_at", "id"))),
            Prefetch("links", ChainLink.objects.select_related("request").order_by("at", "id")),
            Prefetch("changes", ChainChange.objects.order_by("-at", "-id")),
        )
        .first()
    )


def links_to_agree(actor: Actor, *, mine: bool) -> QuerySet[ChainLink]:
    """What must be agreed, or agreed again, now that there is a time: the caseworker's own, or everybody's."""
    chains = CareChain.objects.visible_to(actor).open()
    if mine:
        chains = chains.filter(caseworker=actor.user_id)
    return (
        ChainLink.objects.filter(chain__in=chains, state__in=OPEN_LINKS, request__state=BookingState.CONFIRMED)
        .exclude(kind=LinkKind.SECOND_DOSE)
        .select_related("chain__citizen", "request")
        .order_by("request__booked_at", "id")
    )


def told_of_ride(link: ChainLink) -> bool:
    """Whether an SMS tells the citizen of the ride as it is agreed (S8)."""
    if link.at is None:
        return False
    key = f"receipt:{link.request_id}:ride:{link.pk}:{int(link.at.timestamp())}"
    return SmsMessage.objects.filter(step_key=key).exclude(status=MessageStatus.CANCELLED).exists()


def caseworkers_of(actor: Actor) -> list[User]:
    """Those a chain may be handed to, by name."""
    return list(users_who_may(Permission.REQUEST_BOOKINGS, actor.municipality_codes))


def _conditions(now: datetime) -> dict[str, Q]:
    today = now.astimezone(COPENHAGEN).date()
    with_region = Q(state__in=list(WITH_REGION))
    unreminded = BookingReminder.objects.filter(request=OuterRef("pk"), booked_at=OuterRef("booked_at"), message=None)
    ahead, past = Q(booked_at__gt=now), Q(booked_at__lte=now)
    confirmed = Q(state=BookingState.CONFIRMED)
    return {
        HELD: Q(state=BookingState.HELD),
        WAITING: with_region,
        OVERDUE: with_region & Q(answer_due__lt=today),
        TO_TELL: Q(state__in=[BookingState.PROPOSED, BookingState.REFUSED])
        | (confirmed & ahead & Q(told_at=None))
        | (confirmed & ahead & Q(Exists(unreminded))),
        BOOKED: confirmed & ahead,
        ATTENDANCE: confirmed & past,
        ENDED: Q(
            state__in=[BookingState.COMPLETED, BookingState.CANCELLED, BookingState.WITHDRAWN, BookingState.NO_SHOW]
        ),
    }
