import django.db.models.deletion
from django.db import migrations, models

import outreach.privacy.fields
from outreach.privacy.row_security import enable_row_security


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_policies_and_texts"), ("registry", "0013_review_pages")]

    operations = [
        migrations.CreateModel(
            name="EarlierContactsChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Modtaget"),
                            ("reviewed", "Klar til gennemsyn"),
                            ("committed", "Indlæst"),
                            ("rejected", "Afvist"),
                            ("undone", "Fortrudt"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="AnswerWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=80)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("books_self", "Bestiller selv"),
                            ("needs_booking_help", "Vil have hjælp til tid"),
                            ("booked_on_behalf", "Tid er bestilt for borgeren"),
                            ("wants_popup", "Vil på pop-up"),
                            ("needs_ride", "Har brug for kørsel"),
                            ("home_assessment", "Hjemme – visitér"),
                            ("already_booked", "Har en tid"),
                            ("already_vaccinated", "Er vaccineret"),
                            ("needs_escort", "Har brug for ledsager"),
                            ("declined", "Ønsker ikke"),
                            ("undecided", "I tvivl"),
                            ("health_dialogue", "Vil tale med fagperson"),
                            ("no_answer", "Intet svar"),
                            ("voicemail", "Telefonsvarer"),
                            ("busy", "Optaget"),
                            ("wrong_number", "Forkert nummer"),
                            ("call_back", "Ring senere"),
                            ("language", "Tolk eller pårørende"),
                            ("relative_reached", "Pårørende truffet"),
                            ("guardian_informed", "Værge orienteret"),
                            ("deceased", "Er død"),
                            ("moved", "Er flyttet"),
                            ("do_not_contact", "Vil ikke kontaktes igen"),
                        ],
                        max_length=30,
                    ),
                ),
                ("decided_by_name", models.CharField(max_length=200)),
                ("decided_at", models.DateTimeField()),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EarlierContacts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Modtaget"),
                            ("reviewed", "Klar til gennemsyn"),
                            ("committed", "Indlæst"),
                            ("rejected", "Afvist"),
                            ("undone", "Fortrudt"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("state_changed_at", models.DateTimeField()),
                ("display_name", models.CharField(max_length=120)),
                ("file_sha256", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("dropped_columns", models.JSONField(default=list)),
                ("counts", models.JSONField(default=dict, help_text="what the rows do or did → how many")),
                ("uploaded_by_name", models.CharField(max_length=200)),
                ("uploaded_at", models.DateTimeField()),
                ("committed_by_name", models.CharField(blank=True, max_length=200)),
                ("committed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        help_text="of rows that name none",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["-uploaded_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="EarlierContactRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row_number", models.PositiveIntegerField(help_text="as the spreadsheet shows it")),
                ("cpr_ciphertext", models.BinaryField(null=True)),
                ("cpr_index", models.BinaryField(max_length=32, null=True)),
                ("phone_ciphertext", models.BinaryField(null=True)),
                ("phone_index", models.BinaryField(max_length=32, null=True)),
                ("birth_date", models.DateField(null=True)),
                ("contacted_on", models.DateField(null=True)),
                ("kind", models.CharField(blank=True, help_text="a ContactKind", max_length=10)),
                ("word", models.CharField(blank=True, help_text="the answer as it stands, normalised", max_length=80)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("books_self", "Bestiller selv"),
                            ("needs_booking_help", "Vil have hjælp til tid"),
                            ("booked_on_behalf", "Tid er bestilt for borgeren"),
                            ("wants_popup", "Vil på pop-up"),
                            ("needs_ride", "Har brug for kørsel"),
                            ("home_assessment", "Hjemme – visitér"),
                            ("already_booked", "Har en tid"),
                            ("already_vaccinated", "Er vaccineret"),
                            ("needs_escort", "Har brug for ledsager"),
                            ("declined", "Ønsker ikke"),
                            ("undecided", "I tvivl"),
                            ("health_dialogue", "Vil tale med fagperson"),
                            ("no_answer", "Intet svar"),
                            ("voicemail", "Telefonsvarer"),
                            ("busy", "Optaget"),
                            ("wrong_number", "Forkert nummer"),
                            ("call_back", "Ring senere"),
                            ("language", "Tolk eller pårørende"),
                            ("relative_reached", "Pårørende truffet"),
                            ("guardian_informed", "Værge orienteret"),
                            ("deceased", "Er død"),
                            ("moved", "Er flyttet"),
                            ("do_not_contact", "Vil ikke kontaktes igen"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "barrier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("information", "Kan ikke finde eller forstå informationen"),
                            ("ability", "Fysisk eller kognitiv funktionsevne"),
                            ("distrust", "Mistillid, myter eller bivirkninger"),
                            ("not_relevant", "Ikke relevant for mig"),
                            ("practical", "Praktisk: tid eller afstand"),
                            ("other", "Andet"),
                        ],
                        max_length=20,
                    ),
                ),
                ("who", models.CharField(blank=True, max_length=120)),
                ("note", outreach.privacy.fields.EncryptedTextField(blank=True, kind="contact_note", null=True)),
                ("problem_code", models.CharField(blank=True, max_length=40)),
                ("problem_column", models.CharField(blank=True, max_length=40)),
                ("effect", models.CharField(blank=True, max_length=20)),
                (
                    "citizen",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="registry.citizen",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.programme",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="file_rows",
                        to="campaigns.earliercontacts",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EarlierContactEffect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.JSONField(default=dict)),
                (
                    "no_contact_before",
                    models.BooleanField(default=False, help_text='the citizen\'s "do not contact" is from here'),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.followup"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="effects",
                        to="campaigns.earliercontacts",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="contactattempt",
            name="earlier_contacts",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="campaigns.earliercontacts",
            ),
        ),
        migrations.AddIndex(
            model_name="contactattempt",
            index=models.Index(
                condition=models.Q(("earlier_contacts__isnull", False)),
                fields=["earlier_contacts"],
                name="attempt_by_earlier_file",
            ),
        ),
        migrations.AddField(
            model_name="earliercontactschange",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="campaigns.earliercontacts"
            ),
        ),
        migrations.AddConstraint(
            model_name="answerword",
            constraint=models.UniqueConstraint(fields=("municipality", "word"), name="answer_word_once"),
        ),
        migrations.AddConstraint(
            model_name="earliercontactrow",
            constraint=models.UniqueConstraint(fields=("file", "row_number"), name="earlier_contact_row_once"),
        ),
        migrations.AddConstraint(
            model_name="earliercontacteffect",
            constraint=models.UniqueConstraint(fields=("file", "follow_up"), name="earlier_contact_effect_once"),
        ),
        enable_row_security("campaigns_earliercontactrow"),
        enable_row_security("campaigns_answerword"),
        enable_row_security("campaigns_earliercontacteffect"),
    ]
