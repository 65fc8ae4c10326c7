from django.db import migrations, models

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
    ("order_ended", "Bestillingen er udløbet"),
    ("not_listed", "På ingen liste endnu"),
]


def ask_when_listed(apps, schema_editor):
    """L2: whom an order that has run out left unanswered is asked as soon as a list in force names them."""
    rules = apps.get_model("registry", "ReaskRule").objects.using(schema_editor.connection.alias)
    rules.create(closed_reason="order_ended", outcome="", when_listed=True)


class Migration(migrations.Migration):
    dependencies = [("registry", "0014_citizen_file_gates")]

    operations = [
        migrations.AddField(
            model_name="listorder",
            name="use_ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="listorder",
            name="use_ended_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="followup",
            name="closed_reason",
            field=models.CharField(blank=True, choices=CLOSED_REASONS, max_length=20),
        ),
        migrations.AlterField(
            model_name="reaskrule",
            name="closed_reason",
            field=models.CharField(choices=CLOSED_REASONS, max_length=20, verbose_name="Afsluttet fordi"),
        ),
        migrations.RunPython(ask_when_listed, migrations.RunPython.noop),
    ]
