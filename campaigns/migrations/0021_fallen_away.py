from django.db import migrations, models


class Migration(migrations.Migration):
    """Why a request fell away, for the region's desk (C3)."""

    dependencies = [("campaigns", "0020_first_texts")]

    operations = [
        migrations.AddField(
            model_name="bookingroute",
            name="ended_because",
            field=models.CharField(
                blank=True,
                choices=[("not_followed", "Borgeren er ikke længere omfattet af kommunens opfølgning")],
                default="",
                max_length=12,
            ),
            preserve_default=False,
        ),
    ]
