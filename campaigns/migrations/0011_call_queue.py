from django.db import migrations


class Migration(migrations.Migration):
    """The call queue with many callers (K4)."""

    dependencies = [
        ("campaigns", "0010_policy_settings"),
    ]

    operations = []
