"""Booking on behalf (K11): what the municipality asks the region's desk for, and what the desk answers."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.privacy.fields import EncryptedTextField
from popup_sites.models import VaccinationSession
from registry.models import Citizen, FollowUp, Municipality, Programme, Region

from .booking_words import (
    BookingState,
    ConfirmTo,
    Mobility,
    PartOfDay,
    RefusalReason,
    ReminderKind,
    RouteEnd,
    RouteTask,
    ToldHow,
)
from .calls import ContactAttempt
from .chains import CareChain
from .messages import SmsMessage


class BookingRequestQuerySet(models.QuerySet["BookingRequest"]):
    def visible_to(self, actor: Actor) -> BookingRequestQuerySet:
        """Requests of the actor's municipality. A region's desk reaches one through its route, never through this."""
        if not actor.may(Permission.REQUEST_BOOKINGS):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)


class BookingRequest(models.Model):
    """One visit wanted for one citizen, for one or more programmes; the time, once there is one, stands on it."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="booking_requests")
    chain = models.ForeignKey(CareChain, on_delete=models.PROTECT, related_name="requests")
    # The answer that asked for it; none when somebody made it by hand.
    attempt = models.ForeignKey(ContactAttempt, on_delete=models.SET_NULL, null=True, related_name="+")
    dose = models.PositiveSmallIntegerField(default=1)
    after = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="next_dose")
    # Booked by the municipality itself: no desk is asked, and none is told.
    own = models.BooleanField(default=False)

    not_before = models.DateField(null=True)
    days = ArrayField(models.PositiveSmallIntegerField(), default=list, help_text="weekdays, Monday 0; empty = any")
    times = ArrayField(models.CharField(max_length=10, choices=PartOfDay), default=list, help_text="empty = any")
    wanted_session = models.ForeignKey(VaccinationSession, on_delete=models.SET_NULL, null=True, related_name="+")
    wanted_place = models.CharField(max_length=120, blank=True)
    mobility = models.CharField(max_length=12, choices=Mobility, default=Mobility.NONE)
    needs_escort = models.BooleanField(default=False)
    needs_ride = models.BooleanField(default=False)
    needs_interpreter = models.BooleanField(default=False)
    has_guardian = models.BooleanField(default=False)
    confirm_to = models.CharField(max_length=12, choices=ConfirmTo, default=ConfirmTo.CITIZEN)
    note = EncryptedTextField(kind="booking_note", blank=True)

    state = models.CharField(max_length=10, choices=BookingState, default=BookingState.DRAFT)
    state_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answer_due = models.DateField(null=True)
    requested_by_id = models.BigIntegerField(null=True)
    requested_by_name = models.CharField(max_length=200)
    # C5: why a protected citizen may be shown the region for this one visit, and who said so.
    release_reason = EncryptedTextField(kind="booking_release", blank=True)
    released_at = models.DateTimeField(null=True)
    released_by_name = models.CharField(max_length=200, blank=True)

    # The time proposed or confirmed. `holds_place`: a place of the session is reserved for this request.
    booked_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    session = models.ForeignKey(VaccinationSession, on_delete=models.PROTECT, null=True, related_name="+")
    holds_place = models.BooleanField(default=False)
    # The time the region keeps in its own system, until it gives another or has cancelled it there.
    kept_at = models.DateTimeField(null=True)
    vaccine = models.CharField(max_length=60, blank=True)
    refusal = models.CharField(max_length=20, choices=RefusalReason, blank=True)
    answer_note = EncryptedTextField(kind="booking_answer", blank=True)
    # Whether the citizen knows what was answered last.
    told_at = models.DateTimeField(null=True)
    told_how = models.CharField(max_length=10, choices=ToldHow, blank=True)
    told_by_name = models.CharField(max_length=200, blank=True)
    receipt = models.ForeignKey(SmsMessage, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = BookingRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "confirmed", "completed", "no_show"])
                | (Q(booked_at__isnull=False) & ~Q(place="")),
                name="booking_has_time_and_place",
            ),
            models.CheckConstraint(
                condition=Q(holds_place=False) | Q(session__isnull=False), name="booking_holds_place_of_session"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(refusal=""), name="booking_refused_with_reason"),
        ]
        indexes = [
            models.Index(fields=["municipality", "state", "answer_due"], name="booking_by_state"),
            models.Index(fields=["booked_at"], name="booking_confirmed", condition=Q(state="confirmed")),
        ]

    def __str__(self) -> str:
        return f"booking request {self.pk}"


class BookingProgramme(models.Model):
    """What the visit is for. A citizen has at most one running request for a programme, enforced by the database."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(BookingRequest, on_delete=models.CASCADE, related_name="programmes")
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    follow_up = models.ForeignKey(FollowUp, on_delete=models.SET_NULL, null=True, related_name="+")
    # Whether the request still runs, written with its state.
    running = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["citizen", "programme"], condition=Q(running=True), name="booking_one_running_per_programme"
            ),
            models.UniqueConstraint(fields=["request", "programme"], name="booking_programme_once"),
        ]
        ordering = ["programme_id"]


class BookingChange(models.Model):
    """Append-only: each state a request has had, who brought it there, and the time it then had."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(BookingRequest, on_delete=models.CASCADE, related_name="changes")
    from_state = models.CharField(max_length=10, choices=BookingState, blank=True)
    to_state = models.CharField(max_length=10, choices=BookingState)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    reason = EncryptedTextField(kind="booking_reason", blank=True)
    booked_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]


class BookingRouteQuerySet(models.QuerySet["BookingRoute"]):
    def visible_to(self, actor: Actor) -> BookingRouteQuerySet:
        """What lies at the desk of the actor's region."""
        if not actor.may(Permission.CONFIRM_BOOKINGS) or actor.region_code is None:
            return self.none()
        return self.filter(region__code=actor.region_code)

    def open(self) -> BookingRouteQuerySet:
        return self.filter(closed_at=None)


class BookingRoute(models.Model):
    """What the region's desk has to do and for which municipality: the desk's queue, without personal data.

    The desk sees no citizen until it has taken the request; the municipality is opened by this row alone.
    """

    request = models.OneToOneField(BookingRequest, on_delete=models.CASCADE, related_name="route", primary_key=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    task = models.CharField(max_length=10, choices=RouteTask, default=RouteTask.BOOK)
    programme_names = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    answer_due = models.DateField()
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # Why there was nothing to answer any more, or why a time is to be cancelled; empty: by the municipality's wish.
    ended_because = models.CharField(max_length=12, choices=RouteEnd, blank=True)
    # Who answered may look again for a short while, to mend a slip.
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = BookingRouteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(claimed_until=None) | Q(claimed_by__isnull=False), name="booking_route_claim_whole"
            )
        ]
        indexes = [
            models.Index(
                fields=["region", "answer_due", "opened_at"], name="booking_route_queue", condition=Q(closed_at=None)
            )
        ]


class BookingReminder(models.Model):
    """One reminder of one time: whoever asks for it again is told who did (SS04)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(BookingRequest, on_delete=models.CASCADE, related_name="reminders")
    booked_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=ReminderKind)
    message = models.ForeignKey(SmsMessage, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "booked_at", "kind"], name="booking_reminder_once_per_time")
        ]
        ordering = ["at", "id"]


class BookingSettings(models.Model):
    """When a municipality reminds of booked times (S8). Without a row: two days before and the evening before."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, primary_key=True, related_name="+")
    days_before = models.PositiveSmallIntegerField(null=True, default=2)
    hour = models.PositiveSmallIntegerField(default=10)
    evening_before = models.BooleanField(default=True)
