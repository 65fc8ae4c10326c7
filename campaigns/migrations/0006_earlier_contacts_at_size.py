import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0005_earlier_contacts"),
    ]

    operations = [
        migrations.AddField(
            model_name="earliercontactrow",
            name="warning_code",
            field=models.CharField(blank=True, help_text="leading_zero: the number is a proposal", max_length=40),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="column_kinds",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="error_code",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="error_message",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="file_erased_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="header",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="leased_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="mapping",
            field=models.JSONField(default=dict, help_text='our column name → their header; "" = not in the file'),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="mapping_source",
            field=models.CharField(
                choices=[("proposed", "Genkendt"), ("remembered", "Husket fra sidst"), ("person", "Valgt")],
                default="proposed",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="padded",
            field=models.CharField(
                blank=True,
                choices=[("confirmed", "Nullet er sat foran"), ("left_out", "Rækkerne er ikke taget med")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="padded_by_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="progress",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="sender",
            field=models.CharField(
                blank=True, help_text="whose spreadsheet it is; columns are remembered by it", max_length=60
            ),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="stored_name",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="earliercontacts",
            name="waits_for",
            field=models.CharField(blank=True, help_text='"mapping" while a person must choose columns', max_length=10),
        ),
        migrations.AddField(
            model_name="optout",
            name="earlier_contacts",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="opt_outs",
                to="campaigns.earliercontacts",
            ),
        ),
        migrations.AlterField(
            model_name="earliercontacts",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Modtaget"),
                    ("reviewed", "Klar til gennemsyn"),
                    ("committed", "Indlæst"),
                    ("rejected", "Afvist"),
                    ("undone", "Fortrudt"),
                    ("failed", "Kunne ikke læses"),
                ],
                default="received",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="earliercontactschange",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Modtaget"),
                    ("reviewed", "Klar til gennemsyn"),
                    ("committed", "Indlæst"),
                    ("rejected", "Afvist"),
                    ("undone", "Fortrudt"),
                    ("failed", "Kunne ikke læses"),
                ],
                max_length=10,
            ),
        ),
    ]
