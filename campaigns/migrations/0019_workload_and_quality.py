from django.db import migrations


class Migration(migrations.Migration):
    """Workload and the sample of outcomes (K12, K13)."""

    dependencies = [
        ("campaigns", "0018_letters"),
    ]

    operations = []
