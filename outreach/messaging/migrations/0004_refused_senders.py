from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """Which municipalities' senders are refused, for /status (F17)."""

    dependencies = [("messaging", "0003_gateway_state")]

    operations = [
        migrations.CreateModel(
            name="RefusedSender",
            fields=[
                ("municipality_code", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("code", models.CharField(help_text="the gateway's", max_length=20)),
                ("danish", models.CharField(max_length=200)),
                ("since", models.DateTimeField(db_default=Now(), editable=False)),
            ],
        ),
    ]
