from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_institutions_and_boundaries")]

    operations = []
