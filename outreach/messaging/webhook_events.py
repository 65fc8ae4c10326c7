"""What a gateway tells us, as it came (S6, S7): stored at once, worked on afterwards, erased when its time is up.

The gateway knows numbers and texts, never citizens: a row here belongs to no municipality until it has been routed.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from outreach.privacy.fields import EncryptedTextField
from outreach.privacy.sealing import unseal


class EventKind(models.TextChoices):
    STATUS = "status", _("Leveringsstatus")
    INBOUND = "inbound", _("Svar")


class EventResult(models.TextChoices):
    """What became of an event; empty while it waits."""

    APPLIED = "applied", _("Skrevet ned")
    REPEATED = "repeated", _("Kendt i forvejen")
    CONFLICT = "conflict", _("Modsiger det, vi ved")
    UNKNOWN_STATUS = "unknown_status", _("Ukendt status")
    ORPHAN = "orphan", _("Hører ikke til nogen besked")
    UNROUTED = "unrouted", _("Hører ikke til nogen kommune")
    FAILED = "failed", _("Kunne ikke behandles")


class GatewayEvent(models.Model):
    """One callback, with its number and text sealed. Unique on (id, status), and for replies on the id alone."""

    kind = models.CharField(max_length=8, choices=EventKind)
    gateway = models.CharField(max_length=20)
    gateway_id = models.CharField(max_length=64)
    # As the gateway wrote them, also words we do not know (SW08).
    status = models.CharField(max_length=40, blank=True)
    error_code = models.CharField(max_length=20, blank=True)
    # Our message, by the address that was called (SW07).
    reference = models.UUIDField(null=True)
    number_ciphertext = models.BinaryField(null=True)
    number_index = models.BinaryField(max_length=32, null=True)
    # Our own number or sender that was written to.
    own_number = models.CharField(max_length=40, blank=True)
    body = EncryptedTextField(kind="gateway_event_body", blank=True, null=True)
    media = models.PositiveSmallIntegerField(default=0)
    # The gateway's own reading of a reply: STOP, START or HELP.
    opt_out_word = models.CharField(max_length=10, blank=True)
    received_at = models.DateTimeField(db_default=Now())
    processed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=16, choices=EventResult, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gateway_id", "status"], condition=Q(kind="status"), name="gateway_event_once_per_status"
            ),
            models.UniqueConstraint(
                fields=["gateway_id"], condition=Q(kind="inbound"), name="gateway_event_once_per_reply"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="gateway_event_waiting", condition=Q(processed_at=None)),
            models.Index(fields=["received_at"], name="gateway_event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.gateway_id} {self.status}".strip()

    @property
    def number(self) -> str:
        """Who wrote, in E.164; empty once the event has been worked on."""
        if self.number_ciphertext is None or self.number_index is None:
            return ""
        return unseal("phone", self.number_ciphertext, self.number_index)


class MessageRoute(models.Model):
    """Which municipality a message that was handed over belongs to, so that its receipt finds the way."""

    message_id = models.UUIDField(primary_key=True)
    municipality_code = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="message_route_by_time")]


class NumberRoute(models.Model):
    """Which municipalities have written to a number, and when last: a reply goes to the last one.

    The number is a keyed index that leads to nobody without the key, and to no citizen at all.
    """

    number_index = models.BinaryField(max_length=32)
    municipality_code = models.PositiveSmallIntegerField()
    last_message_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number_index", "municipality_code"], name="number_route_once"),
        ]
        indexes = [models.Index(fields=["last_message_at"], name="number_route_by_time")]
