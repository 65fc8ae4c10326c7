import django.db.models.deletion
from django.db import migrations, models

import outreach.privacy.fields
from outreach.privacy.row_security import enable_row_security


class Migration(migrations.Migration):
    """Workload and the sample of outcomes (K12, K13)."""

    dependencies = [
        ("campaigns", "0018_letters"),
        ("registry", "0012_list_speed"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkloadCount",
            fields=[
                (
                    "municipality",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.municipality",
                    ),
                ),
                ("counted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="QualitySettings",
            fields=[
                (
                    "municipality",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.municipality",
                    ),
                ),
                (
                    "first_outcomes",
                    models.PositiveSmallIntegerField(default=20, help_text="all of a new caller's are looked at"),
                ),
                ("percent", models.PositiveSmallIntegerField(default=5, help_text="of the later ones")),
                ("changed_at", models.DateTimeField(null=True)),
                ("changed_by_name", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="quality_percent")
                ],
            },
        ),
        migrations.CreateModel(
            name="QualityCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("caller_id", models.BigIntegerField()),
                ("caller_name", models.CharField(max_length=200)),
                ("picked_at", models.DateTimeField()),
                (
                    "because",
                    models.CharField(choices=[("new_caller", "Ny i køen"), ("sample", "Stikprøve")], max_length=12),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("fine", "I orden"), ("to_correct", "Rettes"), ("follow_up", "Opkaldet følges op")],
                        max_length=12,
                    ),
                ),
                ("comment", outreach.privacy.fields.EncryptedTextField(blank=True, kind="quality_comment", null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("checked_by_id", models.BigIntegerField(null=True)),
                ("checked_by_name", models.CharField(blank=True, max_length=200)),
                ("followed_up_at", models.DateTimeField(null=True)),
                ("followed_up_by_name", models.CharField(blank=True, max_length=200)),
                ("seen_at", models.DateTimeField(help_text="the caller has read it", null=True)),
                (
                    "attempt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quality_check",
                        to="campaigns.contactattempt",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("verdict", "")),
                        fields=["municipality", "picked_at"],
                        name="quality_waiting",
                    ),
                    models.Index(fields=["municipality", "caller_id", "checked_at"], name="quality_by_caller"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_at", None), ("verdict", "")),
                            models.Q(models.Q(("verdict", ""), _negated=True), ("checked_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="quality_check_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkBudget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("reference", models.CharField(blank=True, help_text="where it was granted", max_length=120)),
                ("amount", models.PositiveBigIntegerField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("hourly_rate", models.PositiveIntegerField()),
                ("segment_price", models.PositiveIntegerField(help_text="one part of an SMS")),
                ("letter_price", models.PositiveIntegerField()),
                ("ride_price", models.PositiveIntegerField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by_name", models.CharField(max_length=200)),
                (
                    "municipality",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="work_budget_period"
                    ),
                    models.UniqueConstraint(fields=("municipality", "starts_on", "name"), name="work_budget_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkloadDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(help_text="in Copenhagen")),
                ("target_group", models.CharField(blank=True, max_length=10)),
                ("calls", models.PositiveIntegerField(default=0)),
                ("calls_in", models.PositiveIntegerField(default=0)),
                ("reached", models.PositiveIntegerField(default=0)),
                ("seconds", models.PositiveBigIntegerField(default=0)),
                ("untimed", models.PositiveIntegerField(default=0, help_text="calls whose time nobody knows")),
                ("lookups", models.PositiveIntegerField(default=0)),
                ("messages", models.PositiveIntegerField(default=0)),
                ("segments", models.PositiveIntegerField(default=0)),
                ("letters", models.PositiveIntegerField(default=0)),
                ("rides", models.PositiveIntegerField(default=0, help_text="rides asked for in a contact")),
                (
                    "municipality",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
                (
                    "nonresponder_list",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="registry.nonresponderlist",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.programme",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "day", "nonresponder_list", "programme", "target_group"),
                        name="workload_once_per_day",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkloadWaiting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("deadline", models.DateField(null=True)),
                ("calls", models.PositiveIntegerField()),
                (
                    "municipality",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "deadline"), name="workload_waiting_once", nulls_distinct=False
                    )
                ],
            },
        ),
        enable_row_security("campaigns_qualitycheck"),
    ]
