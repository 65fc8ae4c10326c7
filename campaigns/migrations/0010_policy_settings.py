from django.db import migrations


class Migration(migrations.Migration):
    """Contact policies edited as data, with their history (K2, K3)."""

    dependencies = [
        ("campaigns", "0009_earlier_contacts_gates"),
    ]

    operations = []
