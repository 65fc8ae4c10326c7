import django.db.models.deletion
from django.db import migrations, models

import outreach.privacy.fields
from outreach.privacy.row_security import enable_row_security

CLOSED_REASONS = [
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
]


def ask_when_listed(apps, schema_editor):
    """L8, L9: whom an ended selection or an earlier contact left unanswered is asked as soon as a list names them."""
    rules = apps.get_model("registry", "ReaskRule").objects.using(schema_editor.connection.alias)
    for reason in ("selection_ended", "not_listed"):
        rules.create(closed_reason=reason, outcome="", when_listed=True)


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
        migrations.AlterField(
            model_name="followup",
            name="closed_reason",
            field=models.CharField(
                blank=True,
                choices=CLOSED_REASONS,
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
            model_name="selection",
            index=models.Index(fields=["state", "ends_on"], name="selection_by_state"),
        ),
        enable_row_security("registry_case"),
        migrations.AlterField(
            model_name="reaskrule",
            name="closed_reason",
            field=models.CharField(choices=CLOSED_REASONS, max_length=20, verbose_name="Afsluttet fordi"),
        ),
        migrations.RunPython(ask_when_listed, migrations.RunPython.noop),
    ]
