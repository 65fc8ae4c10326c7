import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from outreach.privacy.row_security import enable_row_security


class Migration(migrations.Migration):
    """SMS waves from audience to result (S3)."""

    dependencies = [
        ("campaigns", "0013_texts"),
        ("popup_sites", "0002_notices_and_status_changes"),
        ("registry", "0015_order_ends"),
    ]

    operations = [
        migrations.CreateModel(
            name="SmsWave",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("template_code", models.SlugField(max_length=60)),
                (
                    "missing_text",
                    models.CharField(
                        choices=[("danish", "Får den danske tekst"), ("leave_out", "Får ingen sms")],
                        default="danish",
                        max_length=10,
                    ),
                ),
                ("filter", models.JSONField(default=dict)),
                ("starts_at", models.DateTimeField()),
                ("per_minute", models.PositiveIntegerField()),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("hold_out_percent", models.PositiveSmallIntegerField(default=0)),
                ("no_room_reason", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Kladde"),
                            ("awaiting", "Venter på godkendelse"),
                            ("approved", "Godkendt, sendes snart"),
                            ("sending", "Bliver sendt"),
                            ("held", "Sat på pause"),
                            ("finished", "Færdig"),
                            ("cancelled", "Annulleret"),
                            ("rejected", "Afvist"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("state_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("preview", models.JSONField(default=dict)),
                ("texts", models.JSONField(default=dict)),
                ("made_by_name", models.CharField(max_length=200)),
                (
                    "made_by_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("decided_by_id", models.IntegerField(null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("queued_at", models.DateTimeField(help_text="when the last message was put in the queue", null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.programme"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        help_text="the pop-up that the text mentions",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="popup_sites.vaccinationsession",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="smsmessage",
            name="wave",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="messages",
                to="campaigns.smswave",
            ),
        ),
        migrations.CreateModel(
            name="SmsWaveChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Kladde"),
                            ("awaiting", "Venter på godkendelse"),
                            ("approved", "Godkendt, sendes snart"),
                            ("sending", "Bliver sendt"),
                            ("held", "Sat på pause"),
                            ("finished", "Færdig"),
                            ("cancelled", "Annulleret"),
                            ("rejected", "Afvist"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "wave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="campaigns.smswave"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="SmsWaveRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=2)),
                ("position", models.PositiveIntegerField()),
                ("held_out", models.BooleanField(default=False)),
                ("queued", models.BooleanField(default=False)),
                ("left_out", models.CharField(blank=True, max_length=20)),
                (
                    "citizen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wave_places", to="registry.citizen"
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="registry.followup",
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
                (
                    "wave",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="campaigns.smswave",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WaveSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "second_person",
                    models.BooleanField(default=True, help_text="another person than the maker approves"),
                ),
                ("expected_percent", models.PositiveSmallIntegerField(default=10)),
                (
                    "municipality",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wave_settings",
                        to="registry.municipality",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="smswave",
            index=models.Index(fields=["municipality", "-created_at"], name="wave_by_municipality"),
        ),
        migrations.AddConstraint(
            model_name="smswave",
            constraint=models.CheckConstraint(condition=models.Q(("per_minute__gte", 1)), name="wave_has_a_pace"),
        ),
        migrations.AddConstraint(
            model_name="smswave",
            constraint=models.CheckConstraint(
                condition=models.Q(("hold_out_percent__lte", 50)), name="wave_hold_out_at_most_half"
            ),
        ),
        migrations.AddIndex(
            model_name="smswaverecipient",
            index=models.Index(
                condition=models.Q(("held_out", False), ("left_out", ""), ("queued", False)),
                fields=["wave", "position"],
                name="wave_recipient_to_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="smswaverecipient",
            constraint=models.UniqueConstraint(fields=("wave", "citizen"), name="wave_recipient_once"),
        ),
        migrations.AddConstraint(
            model_name="wavesettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("expected_percent__gte", 1), ("expected_percent__lte", 100)),
                name="wave_expected_percent",
            ),
        ),
        enable_row_security("campaigns_smswaverecipient"),
    ]
