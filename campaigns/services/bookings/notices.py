"""Receipts by SMS to the citizen (S8, K11): the time given, moved or cancelled. Where no SMS can go, a person calls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import override

from outreach.access.actor import system_actor
from outreach.errors import UserError
from popup_sites.local_times import COPENHAGEN
from registry.models import Citizen, CitizenStatus, Phone
from registry.selectors.citizens import sms_phone

from ...message_texts import first_name, municipality_title
from ...models import BookingRequest, ChainLink, ConfirmTo, ContactPoint, MessageStatus, SmsMessage, SmsPurpose, ToldHow
from ...reasons import moment_text
from ...selectors.follow_up_facts import ADULT_AGE
from ...selectors.gone_citizens import told_dead
from ..message_cancelling import cancel_messages
from ..message_making import queue_message
from ..texts import sendable_template

CONFIRMED, CHANGED, CANCELLED, REMINDER, RIDE = (
    "booking_confirmed",
    "booking_changed",
    "booking_cancelled",
    "booking_reminder",
    "ride_confirmed",
)


def send_receipt(request: BookingRequest, code: str, *, key: str, now: datetime) -> bool:
    """Queue a receipt and note that the citizen is told by it; False when no SMS can go, so that a person must tell.

    `key` makes the message once per step of the request. The request is not saved.
    """
    cancel_waiting(request, now=now, reason="booking_moved")
    message = queue_booking_message(
        request, code, purpose=SmsPurpose.RECEIPT, step_key=f"receipt:{request.pk}:{key}", now=now
    )
    if message is None:
        request.told_at, request.told_how, request.told_by_name, request.receipt = None, "", "", None
        return False
    request.told_at, request.told_how, request.told_by_name, request.receipt = now, ToldHow.SMS, "", message
    return True


def send_ride_receipt(request: BookingRequest, link: ChainLink, *, now: datetime) -> SmsMessage | None:
    """Tell the citizen when they are fetched (S8): once for each time agreed; None when a person must tell.

    A receipt of another time that still waits is cancelled.
    """
    cancel_ride_receipts(request, now=now)
    if link.at is None:
        return None
    key = f"{ride_keys(request)}{link.pk}:{int(link.at.timestamp())}"
    return queue_booking_message(request, RIDE, purpose=SmsPurpose.RECEIPT, step_key=key, now=now, at=link.at)


def cancel_ride_receipts(request: BookingRequest, *, now: datetime) -> int:
    """What was to tell of a ride that is off, or at another time, does not go; return how many."""
    own = SmsMessage.objects.filter(citizen=request.citizen_id, step_key__startswith=ride_keys(request))
    return cancel_messages(own, reason="booking_moved", now=now)


def has_heard_of_ride(request: BookingRequest, link: ChainLink) -> bool:
    """Whether a receipt of the ride, as it is agreed, has left."""
    if link.at is None:
        return False
    key = f"{ride_keys(request)}{link.pk}:{int(link.at.timestamp())}"
    left = SmsMessage.objects.filter(citizen=request.citizen_id, step_key=key)
    return left.exclude(status__in=[MessageStatus.QUEUED, MessageStatus.CANCELLED]).exists()


def ride_keys(request: BookingRequest) -> str:
    """How the keys of the request's receipts for rides begin."""
    return f"receipt:{request.pk}:ride:"


def queue_booking_message(
    request: BookingRequest,
    code: str,
    *,
    purpose: SmsPurpose,
    step_key: str,
    now: datetime,
    at: datetime | None = None,
) -> SmsMessage | None:
    """One message about the request's time, worth nothing once it has passed; None when no SMS can or may go.

    `at` is the moment it names, when that is not the booked time itself.
    """
    phone = phone_for(request, now)
    if phone is None or request.booked_at is None or request.booked_at <= now:
        return None
    citizen = request.citizen
    try:
        with transaction.atomic():
            template = sendable_template(code, citizen.language, municipality_id=request.municipality_id)
            return queue_message(
                by=system_actor("booking", [request.municipality_id]),
                citizen=citizen,
                phone=phone,
                template=template,
                fields=_fields(request, template.language, at or request.booked_at),
                purpose=purpose,
                step_key=step_key,
                not_before=now,
                expires_at=request.booked_at,
                now=now,
            )
    except UserError:
        # No text, no number to call back, or a number that wants none: a person tells instead.
        return None


def has_heard(request: BookingRequest) -> bool:
    """Whether the citizen knows of any time yet: a receipt has left, or a person has told them."""
    left = SmsMessage.objects.filter(citizen=request.citizen_id, step_key__startswith=f"receipt:{request.pk}:")
    by_person = request.told_at is not None and request.told_how != ToldHow.SMS
    return by_person or left.exclude(status__in=[MessageStatus.QUEUED, MessageStatus.CANCELLED]).exists()


def phone_for(request: BookingRequest, now: datetime) -> Phone | None:
    """The mobile an SMS about this booking may go to: the citizen's own, unless somebody else is to be told (K8)."""
    citizen = request.citizen
    if request.confirm_to != ConfirmTo.CITIZEN or not _may_be_told(citizen, now):
        return None
    return sms_phone(citizen)


def cancel_waiting(request: BookingRequest, *, now: datetime, reason: str) -> int:
    """Receipts and reminders of the request that still wait are cancelled; return how many."""
    own = SmsMessage.objects.filter(citizen=request.citizen_id)
    keys = own.filter(step_key__startswith=f"receipt:{request.pk}:") | own.filter(
        step_key__startswith=f"reminder:{request.pk}:"
    )
    return cancel_messages(keys, reason=reason, now=now)


def dead_among(citizen_ids: Iterable[int]) -> set[int]:
    """Those whose death somebody told us of (C3). One query."""
    return set(told_dead().filter(citizen__in=list(citizen_ids)).values_list("citizen_id", flat=True))


def _may_be_told(citizen: Citizen, now: datetime) -> bool:
    """Also whoever has moved: the time was promised, and it stands."""
    age = citizen.age(now.astimezone(COPENHAGEN).date())
    grown_up = age is None or age >= ADULT_AGE
    lives = citizen.status in (CitizenStatus.ACTIVE, CitizenStatus.OUTSIDE)
    return grown_up and lives and citizen.do_not_contact_since is None and not dead_among([citizen.pk])


def _fields(request: BookingRequest, language: str, at: datetime) -> dict[str, str]:
    point = ContactPoint.objects.filter(municipality=request.municipality_id).first()
    with override(language if language == "en" else "da"):
        when = moment_text(at)
    return {
        "fornavn": first_name(request.citizen.name),
        "navn": request.citizen.name,
        "kommune": municipality_title(request.municipality.code, request.municipality.name),
        "telefon": point.phone if point else "",
        "tid": when,
        "sted": request.place,
    }
