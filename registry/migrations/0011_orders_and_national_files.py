import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_institutions_and_boundaries")]

    operations = [
        migrations.CreateModel(
            name="NationalFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("waiting_days", models.PositiveSmallIntegerField()),
                (
                    "groups_stated",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), blank=True, default=list, size=None
                    ),
                ),
                ("sender", models.CharField(blank=True, max_length=80)),
                (
                    "stored_name",
                    models.CharField(help_text="generated name under UPLOAD_ROOT/national/", max_length=80),
                ),
                ("display_name", models.CharField(max_length=120)),
                ("file_sha256", models.CharField(max_length=64)),
                ("file_bytes", models.BigIntegerField()),
                ("file_erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Modtaget"),
                            ("held", "Holdes tilbage"),
                            ("split", "Delt"),
                            ("failed", "Kan ikke læses"),
                            ("withdrawn", "Trukket tilbage"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0)),
                ("shares", models.JSONField(default=dict)),
                ("not_served", models.JSONField(default=dict)),
                ("unplaced_rows", models.PositiveIntegerField(default=0)),
                ("unplaced", models.JSONField(default=list)),
                ("held_because", models.JSONField(default=list, help_text='[{"code", "message"}]')),
                ("confirmed_because", models.CharField(blank=True, max_length=300)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                ("error_message", models.TextField(blank=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("received_by_name", models.CharField(max_length=200)),
                ("received_at", models.DateTimeField()),
                ("split_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-as_of", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="listorder",
            name="list_order_reference_once",
        ),
        migrations.AddField(
            model_name="listorder",
            name="area",
            field=models.CharField(blank=True, help_text="where the effort is, in words", max_length=200),
        ),
        migrations.AddField(
            model_name="listorder",
            name="ended_because",
            field=models.CharField(blank=True, help_text="why it was refused or cancelled", max_length=300),
        ),
        migrations.AddField(
            model_name="listorder",
            name="groups",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="listorder",
            name="sent_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="listorder",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Kladde"),
                    ("sent", "Sendt til godkendelse"),
                    ("approved", "Godkendt"),
                    ("refused", "Ikke godkendt"),
                    ("cancelled", "Annulleret"),
                ],
                default="approved",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="listorder",
            name="uptake",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name="listorder",
            name="approved_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="listorder",
            name="expires_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="listorder",
            name="reference",
            field=models.CharField(blank=True, help_text="the approval's own number", max_length=60),
        ),
        migrations.AddConstraint(
            model_name="listorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("municipality", "programme", "reference"),
                name="list_order_reference_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="listorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    models.Q(
                        ("approved_on__isnull", False),
                        ("expires_on__isnull", False),
                        models.Q(("reference", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="approved_list_order_is_whole",
            ),
        ),
        migrations.AddField(
            model_name="nationalfile",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.programme"
            ),
        ),
        migrations.AddField(
            model_name="nonresponderlist",
            name="national_file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lists",
                to="registry.nationalfile",
            ),
        ),
    ]
