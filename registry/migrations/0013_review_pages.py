from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_list_speed")]

    operations = []
