from django.db import migrations


class Migration(migrations.Migration):
    """Hand-over to a gateway: expiry, alarms, reconciliation (S5)."""

    dependencies = [
        ("campaigns", "0014_waves"),
    ]

    operations = []
