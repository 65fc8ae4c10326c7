from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_review_pages")]

    operations = [
        migrations.AddField(
            model_name="citizenimport",
            name="gates",
            field=models.JSONField(default=list, help_text='[{"code", "rows", "message"}] that hold the file'),
        ),
        migrations.AddField(
            model_name="citizenimport",
            name="overrides",
            field=models.JSONField(default=list, help_text='[{"code", "rows", "reason", "by", "at"}]'),
        ),
        migrations.AddField(
            model_name="citizenimport",
            name="imported_by_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="citizenimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Modtaget"),
                    ("held", "Holdes tilbage"),
                    ("done", "Indlæst"),
                    ("failed", "Kunne ikke indlæses"),
                    ("rejected", "Afvist"),
                ],
                default="done",
                max_length=10,
            ),
        ),
    ]
