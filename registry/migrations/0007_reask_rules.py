import django.db.models.deletion
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
]
OUTCOMES = [
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
]
# (closed reason, answer, as soon as a list names them, under another group, in a new programme, after days)
DEFAULTS = [
    ("gone", "", True, False, True, None),
    ("undone", "", True, False, True, None),
    # Back by the registry; unless a caller was told of the death or the move.
    ("status", "", True, False, True, None),
    ("moved", "", True, False, True, None),
    ("status", "deceased", False, False, False, None),
    ("status", "moved", False, False, False, None),
    ("moved", "deceased", False, False, False, None),
    ("moved", "moved", False, False, False, None),
    ("declined", "", False, True, True, 183),
    ("answered", "", False, True, True, None),
    ("attempts_documented", "", False, True, True, None),
]


def load(apps, schema_editor):
    """The rules as they stood in code, and the days a "no" rests as each deadline rule had them."""
    alias = schema_editor.connection.alias
    reask_rule, deadline_rule = (apps.get_model("registry", name) for name in ("ReaskRule", "DeadlineRule"))
    names = ("closed_reason", "outcome", "when_listed", "when_other_group", "when_new_programme", "after_days")
    for values in DEFAULTS:
        reask_rule.objects.using(alias).create(**dict(zip(names, values, strict=True)))
    for rule in deadline_rule.objects.using(alias).exclude(reopen_after_days=183):
        reask_rule.objects.using(alias).create(
            programme_id=rule.programme_id,
            municipality_id=rule.municipality_id,
            closed_reason="declined",
            when_other_group=True,
            after_days=rule.reopen_after_days,
        )


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_list_senders")]

    operations = [
        migrations.CreateModel(
            name="ReaskRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "closed_reason",
                    models.CharField(choices=CLOSED_REASONS, max_length=20, verbose_name="Afsluttet fordi"),
                ),
                ("outcome", models.CharField(blank=True, choices=OUTCOMES, max_length=30, verbose_name="Svar")),
                (
                    "when_listed",
                    models.BooleanField(default=False, verbose_name="Spørg igen, så snart en liste nævner borgeren"),
                ),
                ("when_other_group", models.BooleanField(default=False, verbose_name="Spørg igen i en ny målgruppe")),
                ("when_new_programme", models.BooleanField(default=True, verbose_name="Spørg i et nyt program")),
                (
                    "after_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="tom = aldrig på grund af tiden alene",
                        null=True,
                        verbose_name="Spørg igen efter dage",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.municipality",
                        verbose_name="Kommune",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reask_rules",
                        to="registry.programme",
                        verbose_name="Program",
                    ),
                ),
            ],
            options={"ordering": ["closed_reason", "outcome", "programme", "municipality"]},
        ),
        migrations.AddConstraint(
            model_name="reaskrule",
            constraint=models.UniqueConstraint(
                fields=("programme", "municipality", "closed_reason", "outcome"),
                name="reask_rule_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="reaskrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_reason", "do_not_contact"), _negated=True),
                name="reask_never_against_their_will",
            ),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RemoveField(model_name="deadlinerule", name="reopen_after_days"),
        migrations.AddField(
            model_name="listrow",
            name="reask_code",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="why a closed follow-up is opened anew (L8), or nothing",
                max_length=12,
            ),
        ),
    ]
