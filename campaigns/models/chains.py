"""One chain per citizen (K14): what hangs on a booked time, and the named caseworker who keeps it together."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.privacy.fields import EncryptedTextField
from registry.models import Citizen, Municipality

from .booking_words import ChainEvent, LinkKind, LinkState, Provider


class CareChainQuerySet(models.QuerySet["CareChain"]):
    def visible_to(self, actor: Actor) -> CareChainQuerySet:
        """Chains of the actor's municipality, for those who ask for bookings."""
        if not actor.may(Permission.REQUEST_BOOKINGS):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)

    def open(self) -> CareChainQuerySet:
        return self.filter(closed_at=None)


class CareChain(models.Model):
    """A citizen's bookings and everything agreed around them; open as long as one of them is ahead."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="care_chains")
    caseworker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    caseworker_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = CareChainQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["citizen"], condition=Q(closed_at=None), name="chain_one_open_per_citizen")
        ]
        indexes = [
            models.Index(fields=["municipality", "caseworker"], name="chain_by_caseworker", condition=Q(closed_at=None))
        ]

    def __str__(self) -> str:
        return f"care chain {self.pk}"


class Aid(models.TextChoices):
    """What must fit into the car (T2)."""

    ROLLATOR = "rollator", _("Rollator")
    WHEELCHAIR = "wheelchair", _("Kørestol")
    STRETCHER = "stretcher", _("Båre")
    OXYGEN = "oxygen", _("Ilt")
    GUIDE_DOG = "guide_dog", _("Førerhund")


class ChainLink(models.Model):
    """One thing that hangs on a booked time: who does it, when, and what happens to it when the time moves."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(CareChain, on_delete=models.CASCADE, related_name="links")
    request = models.ForeignKey("campaigns.BookingRequest", on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=12, choices=LinkKind)
    state = models.CharField(max_length=10, choices=LinkState, default=LinkState.NEEDED)
    at = models.DateTimeField(null=True)
    # Set: `at` is the booked time plus so many minutes, and follows it. Not set: it must be agreed anew.
    offset_minutes = models.IntegerField(null=True)
    provider = models.CharField(max_length=14, choices=Provider, blank=True)
    provider_name = models.CharField(max_length=120, blank=True)
    pick_up = models.CharField(max_length=200, blank=True)
    aids = ArrayField(models.CharField(max_length=12, choices=Aid), default=list)
    note = EncryptedTextField(kind="chain_note", blank=True)
    # What it was agreed for, when it must be agreed again.
    agreed_for = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind"], condition=~Q(state="cancelled"), name="chain_link_once_per_booking"
            ),
            models.CheckConstraint(condition=~Q(state="agreed") | Q(at__isnull=False), name="chain_link_agreed_when"),
        ]
        ordering = ["at", "id"]


class ChainChange(models.Model):
    """Append-only: what happened in the chain, who did it."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(CareChain, on_delete=models.CASCADE, related_name="changes")
    link_kind = models.CharField(max_length=12, choices=LinkKind, blank=True)
    event = models.CharField(max_length=12, choices=ChainEvent)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    # Whom it was handed to, or the time it was moved to.
    to_name = models.CharField(max_length=200, blank=True)
    moment = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
