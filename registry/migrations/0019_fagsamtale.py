from django.db import migrations, models


class Migration(migrations.Migration):
    """A talk with the health adviser is a »fagsamtale«: what a choice is called, nothing in the database."""

    dependencies = [
        ("registry", "0018_phones_for_many"),
    ]

    operations = [
        migrations.AlterField(
            model_name="followup",
            name="next_step_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sms", "SMS"),
                    ("call", "Opkald"),
                    ("letter", "Brev"),
                    ("lookup", "Find nummer"),
                    ("visit", "Besøg"),
                    ("interpreter_call", "Opkald med tolk"),
                    ("health_dialogue", "Fagsamtale"),
                    ("booking_request", "Bookingønske"),
                    ("ride", "Kørsel"),
                    ("home_visit", "Hjemmebesøg"),
                    ("wait", "Afvent"),
                ],
                max_length=20,
            ),
        ),
    ]
