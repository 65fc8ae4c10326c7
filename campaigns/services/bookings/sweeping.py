"""What time does to bookings (K11, S8): claims run out, protection begins and ends, reminders come
due, receipts fail, sessions are cancelled.

Runs every few minutes for one municipality; running it twice, or twice at once, changes nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from outreach.access.actor import system_actor
from popup_sites.models import SessionStatus

from ...booking_rules import RUNNING, WITH_REGION
from ...models import BookingRequest, BookingRoute, BookingState, MessageStatus
from ...sending_window import COPENHAGEN
from .desk import lay_back
from .outcomes import settle
from .places import forget_time
from .popups import call_whose_popup_changed
from .releasing import released_words
from .reminders import queue_due_reminders
from .sending import PROTECTED_MEANWHILE, lay_out, needs_release, send
from .states import locked_request
from .steps import follow_on
from .unwanted import end_unwanted

NOT_RECEIVED = (MessageStatus.FAILED, MessageStatus.UNDELIVERED, MessageStatus.CANCELLED, MessageStatus.EXPIRED)


@dataclass(frozen=True)
class Swept:
    """How many of each were dealt with."""

    reminders: int = 0
    claims: int = 0
    held: int = 0
    untold: int = 0
    without_session: int = 0
    popups: int = 0
    unwanted: int = 0


def sweep_bookings(*, municipality_id: int, now: datetime) -> Swept:
    """One pass over the municipality's running requests, each in a transaction of its own within the caller's."""
    unwanted = end_unwanted(municipality_id=municipality_id, now=now)
    claims = sum(_free_claim(key, now) for key in _expired_claims(municipality_id, now))
    held = sum(_protection_changed(key, now) for key in _protected_or_held(municipality_id, now))
    lost = sum(_session_lost(key, now) for key in _without_their_session(municipality_id, now))
    untold = sum(_receipt_failed(key, now) for key in _with_failed_receipts(municipality_id, now))
    reminders = queue_due_reminders(municipality_id=municipality_id, now=now)
    popups = call_whose_popup_changed(municipality_id=municipality_id, now=now)
    return Swept(reminders, claims, held, untold, lost, popups, unwanted)


def _running(municipality_id: int) -> QuerySet[BookingRequest]:
    return BookingRequest.objects.filter(municipality=municipality_id, state__in=list(RUNNING)).order_by("id")


def _expired_claims(municipality_id: int, now: datetime) -> list[int]:
    expired = BookingRoute.objects.open().filter(municipality=municipality_id, claimed_until__lte=now)
    return list(expired.values_list("pk", flat=True))


@transaction.atomic
def _free_claim(request_id: int, now: datetime) -> bool:
    request = locked_request(request_id)
    route = BookingRoute.objects.select_for_update().get(pk=request_id)
    if route.closed_at is not None or route.claimed_until is None or route.claimed_until > now:
        return False
    lay_back(request, route, by=system_actor("booking", [request.municipality_id]), now=now)
    return True


def _protected_or_held(municipality_id: int, now: datetime) -> list[int]:
    """Requests at the desk of citizens who are protected by now, and held ones of those who no longer are (C5)."""
    today = now.astimezone(COPENHAGEN).date()
    protected = Q(citizen__protected=True) & (Q(citizen__protected_until=None) | Q(citizen__protected_until__gte=today))
    at_desk = Q(state__in=list(WITH_REGION), released_at=None) & protected
    free_again = Q(state=BookingState.HELD) & (~protected | Q(released_at__isnull=False))
    return list(_running(municipality_id).filter(at_desk | free_again).values_list("pk", flat=True))


@transaction.atomic
def _protection_changed(request_id: int, now: datetime) -> bool:
    """C5: what lies at the desk unreleased is held back; what needs no release any more goes there."""
    request = locked_request(request_id)
    by = system_actor("booking", [request.municipality_id])
    if request.state in WITH_REGION and needs_release(request, now):
        send(request, by=by, now=now, reason=str(PROTECTED_MEANWHILE))
    elif request.state == BookingState.HELD and not needs_release(request, now):
        released = request.released_at is not None
        send(request, by=by, now=now, reason=released_words(request) if released else _("Beskyttelsen er ophørt"))
    else:
        return False
    return True


def _without_their_session(municipality_id: int, now: datetime) -> list[int]:
    """Times at a session that is cancelled, or has other hours now."""
    outside = Q(booked_at__lt=F("session__starts_at")) | Q(booked_at__gte=F("session__ends_at"))
    hit = _running(municipality_id).filter(
        outside | Q(session__status=SessionStatus.CANCELLED),
        session__isnull=False,
        state__in=[BookingState.CONFIRMED, BookingState.PROPOSED],
        booked_at__gt=now,
    )
    return list(hit.values_list("pk", flat=True))


@transaction.atomic
def _session_lost(request_id: int, now: datetime) -> bool:
    """The pop-up is off, or has other hours: the region is asked for another time, and what was agreed is flagged."""
    request = locked_request(request_id)
    if request.state not in (BookingState.CONFIRMED, BookingState.PROPOSED) or request.session is None:
        return False
    off = request.session.status == SessionStatus.CANCELLED
    by = system_actor("booking", [request.municipality_id])
    old = request.booked_at
    lay_out(
        request,
        by=by,
        now=now,
        reason=_("Pop-up-stedet er aflyst") if off else _("Pop-up-stedet har fået andre åbningstider"),
    )
    forget_time(request, by=by, now=now)
    request.own, request.wanted_session = False, None
    settle(request, by=by, now=now, old_time=old)
    return True


def _with_failed_receipts(municipality_id: int, now: datetime) -> list[int]:
    failed = BookingRequest.objects.filter(
        municipality=municipality_id,
        state=BookingState.CONFIRMED,
        booked_at__gt=now,
        told_at__isnull=False,
        receipt__status__in=NOT_RECEIVED,
    )
    return list(failed.values_list("pk", flat=True))


@transaction.atomic
def _receipt_failed(request_id: int, now: datetime) -> bool:
    """The SMS never arrived: somebody has to tell the citizen."""
    request = locked_request(request_id)
    if request.state != BookingState.CONFIRMED or request.told_at is None or request.receipt_id is None:
        return False
    request.told_at, request.told_how, request.receipt = None, "", None
    request.save(update_fields=["told_at", "told_how", "receipt"])
    follow_on(request, now)
    return True
