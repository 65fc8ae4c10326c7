from django.db import migrations, models
from django.db.models import deletion

import outreach.privacy.fields
from outreach.privacy.row_security import enable_row_security


class Migration(migrations.Migration):
    """Letter batches (S9)."""

    dependencies = [
        ("campaigns", "0017_bookings"),
        ("registry", "0015_order_ends"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("making", "Under udarbejdelse"),
                            ("ready", "Klar til at sende"),
                            ("sent", "Sendt"),
                            ("undone", "Fortrudt"),
                            ("failed", "Gik i stå"),
                        ],
                        default="making",
                        max_length=10,
                    ),
                ),
                ("state_changed_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(max_length=200)),
                ("letters_made", models.PositiveIntegerField(default=0)),
                ("leased_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                ("paper_file", models.CharField(blank=True, max_length=80)),
                ("digital_file", models.CharField(blank=True, max_length=80)),
                ("files_erased_at", models.DateTimeField(null=True)),
                (
                    "municipality",
                    models.ForeignKey(on_delete=deletion.PROTECT, related_name="+", to="registry.municipality"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("channel", models.CharField(choices=[("paper", "Papir"), ("digital", "Digital Post")], max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Venter i bunken"),
                            ("sent", "Sendt"),
                            ("taken_out", "Taget ud"),
                            ("returned", "Kom retur"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("release_reason", outreach.privacy.fields.EncryptedTextField(blank=True, kind="letter_release")),
                ("released_by_name", models.CharField(blank=True, max_length=200)),
                ("taken_out_reason", models.CharField(blank=True, max_length=40)),
                ("returned_at", models.DateTimeField(null=True)),
                ("returned_by_name", models.CharField(blank=True, max_length=200)),
                (
                    "citizen",
                    models.ForeignKey(on_delete=deletion.CASCADE, related_name="letters", to="registry.citizen"),
                ),
                (
                    "municipality",
                    models.ForeignKey(on_delete=deletion.PROTECT, related_name="+", to="registry.municipality"),
                ),
                ("text", models.ForeignKey(on_delete=deletion.PROTECT, related_name="+", to="campaigns.lettertext")),
                (
                    "batch",
                    models.ForeignKey(on_delete=deletion.CASCADE, related_name="letters", to="campaigns.letterbatch"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LetterBatchChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("making", "Under udarbejdelse"),
                            ("ready", "Klar til at sende"),
                            ("sent", "Sendt"),
                            ("undone", "Fortrudt"),
                            ("failed", "Gik i stå"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(blank=True, max_length=200)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "batch",
                    models.ForeignKey(on_delete=deletion.CASCADE, related_name="changes", to="campaigns.letterbatch"),
                ),
                (
                    "municipality",
                    models.ForeignKey(on_delete=deletion.PROTECT, related_name="+", to="registry.municipality"),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="LetterSender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.CharField(blank=True, help_text="department", max_length=80)),
                ("address", models.CharField(max_length=120)),
                ("postal_code", models.CharField(max_length=4)),
                ("city", models.CharField(max_length=80)),
                ("cvr", models.CharField(blank=True, max_length=8)),
                (
                    "municipality",
                    models.OneToOneField(
                        on_delete=deletion.CASCADE, related_name="letter_sender", to="registry.municipality"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="letterbatch",
            index=models.Index(fields=["municipality", "-created_at"], name="letter_batches"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")), fields=("citizen",), name="one_waiting_letter"
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(fields=("batch", "channel", "position"), name="letter_place_once"),
        ),
        enable_row_security("campaigns_letter"),
    ]
