import django.db.models.deletion
from django.db import migrations, models

import outreach.privacy.fields
from outreach.privacy.row_security import enable_row_security

FIELDS = [
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
]


def key(to: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=to, **options)


def municipality() -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="registry.municipality",
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_reask_rules")]

    operations = [
        migrations.AddField(
            model_name="citizen",
            name="birth_date_approximate",
            field=models.BooleanField(db_default=False, default=False),
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
            name="progress",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="citizenimport",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="citizenimport",
            name="leased_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="CitizenEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(choices=FIELDS, max_length=24)),
                (
                    "old_value",
                    outreach.privacy.fields.EncryptedTextField(blank=True, kind="citizen_edit", null=True),
                ),
                ("edited_by_name", models.CharField(max_length=200)),
                ("edited_at", models.DateTimeField()),
                ("citizen", key("registry.citizen", db_index=False, related_name="edits")),
                ("municipality", municipality()),
            ],
        ),
        migrations.CreateModel(
            name="CitizenDifference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(choices=FIELDS, max_length=24)),
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
                ("citizen", key("registry.citizen", db_index=False, related_name="differences")),
                (
                    "citizen_import",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="differences",
                        to="registry.citizenimport",
                    ),
                ),
                ("municipality", municipality()),
                ("other_citizen", key("registry.citizen", null=True, related_name="+")),
            ],
        ),
        migrations.AddConstraint(
            model_name="citizenedit",
            constraint=models.UniqueConstraint(fields=("citizen", "field"), name="edit_once_per_field"),
        ),
        migrations.AddIndex(
            model_name="citizenedit",
            index=models.Index(fields=["municipality", "citizen"], name="edit_by_municipality"),
        ),
        migrations.AddConstraint(
            model_name="citizendifference",
            constraint=models.UniqueConstraint(fields=("citizen", "field"), name="difference_once_per_field"),
        ),
        migrations.AddIndex(
            model_name="citizendifference",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["municipality", "field", "id"],
                name="difference_open",
            ),
        ),
        enable_row_security("registry_citizenedit"),
        enable_row_security("registry_citizendifference"),
    ]
