"""Workload: what contact has taken, day by day, and the grant it is paid from (K12).

The day's figures are sums without citizens, so that a manager may read them. Days once counted stay when retention
erases the contacts behind them.
"""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import F, Q

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from registry.models import Municipality, NonresponderList, Programme

Row = TypeVar("Row", bound=models.Model)


class OfOwnMunicipality(models.QuerySet[Row]):
    """Sums are seen by those who follow the workload of their own municipality."""

    def visible_to(self, actor: Actor) -> OfOwnMunicipality[Row]:
        if not actor.may(Permission.SEE_WORKLOAD):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)


class WorkloadDay(models.Model):
    """What one day's contacts took, by list, programme and target group. Each contact counts once."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(help_text="in Copenhagen")
    nonresponder_list = models.ForeignKey(NonresponderList, on_delete=models.SET_NULL, null=True, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    target_group = models.CharField(max_length=10, blank=True)
    # Calls made and calls taken when somebody rang back; `reached` of both together.
    calls = models.PositiveIntegerField(default=0)
    calls_in = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField(default=0)
    # Seconds of calls whose time is known: told by the caller, or from the claim to the answer.
    seconds = models.PositiveBigIntegerField(default=0)
    untimed = models.PositiveIntegerField(default=0, help_text="calls whose time nobody knows")
    # A health adviser's talks, held or tried: their minutes are paid as well, and say nothing of how long a call takes.
    talks = models.PositiveIntegerField(default=0)
    talk_seconds = models.PositiveBigIntegerField(default=0)
    talks_untimed = models.PositiveIntegerField(default=0, help_text="talks whose time nobody knows")
    lookups = models.PositiveIntegerField(default=0)
    # Parts of messages handed to the gateway: what is paid for.
    messages = models.PositiveIntegerField(default=0)
    segments = models.PositiveIntegerField(default=0)
    letters = models.PositiveIntegerField(default=0)
    rides = models.PositiveIntegerField(default=0, help_text="rides asked for in a contact")

    objects = OfOwnMunicipality.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "day", "nonresponder_list", "programme", "target_group"],
                nulls_distinct=False,
                name="workload_once_per_day",
            )
        ]


class WorkloadWaiting(models.Model):
    """How many calls wait at the last count, by deadline: sums, for what staffing is needed."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    deadline = models.DateField(null=True)
    calls = models.PositiveIntegerField()

    objects = OfOwnMunicipality.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "deadline"], nulls_distinct=False, name="workload_waiting_once"
            )
        ]


class WorkloadCount(models.Model):
    """When a municipality's workload was counted last, and up to which day."""

    municipality = models.OneToOneField(Municipality, on_delete=models.PROTECT, primary_key=True, related_name="+")
    counted_at = models.DateTimeField()

    objects = OfOwnMunicipality.as_manager()


class WorkBudget(models.Model):
    """A grant and its period, with what things cost [004: 400.000 kr., to 31 August]. Amounts in øre."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=120)
    reference = models.CharField(max_length=120, blank=True, help_text="where it was granted")
    amount = models.PositiveBigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    hourly_rate = models.PositiveIntegerField()
    segment_price = models.PositiveIntegerField(help_text="one part of an SMS")
    letter_price = models.PositiveIntegerField()
    ride_price = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=200)

    objects = OfOwnMunicipality.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="work_budget_period"),
            models.UniqueConstraint(fields=["municipality", "starts_on", "name"], name="work_budget_once"),
        ]
        ordering = ["-starts_on", "id"]

    def __str__(self) -> str:
        return self.name
