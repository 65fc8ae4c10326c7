import django.db.models.deletion
from django.db import migrations, models

CHANNELS = [
    ("browser", "Browser"),
    ("folder", "Afleveringsmappe"),
    ("api", "API"),
    ("command", "Kommandolinje"),
]
MAPPING_SOURCES = [("proposed", "Genkendt"), ("remembered", "Husket fra sidst"), ("person", "Valgt")]


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_bulk_keys_unchecked")]

    operations = [
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sender", models.CharField(max_length=60)),
                ("sender_key", models.CharField(help_text="the sender without case and spaces", max_length=60)),
                ("specification", models.CharField(help_text='what the file is: "list"', max_length=20)),
                (
                    "fingerprint",
                    models.CharField(help_text="SHA-256 of the header without case, spaces and order", max_length=64),
                ),
                ("header", models.JSONField()),
                ("mapping", models.JSONField(help_text='our column name → their header; "" = not in the file')),
                ("confirmed_by_name", models.CharField(max_length=200)),
                ("confirmed_at", models.DateTimeField()),
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
        migrations.AddConstraint(
            model_name="columnmapping",
            constraint=models.UniqueConstraint(
                fields=("municipality", "sender_key", "specification", "fingerprint"), name="column_mapping_once"
            ),
        ),
        migrations.AddField(
            model_name="nonresponderlist", name="sender", field=models.CharField(default="SSI", max_length=60)
        ),
        migrations.AddField(
            model_name="nonresponderlist",
            name="channel",
            field=models.CharField(choices=CHANNELS, default="browser", max_length=10),
        ),
        migrations.AddField(
            model_name="nonresponderlist",
            name="source_key",
            field=models.CharField(blank=True, help_text="which dropped file it was; used once", max_length=80),
        ),
        migrations.AddField(
            model_name="nonresponderlist",
            name="column_kinds",
            field=models.JSONField(default=list, help_text="what seems to be in each column, for who maps them"),
        ),
        migrations.AlterField(
            model_name="nonresponderlist",
            name="mapping",
            field=models.JSONField(default=dict, help_text='our column name → their header; "" = not in the file'),
        ),
        migrations.AddField(
            model_name="nonresponderlist",
            name="mapping_source",
            field=models.CharField(choices=MAPPING_SOURCES, default="proposed", max_length=10),
        ),
        migrations.AddField(
            model_name="nonresponderlist", name="touched_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddConstraint(
            model_name="nonresponderlist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_key", ""), _negated=True),
                fields=("municipality", "source_key"),
                name="dropped_file_once",
            ),
        ),
    ]
