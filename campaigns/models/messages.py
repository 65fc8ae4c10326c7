"""SMS messages with the states that keep them from being handed over twice (S5), and opt-outs (S7)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.privacy.fields import EncryptedTextField
from registry.models import Citizen, FollowUp, Municipality, Phone

from .texts import MessageTemplate


class MessageStatus(models.TextChoices):
    QUEUED = "queued", _("I kø")
    HANDING_OVER = "handing_over", _("Ved at blive afleveret")
    ACCEPTED = "accepted", _("Afleveret til operatøren")
    SENT = "sent", _("Sendt")
    DELIVERED = "delivered", _("Modtaget på telefonen")
    UNDELIVERED = "undelivered", _("Ikke modtaget")
    FAILED = "failed", _("Kunne ikke sendes")
    IN_DOUBT = "in_doubt", _("Usikker")
    CANCELLED = "cancelled", _("Annulleret")
    # Its time had passed before it could be sent (F16): never sent, no fault of the number.
    EXPIRED = "expired", _("Udløbet")


class SmsPurpose(models.TextChoices):
    """Why a message exists: decides what is checked again before it is handed over, and which distances hold (K9)."""

    FIRST_CONTACT = "first_contact", _("Opfølgning")
    WAVE = "wave", _("Udsendelse")
    REMINDER = "reminder", _("Påmindelse")
    RECEIPT = "receipt", _("Kvittering")
    REPLY = "reply", _("Svar")


# What the machine sends on its own account. The others were asked for, or written by a person.
MACHINE_PURPOSES = (SmsPurpose.FIRST_CONTACT, SmsPurpose.WAVE)


# `status_reason` of what waits because the gateway refuses the municipality's sender.
SENDER_REFUSED = "sender_refused"


class SmsMessageQuerySet(models.QuerySet["SmsMessage"]):
    def visible_to(self, actor: Actor) -> SmsMessageQuerySet:
        """Messages of the actor's municipality, for those who lead the sending."""
        if not actor.may(Permission.SEE_MESSAGES):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)


class SmsMessage(models.Model):
    """One message to one number. The row exists before anything is sent; PostgreSQL is the truth."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="messages")
    follow_up = models.ForeignKey(FollowUp, on_delete=models.SET_NULL, null=True, related_name="messages")
    phone = models.ForeignKey(Phone, on_delete=models.SET_NULL, null=True, related_name="+")
    # The wave it belongs to, if any (S3).
    wave = models.ForeignKey(
        "campaigns.SmsWave", on_delete=models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    number_ciphertext = models.BinaryField()
    number_index = models.BinaryField(max_length=32)
    # None for what a person wrote themselves (a reply).
    template = models.ForeignKey(MessageTemplate, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=16, choices=SmsPurpose, default=SmsPurpose.FIRST_CONTACT)
    body = EncryptedTextField(kind="sms_body")
    language = models.CharField(max_length=2, default="da")
    encoding = models.CharField(max_length=6)
    segments = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=14, choices=MessageStatus, default=MessageStatus.QUEUED)
    status_at = models.DateTimeField()
    # Why it waits, or was cancelled, as a code the page can say in words.
    status_reason = models.CharField(max_length=40, blank=True)
    not_before = models.DateTimeField()
    # After this it makes no sense any more (a reminder of yesterday's appointment); None: always does.
    expires_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True)
    gateway = models.CharField(max_length=20, blank=True)
    gateway_id = models.CharField(max_length=80, blank=True)
    error_code = models.CharField(max_length=20, blank=True)
    error_text = models.CharField(max_length=200, blank=True)
    # The same step of the same follow-up makes one message, however often it is planned (SS04).
    step_key = models.CharField(max_length=80)
    # The uncertain message that a person decided to send once more as this one (S5).
    again_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="sent_again")

    objects = SmsMessageQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "step_key"], name="message_once_per_step")]
        indexes = [
            models.Index(fields=["not_before", "id"], name="message_queue", condition=Q(status="queued")),
            models.Index(fields=["handed_over_at"], name="message_handing_over", condition=Q(status="handing_over")),
            models.Index(fields=["citizen", "-queued_at"], name="message_by_citizen"),
            # The thread of a number that replies (S7), and what is stopped with it.
            models.Index(fields=["number_index", "-queued_at"], name="message_by_number"),
            models.Index(fields=["expires_at"], name="message_expiry", condition=Q(status="queued")),
            models.Index(fields=["handed_over_at"], name="message_in_doubt", condition=Q(status="in_doubt")),
        ]


class SmsStatusChange(models.Model):
    """Append-only: each status a message has had."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(SmsMessage, on_delete=models.CASCADE, related_name="changes")
    status = models.CharField(max_length=14, choices=MessageStatus)
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]


class OptOut(models.Model):
    """A number that wants no messages. Per number, so it survives re-imports and new citizens (PH11)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    number_index = models.BinaryField(max_length=32)
    since = models.DateTimeField()
    source = models.CharField(max_length=40, help_text="reply, caseworker")
    by_name = models.CharField(max_length=200, blank=True)
    # Known from this spreadsheet alone: undone with it (L8).
    earlier_contacts = models.ForeignKey(
        "campaigns.EarlierContacts", on_delete=models.SET_NULL, null=True, blank=True, related_name="opt_outs"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "number_index"], name="opt_out_once_per_number")]
