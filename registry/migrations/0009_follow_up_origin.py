import django.db.models.deletion
from django.db import migrations, models

import outreach.privacy.fields
from outreach.privacy.row_security import enable_row_security


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_citizen_edits")]

    operations = [
        migrations.CreateModel(
            name="SelectionStateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Kladde"),
                            ("started", "I gang"),
                            ("ended", "Afsluttet"),
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
        migrations.AddField(
            model_name="citizen",
            name="birth_date_approximate",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="citizenimport",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="citizenimport",
            name="error_code",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="citizenimport",
            name="error_message",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="citizenimport",
            name="leased_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="citizenimport",
            name="progress",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="citizenimport",
            name="state",
            field=models.CharField(
                choices=[("received", "Modtaget"), ("done", "Indlæst"), ("failed", "Kunne ikke indlæses")],
                default="done",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="citizenimport",
            name="stored_name",
            field=models.CharField(blank=True, help_text="private file; empty once it is erased", max_length=60),
        ),
        migrations.AddField(
            model_name="citizenimport",
            name="warnings",
            field=models.JSONField(default=list, help_text='[{"code", "count", "message"}], no personal data'),
        ),
        migrations.AddField(
            model_name="followup",
            name="origin",
            field=models.CharField(
                choices=[
                    ("list", "Liste fra SSI"),
                    ("selection", "Kommunens eget udvalg"),
                    ("case", "Oprettet i hånden"),
                    ("earlier", "Tidligere svar fra regneark"),
                ],
                db_default="list",
                default="list",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="phone",
            name="wrong_by_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="previousnumber",
            name="former_citizen_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="followup",
            name="closed_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("gone", "Ikke længere på listen"),
                    ("declined", "Ønsker ikke vaccination"),
                    ("answered", "Har svaret"),
                    ("attempts_documented", "Forsøgene er dokumenteret"),
                    ("status", "Død, udrejst eller forsvundet"),
                    ("moved", "Flyttet fra kommunen"),
                    ("do_not_contact", "Vil ikke kontaktes igen"),
                    ("undone", "Listen blev fortrudt"),
                    ("selection_ended", "Udvalget er afsluttet"),
                    ("not_listed", "På ingen liste endnu"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "called_by",
                    models.CharField(
                        choices=[
                            ("citizen", "Borgeren selv"),
                            ("relative", "En pårørende"),
                            ("guardian", "En værge"),
                            ("staff", "En medarbejder"),
                        ],
                        max_length=10,
                    ),
                ),
                ("caller_name", models.CharField(blank=True, max_length=200)),
                ("reason", outreach.privacy.fields.EncryptedTextField(kind="case_reason")),
                ("created_by_name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cases", to="registry.followup"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CitizenDifference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("name", "Navn"),
                            ("address", "Adresse"),
                            ("email", "E-mail"),
                            ("language", "Sprog"),
                            ("needs_interpreter", "Tolk"),
                            ("care_home", "Plejehjem"),
                            ("personal_care", "Personlig pleje"),
                            ("practical_help", "Praktisk hjælp"),
                            ("home_nursing", "Hjemmesygepleje"),
                            ("digital_post_exempt", "Fritaget for Digital Post"),
                            ("protection", "Navne- og adressebeskyttelse"),
                            ("guardian", "Værge"),
                            ("relative", "Pårørende"),
                            ("person", "Samme person"),
                        ],
                        max_length=24,
                    ),
                ),
                ("theirs", models.JSONField(default=dict)),
                ("found_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Venter på valg"),
                            ("ours", "Vores beholdt"),
                            ("theirs", "Filens brugt"),
                            ("same", "Filen blev enig"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("decided_by_name", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "citizen",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="differences",
                        to="registry.citizen",
                    ),
                ),
                (
                    "citizen_import",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="differences",
                        to="registry.citizenimport",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
                (
                    "other_citizen",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.citizen"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CitizenEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("name", "Navn"),
                            ("address", "Adresse"),
                            ("email", "E-mail"),
                            ("language", "Sprog"),
                            ("needs_interpreter", "Tolk"),
                            ("care_home", "Plejehjem"),
                            ("personal_care", "Personlig pleje"),
                            ("practical_help", "Praktisk hjælp"),
                            ("home_nursing", "Hjemmesygepleje"),
                            ("digital_post_exempt", "Fritaget for Digital Post"),
                            ("protection", "Navne- og adressebeskyttelse"),
                            ("guardian", "Værge"),
                            ("relative", "Pårørende"),
                            ("person", "Samme person"),
                        ],
                        max_length=24,
                    ),
                ),
                ("old_value", outreach.privacy.fields.EncryptedTextField(blank=True, kind="citizen_edit", null=True)),
                ("edited_by_name", models.CharField(max_length=200)),
                ("edited_at", models.DateTimeField()),
                (
                    "citizen",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edits",
                        to="registry.citizen",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.municipality",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Selection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("purpose", models.CharField(help_text="why, and on which legal basis", max_length=1000)),
                ("criteria", models.JSONField(default=dict)),
                ("ends_on", models.DateField(blank=True, help_text="the last day it runs", null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Kladde"),
                            ("started", "I gang"),
                            ("ended", "Afsluttet"),
                            ("undone", "Fortrudt"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("state_changed_at", models.DateTimeField()),
                ("counts", models.JSONField(default=dict, help_text="what the last start did with how many")),
                ("created_by_name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("started_by_name", models.CharField(blank=True, max_length=200)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.programme"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="followup",
            name="selection",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="registry.selection",
            ),
        ),
        migrations.AddField(
            model_name="followupchange",
            name="selection",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="registry.selection",
            ),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("selection__isnull", False)), fields=["selection"], name="follow_up_by_selection"
            ),
        ),
        migrations.AddIndex(
            model_name="followupchange",
            index=models.Index(
                condition=models.Q(("selection__isnull", False)),
                fields=["selection"],
                name="follow_up_change_by_selection",
            ),
        ),
        migrations.AddField(
            model_name="selectionstatechange",
            name="selection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="registry.selection"
            ),
        ),
        migrations.AddIndex(
            model_name="citizendifference",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["municipality", "field", "id"], name="difference_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="citizendifference",
            constraint=models.UniqueConstraint(fields=("citizen", "field"), name="difference_once_per_field"),
        ),
        migrations.AddIndex(
            model_name="citizenedit",
            index=models.Index(fields=["municipality", "citizen"], name="edit_by_municipality"),
        ),
        migrations.AddConstraint(
            model_name="citizenedit",
            constraint=models.UniqueConstraint(fields=("citizen", "field"), name="edit_once_per_field"),
        ),
        migrations.AddIndex(
            model_name="selection",
            index=models.Index(fields=["state", "ends_on"], name="selection_by_state"),
        ),
        enable_row_security("registry_case"),
    ]
