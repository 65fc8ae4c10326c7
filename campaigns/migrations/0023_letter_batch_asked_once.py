from django.db import migrations, models


class Migration(migrations.Migration):
    """A page of letters posted twice makes one batch (S9)."""

    dependencies = [("campaigns", "0022_booking_release")]

    operations = [
        migrations.AddField(
            model_name="letterbatch",
            name="asked_as",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="letterbatch",
            constraint=models.UniqueConstraint(fields=("municipality", "asked_as"), name="letter_batch_asked_once"),
        ),
    ]
