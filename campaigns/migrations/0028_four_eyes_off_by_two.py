from django.db import migrations, models


class Migration(migrations.Migration):
    """Doing without the second person is asked for by one and agreed to by another (S3, decision 0014)."""

    dependencies = [("campaigns", "0027_quality_follow_up_is_somebodys")]

    operations = [
        migrations.AddField("wavesettings", "off_asked_by_id", models.IntegerField(null=True)),
        migrations.AddField(
            "wavesettings",
            "off_asked_by_name",
            models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField("wavesettings", "off_asked_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "wavesettings",
            models.CheckConstraint(
                condition=models.Q(("off_asked_at", None))
                | models.Q(("off_asked_by_id__isnull", False), ("second_person", True)),
                name="wave_four_eyes_asked_off_while_on",
            ),
        ),
    ]
