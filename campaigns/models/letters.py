"""Letters in batches (S9): what was printed or handed to Digital Post, for whom, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.privacy.fields import EncryptedTextField
from registry.models import Citizen, Municipality

from .texts import LetterText


class LetterSender(models.Model):
    """What a municipality's letters say about who writes: return address, and the CVR number Digital Post asks for."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, related_name="letter_sender")
    unit = models.CharField(max_length=80, blank=True, help_text="department")
    address = models.CharField(max_length=120)
    postal_code = models.CharField(max_length=4)
    city = models.CharField(max_length=80)
    cvr = models.CharField(max_length=8, blank=True)


class BatchState(models.TextChoices):
    MAKING = "making", _("Under udarbejdelse")
    READY = "ready", _("Klar til at sende")
    SENT = "sent", _("Sendt")
    UNDONE = "undone", _("Fortrudt")
    FAILED = "failed", _("Gik i stå")


BATCH_TRANSITIONS = {
    BatchState.MAKING: {BatchState.READY, BatchState.FAILED, BatchState.UNDONE},
    BatchState.READY: {BatchState.SENT, BatchState.UNDONE},
    BatchState.FAILED: {BatchState.MAKING, BatchState.UNDONE},
    BatchState.SENT: set(),
    BatchState.UNDONE: set(),
}


class LetterBatchQuerySet(models.QuerySet["LetterBatch"]):
    def visible_to(self, actor: Actor) -> LetterBatchQuerySet:
        """Batches of the actor's municipality, for those who send letters."""
        if not actor.may(Permission.SEND_LETTERS):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)


class LetterBatch(models.Model):
    """A pile of letters made at once. Its files are erased after a time; its rows say what was sent."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.MAKING)
    state_changed_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=200)
    # The opened page that asked for it: the same page posted twice makes one batch.
    asked_as = models.UUIDField(null=True, editable=False)
    letters_made = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)
    # Generated names in UPLOAD_ROOT/letters, sealed; empty where there is no letter of that kind.
    paper_file = models.CharField(max_length=80, blank=True)
    digital_file = models.CharField(max_length=80, blank=True)
    files_erased_at = models.DateTimeField(null=True)

    objects = LetterBatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["municipality", "-created_at"], name="letter_batches")]
        constraints = [models.UniqueConstraint(fields=["municipality", "asked_as"], name="letter_batch_asked_once")]


class LetterBatchChange(models.Model):
    """Append-only: each state a batch has had, and who brought it there."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(LetterBatch, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=10, choices=BatchState)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]


class LetterChannel(models.TextChoices):
    PAPER = "paper", _("Papir")
    DIGITAL = "digital", _("Digital Post")


class LetterState(models.TextChoices):
    WAITING = "waiting", _("Venter i bunken")
    SENT = "sent", _("Sendt")
    TAKEN_OUT = "taken_out", _("Taget ud")
    RETURNED = "returned", _("Kom retur")


class Letter(models.Model):
    """One letter to one citizen, for all their programmes at once (C8)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(LetterBatch, on_delete=models.CASCADE, related_name="letters")
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="letters")
    # Its place in the pile, so that it can be found and taken out by hand; Digital Post has a numbering of its own.
    position = models.PositiveIntegerField()
    channel = models.CharField(max_length=8, choices=LetterChannel)
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.WAITING)
    text = models.ForeignKey(LetterText, on_delete=models.PROTECT, related_name="+")
    # C5: why a protected address was released for this one letter, and by whom.
    release_reason = EncryptedTextField(kind="letter_release", blank=True)
    released_by_name = models.CharField(max_length=200, blank=True)
    # Why it was taken out, as a code the page can say in words.
    taken_out_reason = models.CharField(max_length=40, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["citizen"], condition=Q(state="waiting"), name="one_waiting_letter"),
            models.UniqueConstraint(fields=["batch", "channel", "position"], name="letter_place_once"),
        ]
