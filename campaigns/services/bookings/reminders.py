"""Reminders of booked times by SMS (S8): one for each time and occasion, never one for a time that was moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from outreach.access.actor import Actor, system_actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.design.formats import time_da
from outreach.errors import UserError
from popup_sites.local_times import COPENHAGEN
from registry.services.scope import require_municipality

from ...booking_rules import ReminderPlan, reminder_moments
from ...models import (
    BookingReminder,
    BookingRequest,
    BookingSettings,
    BookingState,
    MessageStatus,
    ReminderKind,
    SmsMessage,
    SmsPurpose,
)
from ...sending_window import window_for
from .notices import REMINDER, dead_among, queue_booking_message
from .states import locked_request, own_request
from .steps import call_to_remind

# Booked times are looked at this long ahead; the longest reminder is a fortnight, with holidays before it.
LOOK_AHEAD = timedelta(days=30)


def reminder_plan(municipality_id: int) -> ReminderPlan:
    """The municipality's own plan, else two days before and the evening before. One query."""
    found = BookingSettings.objects.filter(municipality=municipality_id).first()
    if found is None:
        return ReminderPlan()
    return ReminderPlan(found.days_before, found.hour, found.evening_before)


@transaction.atomic
def save_reminder_plan(*, by: Actor, municipality_id: int, plan: ReminderPlan, now: datetime) -> None:
    """From now on the municipality reminds like this; reminders already queued go as they are."""
    by.require(Permission.MANAGE_POLICIES)
    require_municipality(by, municipality_id)
    BookingSettings.objects.update_or_create(
        municipality_id=municipality_id,
        defaults={"days_before": plan.days_before, "hour": plan.hour, "evening_before": plan.evening_before},
    )
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="bookingsettings",
        subject_id=municipality_id,
        municipality_id=municipality_id,
        detail={"days_before": plan.days_before, "hour": plan.hour, "evening_before": plan.evening_before},
        at=now,
    )


def queue_due_reminders(*, municipality_id: int, now: datetime) -> int:
    """Queue the reminders whose moment has come; return how many. Running it twice, or twice at once, sends one."""
    plan, window = reminder_plan(municipality_id), window_for(municipality_id)
    booked = BookingRequest.objects.filter(
        municipality=municipality_id,
        state=BookingState.CONFIRMED,
        booked_at__gt=now,
        booked_at__lte=now + LOOK_AHEAD,
    )
    queued = 0
    for request in booked.order_by("booked_at", "id"):
        told = request.told_at or request.state_at
        moments = reminder_moments(request.booked_at, plan, window, since=told)  # type: ignore[arg-type]
        due = [kind for kind, moment in moments if moment <= now]
        # Only the newest: after a night without a worker nobody wants two at once.
        if due and _remind(request.pk, due[-1], by=system_actor("booking", [municipality_id]), now=now):
            queued += 1
    _call_the_unreminded(municipality_id, now)
    return queued


def _call_the_unreminded(municipality_id: int, now: datetime) -> None:
    """The reminder never arrived: a person calls, as where no SMS can go. Once: the reminder lets its message go."""
    failed = BookingReminder.objects.filter(
        municipality=municipality_id,
        request__state=BookingState.CONFIRMED,
        request__booked_at=F("booked_at"),
        booked_at__gt=now,
        message__status__in=[MessageStatus.FAILED, MessageStatus.UNDELIVERED],
    )
    for reminder in failed.order_by("booked_at", "id"):
        with transaction.atomic():
            request = locked_request(reminder.request_id)
            if request.state == BookingState.CONFIRMED and request.booked_at == reminder.booked_at:
                call_to_remind(request, now)
            BookingReminder.objects.filter(pk=reminder.pk).update(message=None)


@transaction.atomic
def remind_by_hand(*, by: Actor, request_id: int, now: datetime) -> BookingReminder:
    """A caseworker reminds now. Raises UserError `already_reminded`, which says who did, and `no_sms` (SS04)."""
    request = own_request(by, request_id)
    if request.state != BookingState.CONFIRMED or request.booked_at is None or request.booked_at <= now:
        raise UserError("nothing_to_remind", _("Der er ingen kommende tid at minde om."))
    made = _remind_locked(request, ReminderKind.BY_HAND, by=by, now=now)
    if made is None:
        sent = request.reminders.get(booked_at=request.booked_at, kind=ReminderKind.BY_HAND)
        local = sent.at.astimezone(COPENHAGEN)
        raise UserError(
            "already_reminded",
            _("%(name)s har allerede sendt en påmindelse om tiden kl. %(time)s. Der er kun sendt én.")
            % {"name": sent.by_name, "time": time_da(local)},
        )
    return made


def still_due(messages: list[SmsMessage], now: datetime) -> dict[UUID, str]:
    """The last check before the hand-over: a receipt or reminder of a time that no longer stands does not go, nor
    one to somebody whose death we were told of (C3).
    """
    wanted: dict[UUID, int] = {}
    for message in messages:
        parts = message.step_key.split(":")
        if len(parts) > 1 and parts[1].isdigit():
            wanted[message.pk] = int(parts[1])
    found = BookingRequest.objects.in_bulk(set(wanted.values()))
    dead = dead_among([message.citizen_id for message in messages])
    reasons: dict[UUID, str] = {}
    for message in messages:
        request = found.get(wanted.get(message.pk, 0))
        cancelled_receipt = ":cancelled:" in message.step_key
        stands = request is not None and (
            request.state == (BookingState.CANCELLED if cancelled_receipt else BookingState.CONFIRMED)
        )
        if message.citizen_id in dead:
            reasons[message.pk] = "status"
        elif not stands or (request is not None and message.expires_at != request.booked_at):
            reasons[message.pk] = "no_longer_due"
    return reasons


@transaction.atomic
def _remind(request_id: int, kind: ReminderKind, *, by: Actor, now: datetime) -> bool:
    request = locked_request(request_id)
    if request.state != BookingState.CONFIRMED:
        return False
    return _remind_locked(request, kind, by=by, now=now) is not None


def _remind_locked(request: BookingRequest, kind: ReminderKind, *, by: Actor, now: datetime) -> BookingReminder | None:
    """None when this occasion of this time has its reminder. The request's lock lets one in at a time."""
    if request.booked_at is None or request.reminders.filter(booked_at=request.booked_at, kind=kind).exists():
        return None
    moment = int(request.booked_at.timestamp())
    message = queue_booking_message(
        request,
        REMINDER,
        purpose=SmsPurpose.REMINDER,
        step_key=f"reminder:{request.pk}:{moment}:{kind}",
        now=now,
    )
    if message is None and kind == ReminderKind.BY_HAND:
        raise UserError("no_sms", _("Borgeren kan ikke få en sms. Ring i stedet."))
    if message is None and kind == ReminderKind.DAYS:
        call_to_remind(request, now)
    return BookingReminder.objects.create(
        municipality_id=request.municipality_id,
        request=request,
        booked_at=request.booked_at,
        kind=kind,
        message=message,
        at=now,
        by_name=by.name,
    )
