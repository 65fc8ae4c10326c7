"""Citizen files on their way into the registry, and their receipts (C1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .geography import Municipality


class CitizenImportState(models.TextChoices):
    RECEIVED = "received", _("Modtaget")
    # It changes so many people that a second person looks first (IC07).
    HELD = "held", _("Holdes tilbage")
    DONE = "done", _("Indlæst")
    FAILED = "failed", _("Kunne ikke indlæses")
    REJECTED = "rejected", _("Afvist")


class CitizenImport(models.Model):
    """One citizen file and its receipt. Rows live only in a temporary table while they are read."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    display_name = models.CharField(max_length=120)
    file_sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="added, changed, unchanged, unreadable")
    errors = models.JSONField(default=list, help_text='[{"row", "column", "code", "message"}], no personal data')
    gates = models.JSONField(default=list, help_text='[{"code", "rows", "message"}] that hold the file')
    overrides = models.JSONField(default=list, help_text='[{"code", "rows", "reason", "by", "at"}]')
    imported_by_id = models.BigIntegerField(null=True)
    imported_by_name = models.CharField(max_length=200)
    imported_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=CitizenImportState, default=CitizenImportState.DONE)
    stored_name = models.CharField(max_length=60, blank=True, help_text="private file; empty once it is erased")
    warnings = models.JSONField(default=list, help_text='[{"code", "count", "message"}], no personal data')
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=400, blank=True)
    progress = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-imported_at"]
