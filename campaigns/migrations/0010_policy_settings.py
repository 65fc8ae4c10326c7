import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from outreach.privacy.row_security import append_only


class Migration(migrations.Migration):
    """Contact policies edited as data, with their history (K2, K3)."""

    dependencies = [
        ("campaigns", "0009_earlier_contacts_gates"),
        ("registry", "0015_order_ends"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opens", models.PositiveSmallIntegerField(default=9, help_text="the hour from which SMS may go")),
                ("closes", models.PositiveSmallIntegerField(default=20, help_text="the hour from which they may not")),
                ("sundays", models.BooleanField(default=False)),
                ("holidays", models.BooleanField(default=False)),
                ("messages_per_minute", models.PositiveSmallIntegerField(default=60)),
                (
                    "municipality",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_settings",
                        to="registry.municipality",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("closes__lte", 21), ("opens__gte", 8), ("opens__lt", F("closes"))),
                        name="sending_window_by_day",
                    ),
                    models.CheckConstraint(condition=Q(("messages_per_minute__gte", 1)), name="messages_are_sent"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPlanChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_user_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=200)),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.municipality"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["municipality", "-at"], name="contact_plan_change_by_time")],
            },
        ),
        append_only("campaigns_contactplanchange"),
    ]
