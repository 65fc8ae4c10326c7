"""Who changed which row of the reference data when, and from what to what. Append-only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .geography import Municipality

if TYPE_CHECKING:
    from outreach.access.actor import Actor


class ReferenceAction(models.TextChoices):
    ADDED = "added", _("Oprettet")
    CHANGED = "changed", _("Ændret")


class ReferenceChangeQuerySet(models.QuerySet["ReferenceChange"]):
    def visible_to(self, actor: Actor) -> ReferenceChangeQuerySet:
        """Changes of rows that are national or belong to a municipality the actor may see."""
        visible = Municipality.objects.visible_to(actor)
        return self.filter(Q(municipality=None) | Q(municipality__in=visible))


class ReferenceChange(models.Model):
    """One change of one row. `table` is the key of the reference table, `row_key` the row's primary key.

    `changes` holds {field: [before, after]} in plain values; `origin` says how it came: a page, a file, the register.
    """

    table = models.CharField(max_length=40)
    row_key = models.CharField(max_length=40)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=10, choices=ReferenceAction)
    changes = models.JSONField(default=dict)
    origin = models.CharField(max_length=200)
    by_name = models.CharField(max_length=200)
    user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    objects = ReferenceChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["table", "row_key", "-at"], name="reference_change_of_row")]
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.table} {self.row_key}: {self.action}"
