from django.db import migrations, models


class Migration(migrations.Migration):
    """A talk with the health adviser is a »fagsamtale«: what a choice is called, nothing in the database."""

    dependencies = [
        ("campaigns", "0028_four_eyes_off_by_two"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contactattempt",
            name="kind",
            field=models.CharField(
                choices=[
                    ("call", "Opkald"),
                    ("call_in", "Borgeren ringede"),
                    ("sms", "SMS"),
                    ("letter", "Brev"),
                    ("lookup", "Opslag"),
                    ("imported", "Fra kommunens egen liste"),
                    ("dialogue", "Fagsamtale"),
                    ("reply", "Svar på sms"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="contactpolicystep",
            name="kind",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="healthtalk",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("books_self", "Bestiller selv"),
                    ("wants_help", "Vil have hjælp til tid"),
                    ("wants_popup", "Vil på pop-up"),
                    ("declined", "Ønsker ikke"),
                    ("thinking", "Tænker over det – ny fagsamtale"),
                    ("own_doctor", "Taler med egen læge først"),
                    ("to_caseworker", "Har fået svar – sagsbehandler ringer"),
                    ("not_reached", "Ikke truffet"),
                ],
                max_length=14,
            ),
        ),
    ]
