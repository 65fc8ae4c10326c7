from django.db import migrations, models


class Migration(migrations.Migration):
    """The desk is told that a request was held back until the municipality releases the citizen (C5)."""

    dependencies = [("campaigns", "0023_letter_batch_asked_once")]

    operations = [
        migrations.AlterField(
            model_name="bookingroute",
            name="ended_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_followed", "Borgeren er ikke længere omfattet af kommunens opfølgning"),
                    ("held_back", "Kommunen skal først frigive borgerens oplysninger"),
                ],
                max_length=12,
            ),
        ),
    ]
