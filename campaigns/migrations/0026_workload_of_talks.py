from django.db import migrations, models


class Migration(migrations.Migration):
    """The health advisers' talks and their time, day by day (K12). Days that stand already keep what they counted."""

    dependencies = [("campaigns", "0025_wave_results_kept")]

    operations = [
        migrations.AddField("workloadday", "talks", models.PositiveIntegerField(default=0)),
        migrations.AddField("workloadday", "talk_seconds", models.PositiveBigIntegerField(default=0)),
        migrations.AddField(
            "workloadday",
            "talks_untimed",
            models.PositiveIntegerField(default=0, help_text="talks whose time nobody knows"),
        ),
    ]
