from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_api_keys")]

    operations = [migrations.AddField("apikey", "created_by_id", models.BigIntegerField(null=True))]
