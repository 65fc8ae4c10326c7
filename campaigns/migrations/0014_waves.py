from django.db import migrations


class Migration(migrations.Migration):
    """SMS waves from audience to result (S3)."""

    dependencies = [
        ("campaigns", "0013_texts"),
    ]

    operations = []
