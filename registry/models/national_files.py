"""A file for the whole country, from its receipt until it is split into one list per municipality (L8b)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .programmes import Programme


class NationalFileState(models.TextChoices):
    RECEIVED = "received", _("Modtaget")
    # Something about it makes a person look first (IC06).
    HELD = "held", _("Holdes tilbage")
    SPLIT = "split", _("Delt")
    FAILED = "failed", _("Kan ikke læses")
    WITHDRAWN = "withdrawn", _("Trukket tilbage")


class NationalFile(models.Model):
    """What a national file states and how its rows were shared out. Holds no citizen and is nobody's municipality's.

    `shares`: municipality code → rows; `unplaced`: numbers of rows whose municipality nobody could tell (at most
    1,000 of `unplaced_rows`); `not_served`: code → rows of municipalities that do not use this installation.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    waiting_days = models.PositiveSmallIntegerField()
    groups_stated = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    sender = models.CharField(max_length=80, blank=True)
    stored_name = models.CharField(max_length=80, help_text="generated name under UPLOAD_ROOT/national/")
    display_name = models.CharField(max_length=120)
    file_sha256 = models.CharField(max_length=64)
    file_bytes = models.BigIntegerField()
    file_erased_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=NationalFileState, default=NationalFileState.RECEIVED)
    rows = models.PositiveIntegerField(default=0)
    shares = models.JSONField(default=dict)
    not_served = models.JSONField(default=dict)
    unplaced_rows = models.PositiveIntegerField(default=0)
    unplaced = models.JSONField(default=list)
    held_because = models.JSONField(default=list, help_text='[{"code", "message"}]')
    confirmed_because = models.CharField(max_length=300, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    received_by_name = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    split_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-as_of", "-id"]

    def __str__(self) -> str:
        return f"national file {self.pk}"
