from django.db import migrations, models


class Migration(migrations.Migration):
    """Who has a mobile, and who a wrong one, read from indexes alone: an SMS to a million people is counted in seconds."""

    dependencies = [("registry", "0017_referred_access")]

    operations = [
        migrations.AddIndex(
            model_name="phone",
            index=models.Index(
                fields=["municipality", "citizen", "id"],
                name="phone_mobile_to_use",
                condition=models.Q(kind="mobile", wrong_since__isnull=True),
            ),
        ),
        migrations.AddIndex(
            model_name="phone",
            index=models.Index(
                fields=["municipality", "citizen"],
                name="phone_mobile_wrong",
                condition=models.Q(kind="mobile", wrong_since__isnull=False),
            ),
        ),
    ]
