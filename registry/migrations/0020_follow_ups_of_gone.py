from django.db import migrations, models


class Migration(migrations.Migration):
    """Those closed because the citizen is dead or gone: few, and asked for every minute (C3)."""

    dependencies = [("registry", "0019_fagsamtale")]

    operations = [
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("closed_reason__in", ["status", "moved"]), ("status", "closed")),
                fields=["municipality", "closed_at"],
                name="follow_up_of_gone",
            ),
        ),
    ]
