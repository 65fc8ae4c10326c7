import django.db.models.deletion
from django.db import migrations, models

from registry.statement_keys import lock_of_keys, statement_key


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_orders_and_national_files")]

    operations = [
        migrations.RemoveConstraint(model_name="citizen", name="citizen_once_per_municipality"),
        migrations.AddConstraint(
            model_name="citizen",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cpr_index__isnull", False)),
                fields=("cpr_index", "municipality"),
                name="citizen_once_per_municipality",
            ),
        ),
        migrations.AlterField(
            model_name="followup",
            name="citizen",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="follow_ups",
                to="registry.citizen",
            ),
        ),
        migrations.AlterField(
            model_name="followupchange",
            name="follow_up",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="registry.followup",
            ),
        ),
        lock_of_keys(),
        statement_key(
            table="registry_followup",
            column="citizen_id",
            parent="registry_citizen",
            missing="a follow-up names a citizen who does not exist",
            left="the citizen still has a follow-up",
        ),
        statement_key(
            table="registry_followupchange",
            column="follow_up_id",
            parent="registry_followup",
            missing="a change names a follow-up that does not exist",
            left="the follow-up still has its history",
        ),
    ]
