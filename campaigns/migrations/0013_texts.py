from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    """Texts in languages and versions, each approved by a person (S2)."""

    dependencies = [
        ("campaigns", "0012_call_screen"),
        ("registry", "0015_order_ends"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(default="da", max_length=2)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("written_at", models.DateTimeField(blank=True, null=True)),
                ("written_by_id", models.BigIntegerField(blank=True, null=True)),
                ("written_by_name", models.CharField(blank=True, max_length=200)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("approved_by_id", models.BigIntegerField(blank=True, null=True)),
                ("approved_by_name", models.CharField(blank=True, max_length=200)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_by_name", models.CharField(blank=True, max_length=200)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("code", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=120)),
                ("body", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="MessagePrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(blank=True, help_text="empty: any gateway", max_length=20)),
                ("valid_from", models.DateField()),
                ("ore_per_segment", models.DecimalField(decimal_places=2, max_digits=7)),
                ("set_at", models.DateTimeField()),
                ("set_by_name", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="callscript",
            name="script_version_once",
        ),
        migrations.RemoveConstraint(
            model_name="messagetemplate",
            name="template_version_once",
        ),
        migrations.AddField(
            model_name="callscript",
            name="approved_by_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="callscript",
            name="approved_by_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="callscript",
            name="closing",
            field=models.JSONField(blank=True, default=list, help_text="paragraphs"),
        ),
        migrations.AddField(
            model_name="callscript",
            name="further",
            field=models.JSONField(blank=True, default=list, help_text="paragraphs: once the citizen has answered"),
        ),
        migrations.AddField(
            model_name="callscript",
            name="municipality",
            field=models.ForeignKey(
                blank=True,
                help_text="empty: common",
                null=True,
                on_delete=CASCADE,
                related_name="+",
                to="registry.municipality",
            ),
        ),
        migrations.AddField(
            model_name="callscript",
            name="note",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="callscript",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="callscript",
            name="withdrawn_by_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="callscript",
            name="written_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="callscript",
            name="written_by_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="callscript",
            name="written_by_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="messagetemplate",
            name="approved_by_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="messagetemplate",
            name="municipality",
            field=models.ForeignKey(
                blank=True,
                help_text="empty: common",
                null=True,
                on_delete=CASCADE,
                related_name="+",
                to="registry.municipality",
            ),
        ),
        migrations.AddField(
            model_name="messagetemplate",
            name="note",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="messagetemplate",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="messagetemplate",
            name="withdrawn_by_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="messagetemplate",
            name="written_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="messagetemplate",
            name="written_by_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="messagetemplate",
            name="written_by_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddConstraint(
            model_name="callscript",
            constraint=models.UniqueConstraint(
                fields=("municipality", "programme", "language", "version"),
                name="script_version_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="messagetemplate",
            constraint=models.UniqueConstraint(
                fields=("municipality", "code", "language", "version"),
                name="template_version_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="lettertext",
            name="municipality",
            field=models.ForeignKey(
                blank=True,
                help_text="empty: common",
                null=True,
                on_delete=CASCADE,
                related_name="+",
                to="registry.municipality",
            ),
        ),
        migrations.AddField(
            model_name="messageprice",
            name="municipality",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=CASCADE, related_name="+", to="registry.municipality"
            ),
        ),
        migrations.AddConstraint(
            model_name="lettertext",
            constraint=models.UniqueConstraint(
                fields=("municipality", "code", "language", "version"), name="letter_version_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="messageprice",
            constraint=models.UniqueConstraint(
                fields=("municipality", "gateway", "valid_from"), name="message_price_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="messageprice",
            constraint=models.CheckConstraint(
                condition=models.Q(("ore_per_segment__gte", 0)), name="message_price_not_negative"
            ),
        ),
    ]
