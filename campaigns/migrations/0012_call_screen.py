from django.db import migrations


class Migration(migrations.Migration):
    """What a call writes down, and whom it is passed on to (K5-K8)."""

    dependencies = [
        ("campaigns", "0011_call_queue"),
    ]

    operations = []
