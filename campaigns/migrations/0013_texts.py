from django.db import migrations


class Migration(migrations.Migration):
    """Texts in languages and versions, each approved by a person (S2)."""

    dependencies = [
        ("campaigns", "0012_call_screen"),
    ]

    operations = []
