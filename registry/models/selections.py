"""The municipality's own selections of citizens to follow up without a list from SSI (L9). Holds no citizen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission

from .geography import Municipality
from .programmes import Programme


class SelectionState(models.TextChoices):
    DRAFT = "draft", _("Kladde")
    STARTED = "started", _("I gang")
    ENDED = "ended", _("Afsluttet")
    UNDONE = "undone", _("Fortrudt")


class SelectionQuerySet(models.QuerySet["Selection"]):
    def visible_to(self, actor: Actor) -> SelectionQuerySet:
        """The selections of the actor's own municipality, for those who work with lists."""
        if not actor.may(Permission.SEE_LISTS):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)


class Selection(models.Model):
    """Criteria, the purpose they are used for, and what became of them. `criteria`: `Criteria.stored()`."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=1000, help_text="why, and on which legal basis")
    criteria = models.JSONField(default=dict)
    ends_on = models.DateField(null=True, blank=True, help_text="the last day it runs")
    state = models.CharField(max_length=10, choices=SelectionState, default=SelectionState.DRAFT)
    state_changed_at = models.DateTimeField()
    counts = models.JSONField(default=dict, help_text="what the last start did with how many")
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    started_by_name = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)

    objects = SelectionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "ends_on"], name="selection_by_state")]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"selection {self.pk}"


class SelectionStateChange(models.Model):
    """Append-only: when a selection changed state, and who did it."""

    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=10, choices=SelectionState)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]
