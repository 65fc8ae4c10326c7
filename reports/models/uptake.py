"""Uptake as SSI publishes it: stored facts by as-of date, suppressed values kept as suppressed (D1, D2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import Institution, Municipality, NonresponderList, Parish, Programme, Region


class UptakeKind(models.TextChoices):
    GROUP = "group", _("Målgruppe")
    PARISH = "parish", _("Sogn")
    MUNICIPALITY = "municipality", _("Kommune")
    REGION = "region", _("Region")
    AGE = "age", _("Alder og køn")
    INSTITUTION = "institution", _("Institution")


class UptakeSnapshot(models.Model):
    """One imported file. `municipality` is set where the file speaks of one municipality only (groups)."""

    kind = models.CharField(max_length=14, choices=UptakeKind)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    as_of = models.DateField()
    source = models.CharField(max_length=200, help_text="printed under every figure that comes from it")
    invented = models.BooleanField(default=False, help_text="demo data, labelled as such")
    file_sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    suppressed = models.PositiveIntegerField(default=0)
    unknown_places = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    imported_by_name = models.CharField(max_length=200)
    imported_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "programme", "municipality", "-as_of"], name="snapshot_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["file_sha256", "kind", "programme", "municipality", "as_of"],
                name="snapshot_once_per_file",
                nulls_distinct=False,
            )
        ]
        ordering = ["-as_of", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.as_of}"


class UptakeFigure(models.Model):
    """One row of a snapshot. None = the file did not say; `suppressed` = it was hidden, which is not zero."""

    snapshot = models.ForeignKey(UptakeSnapshot, on_delete=models.CASCADE, related_name="figures")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    parish = models.ForeignKey(Parish, on_delete=models.PROTECT, null=True, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="+")
    target_group = models.CharField(max_length=10, blank=True)
    age_group = models.CharField(max_length=10, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    is_total = models.BooleanField(default=False, help_text="a total row, stored as given (D5)")
    is_country = models.BooleanField(default=False)
    position = models.PositiveIntegerField(help_text="row number in the file")
    population = models.PositiveIntegerField(null=True)
    invited = models.PositiveIntegerField(null=True)
    not_booked = models.PositiveIntegerField(null=True)
    started = models.PositiveIntegerField(null=True)
    complete = models.PositiveIntegerField(null=True)
    not_booked_share = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    booked_share = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    started_share = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    complete_share = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    suppressed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "position"], name="uptake_figure_row_once"),
            models.CheckConstraint(condition=Q(sex__in=["", "K", "M"]), name="uptake_figure_sex_known"),
        ]
        indexes = [
            models.Index(fields=["snapshot", "municipality"], name="figure_by_municipality"),
            models.Index(fields=["snapshot", "parish"], name="figure_by_parish"),
        ]


class FollowUpSummary(models.Model):
    """Own follow-up counted per area, replaced per municipality in one transaction. Exact: never shown
    across organisations without disclosure control (D4)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    parish = models.ForeignKey(Parish, on_delete=models.CASCADE, null=True, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, null=True, related_name="+")
    target_group = models.CharField(max_length=10, blank=True)
    on_newest_list = models.PositiveIntegerField()
    open = models.PositiveIntegerField()
    contacted = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    declined = models.PositiveIntegerField()
    undecided = models.PositiveIntegerField()
    booked = models.PositiveIntegerField()
    gone = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "programme", "parish", "institution", "target_group"],
                name="follow_up_summary_once",
                nulls_distinct=False,
            )
        ]


class ListGroupSummary(models.Model):
    """One committed list counted per target group, for those who may see the status note but no citizen.

    Exact, so it never leaves the municipality. An empty `target_group` is rows whose group nobody knows.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    nonresponder_list = models.ForeignKey(NonresponderList, on_delete=models.CASCADE, related_name="+")
    target_group = models.CharField(max_length=10, blank=True)
    not_reacted = models.PositiveIntegerField()
    declined = models.PositiveIntegerField()
    undecided = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["nonresponder_list", "target_group"], name="list_group_summary_once")
        ]

    def __str__(self) -> str:
        return f"list {self.nonresponder_list_id}, group {self.target_group}"
