from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_bulk_keys_unchecked")]

    operations = []
