import django.db.models.deletion
from django.db import migrations, models

from registry.statement_keys import statement_key


class Migration(migrations.Migration):
    """A list makes 200,000 calls at once: their keys are checked together (decision 0008)."""

    dependencies = [
        ("campaigns", "0007_lookups"),
        ("registry", "0012_list_speed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="calltask",
            name="citizen",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="call_tasks",
                to="registry.citizen",
            ),
        ),
        migrations.AlterField(
            model_name="calltask",
            name="municipality",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.municipality",
            ),
        ),
        statement_key(
            table="campaigns_calltask",
            column="citizen_id",
            parent="registry_citizen",
            missing="a call names a citizen who does not exist",
            left="the citizen still has a call",
        ),
    ]
