from django.db import migrations


class Migration(migrations.Migration):
    """Letter batches (S9)."""

    dependencies = [
        ("campaigns", "0017_bookings"),
    ]

    operations = []
