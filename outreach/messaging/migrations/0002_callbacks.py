import django.db.models.functions.datetime
from django.db import migrations, models

import outreach.privacy.fields


class Migration(migrations.Migration):
    """What a gateway tells us, and the way from there to a municipality (S6, S7)."""

    dependencies = [
        ("messaging", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="GatewayEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("status", "Leveringsstatus"), ("inbound", "Svar")], max_length=8)),
                ("gateway", models.CharField(max_length=20)),
                ("gateway_id", models.CharField(max_length=64)),
                ("status", models.CharField(blank=True, max_length=40)),
                ("error_code", models.CharField(blank=True, max_length=20)),
                ("reference", models.UUIDField(null=True)),
                ("number_ciphertext", models.BinaryField(null=True)),
                ("number_index", models.BinaryField(max_length=32, null=True)),
                ("own_number", models.CharField(blank=True, max_length=40)),
                ("body", outreach.privacy.fields.EncryptedTextField(blank=True, kind="gateway_event_body", null=True)),
                ("media", models.PositiveSmallIntegerField(default=0)),
                ("opt_out_word", models.CharField(blank=True, max_length=10)),
                ("received_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("processed_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("applied", "Skrevet ned"),
                            ("repeated", "Kendt i forvejen"),
                            ("conflict", "Modsiger det, vi ved"),
                            ("unknown_status", "Ukendt status"),
                            ("orphan", "Hører ikke til nogen besked"),
                            ("unrouted", "Hører ikke til nogen kommune"),
                            ("failed", "Kunne ikke behandles"),
                        ],
                        max_length=16,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("processed_at", None)), fields=["id"], name="gateway_event_waiting"
                    ),
                    models.Index(fields=["received_at"], name="gateway_event_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "status")),
                        fields=("gateway_id", "status"),
                        name="gateway_event_once_per_status",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "inbound")),
                        fields=("gateway_id",),
                        name="gateway_event_once_per_reply",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageRoute",
            fields=[
                ("message_id", models.UUIDField(primary_key=True, serialize=False)),
                ("municipality_code", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["made_at"], name="message_route_by_time")],
            },
        ),
        migrations.CreateModel(
            name="NumberRoute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number_index", models.BinaryField(max_length=32)),
                ("municipality_code", models.PositiveSmallIntegerField()),
                ("last_message_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["last_message_at"], name="number_route_by_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("number_index", "municipality_code"), name="number_route_once")
                ],
            },
        ),
    ]
