from django.db import migrations, models


class Migration(migrations.Migration):
    """A wave's results are written down when its recipients are erased (A5)."""

    dependencies = [("campaigns", "0024_request_held_back")]

    operations = [
        migrations.AddField(model_name="smswave", name="results", field=models.JSONField(null=True)),
    ]
