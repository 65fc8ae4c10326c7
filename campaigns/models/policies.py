"""How and how often citizens are contacted: policies, all data (K2)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from registry.models import Municipality, NextStepKind, Programme


class ContactPolicy(models.Model):
    """The order of contacts in a programme. A municipality's own policy goes before the common one."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="contact_policies")
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, null=True, blank=True)
    name = models.CharField(max_length=80)
    # Hours kept between two messages, and between a call and a message (K9).
    quiet_gap_hours = models.PositiveSmallIntegerField(default=24)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "municipality"], name="contact_policy_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class ContactPolicyStep(models.Model):
    """One step: what, how many days after the step before, how often, and when in the day."""

    policy = models.ForeignKey(ContactPolicy, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=NextStepKind)
    delay_days = models.PositiveSmallIntegerField(default=0, help_text="working days since the step before")
    attempts = models.PositiveSmallIntegerField(default=1)
    retry_days = models.PositiveSmallIntegerField(default=1, help_text="working days between attempts")
    # Hours of the day, one after the other for each attempt: [10, 14, 17] varies the time of day (K4).
    hours = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "position"], name="policy_step_position_once")]
        ordering = ["policy", "position"]


class ContactPoint(models.Model):
    """What a municipality's messages say about whom to call, and who they come from (K10)."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, related_name="contact_point")
    phone = models.CharField(max_length=20, help_text="as citizens read it: 12 34 56 78")
    # Eleven letters and digits is what networks show; an SMS with such a sender cannot be answered everywhere.
    sms_sender = models.CharField(max_length=11, blank=True)

    def __str__(self) -> str:
        return f"contact point of {self.municipality_id}"
