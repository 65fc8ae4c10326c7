from django.db import migrations, models


class Migration(migrations.Migration):
    """A spreadsheet that ends very many follow-ups needs a second person (decision 0009)."""

    dependencies = [
        ("campaigns", "0008_call_task_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="earliercontacts",
            name="gates",
            field=models.JSONField(
                default=list, help_text='[{"programme", "rows", "of"}]: what a second person must look at'
            ),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="uploaded_by_id",
            field=models.BigIntegerField(null=True),
        ),
    ]
