import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from outreach.privacy.row_security import enable_row_security


class Migration(migrations.Migration):
    """A health adviser who has just finished a talk may finish what they write about it (A1)."""

    dependencies = [
        ("registry", "0016_group_duties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReferredAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField()),
                (
                    "citizen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="referred_accesses",
                        to="registry.citizen",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["citizen", "user", "until"], name="referred_access_by_citizen")],
            },
        ),
        enable_row_security("registry_referredaccess"),
    ]
