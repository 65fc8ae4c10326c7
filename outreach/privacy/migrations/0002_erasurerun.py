from django.db import migrations, models


class Migration(migrations.Migration):
    """What erasure has done so far, by kind (A5)."""

    dependencies = [("privacy", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ErasureRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, unique=True)),
                ("last_run_at", models.DateTimeField()),
                ("last_erased_at", models.DateTimeField(null=True)),
                ("last_number", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveBigIntegerField(default=0)),
            ],
        ),
    ]
