import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A municipality's own dates for the duty to follow up a group (K3)."""

    dependencies = [("registry", "0015_order_ends")]

    operations = [
        migrations.CreateModel(
            name="GroupDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=10)),
                ("mandatory_from", models.DateField(blank=True, null=True)),
                ("mandatory_to", models.DateField(blank=True, null=True)),
                (
                    "municipality",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="registry.municipality"),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="group_duties",
                        to="registry.programme",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "municipality", "code"), name="group_duty_once")
                ],
            },
        ),
    ]
