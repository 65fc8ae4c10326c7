from django.db import migrations, models

import outreach.privacy.fields

STATES = [
    ("draft", "Kladde"),
    ("held", "Venter på frigivelse"),
    ("sent", "Sendt til regionen"),
    ("taken", "Regionen er i gang"),
    ("proposed", "Regionen foreslår en anden tid"),
    ("confirmed", "Tid er bestilt"),
    ("refused", "Regionen har sagt nej"),
    ("withdrawn", "Trukket tilbage"),
    ("cancelled", "Aflyst"),
    ("completed", "Borgeren kom"),
    ("no_show", "Borgeren kom ikke"),
]


class Migration(migrations.Migration):
    """A protected citizen's request waits until somebody releases it to the region, and says why (C5)."""

    dependencies = [("campaigns", "0021_fallen_away")]

    operations = [
        migrations.AddField(
            model_name="bookingrequest",
            name="release_reason",
            field=outreach.privacy.fields.EncryptedTextField(blank=True, kind="booking_release"),
        ),
        migrations.AddField(
            model_name="bookingrequest",
            name="released_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="bookingrequest",
            name="released_by_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="bookingchange",
            name="from_state",
            field=models.CharField(blank=True, choices=STATES, max_length=10),
        ),
        migrations.AlterField(
            model_name="bookingchange",
            name="to_state",
            field=models.CharField(choices=STATES, max_length=10),
        ),
        migrations.AlterField(
            model_name="bookingrequest",
            name="state",
            field=models.CharField(choices=STATES, default="draft", max_length=10),
        ),
    ]
