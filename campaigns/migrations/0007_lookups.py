import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from outreach.privacy.row_security import enable_row_security

PLACES = [
    ("systems", "Kommunens systemer"),
    ("directory", "Nummeroplysning"),
    ("relatives", "Pårørende eller værge"),
    ("care", "Hjemmepleje eller bosted"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0006_earlier_contacts_at_size"),
        ("registry", "0015_order_ends"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contactattempt",
            name="lookup_places",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=PLACES, max_length=12), blank=True, null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="contactattempt",
            name="lookup_result",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_found", "Der findes intet nummer"),
                    ("not_wanted", "Borgeren vil ikke oplyse et nummer"),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="LookupClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claimed_until", models.DateTimeField()),
                (
                    "citizen",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lookup_claim",
                        to="registry.citizen",
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
            ],
        ),
        enable_row_security("campaigns_lookupclaim"),
    ]
