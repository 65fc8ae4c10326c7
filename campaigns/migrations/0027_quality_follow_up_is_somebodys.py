import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A call to be followed up is somebody's, by a day (K13)."""

    dependencies = [
        ("campaigns", "0026_workload_of_talks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "qualitycheck",
            "follow_up_user",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "qualitycheck",
            "follow_up_name",
            models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField("qualitycheck", "follow_up_due", models.DateField(null=True)),
    ]
