"""Vaccination programmes, their target groups and the duties that follow: all of it dated data (C7, K3)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .geography import Municipality


class Programme(models.Model):
    """A vaccination programme: covid-19, influenza, pneumococcal."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class GroupKind(models.TextChoices):
    CARE_HOME = "care_home", _("Bor på plejehjem")
    BOTH_SERVICES_65 = "both_services_65", _("Mindst 65 år med personlig pleje og praktisk hjælp")
    BIRTH_YEARS = "birth_years", _("Årgange")
    LISTED_ONLY = "listed_only", _("Kun efter liste")


class TargetGroup(models.Model):
    """A target group of a programme. `order` decides the earliest group, in which a citizen counts once.

    `birth_years` holds pairs from–to, both included, flattened: [1972, 1976, 2002, 2005]. An open start is 0.
    `mandatory_from` is the day from which the follow-up duty covers the group (K3); empty = voluntary.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="groups")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30, choices=GroupKind)
    birth_years = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    mandatory_from = models.DateField(null=True, blank=True)
    mandatory_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "code", "valid_from"], name="target_group_once")]
        ordering = ["programme", "order"]

    def __str__(self) -> str:
        return self.code


class DeadlineRule(models.Model):
    """Working days from a list's receipt to the first contact and to an answer (K3). Empty municipality = all."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="deadline_rules")
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, null=True, blank=True)
    first_contact_days = models.PositiveSmallIntegerField(default=5)
    answer_days = models.PositiveSmallIntegerField(default=15)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "municipality"], name="deadline_rule_once", nulls_distinct=False
            )
        ]


class GroupDuty(models.Model):
    """A municipality's own dates for the duty to follow up a group: before those of the target group (K3).

    Without `mandatory_from` the group is voluntary there.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="group_duties")
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE)
    code = models.CharField(max_length=10)
    mandatory_from = models.DateField(null=True, blank=True)
    mandatory_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "municipality", "code"], name="group_duty_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} in {self.municipality_id}"
