from django.db import migrations


class Migration(migrations.Migration):
    """Booking on behalf, and the chain that hangs together (K11, K14)."""

    dependencies = [
        ("campaigns", "0016_inbox"),
    ]

    operations = []
