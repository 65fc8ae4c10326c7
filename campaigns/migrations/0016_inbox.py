from django.db import migrations


class Migration(migrations.Migration):
    """Receipts and replies (S6, S7)."""

    dependencies = [
        ("campaigns", "0015_hand_over"),
    ]

    operations = []
