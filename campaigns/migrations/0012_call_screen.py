import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import outreach.privacy.fields
from outreach.privacy.row_security import enable_row_security

NEEDS = [
    ("rollator", "Rollator"),
    ("wheelchair", "Kørestol"),
    ("stretcher", "Båre"),
    ("escort", "Ledsager"),
    ("helper", "Hjælper fra hjemmeplejen"),
]
KINDS = [
    ("call", "Opkald"),
    ("call_in", "Borgeren ringede"),
    ("sms", "SMS"),
    ("letter", "Brev"),
    ("lookup", "Opslag"),
    ("imported", "Fra kommunens egen liste"),
    ("dialogue", "Samtale med fagperson"),
]
SPOKEN_WITH = [
    ("citizen", "Borgeren"),
    ("relative", "Pårørende"),
    ("guardian", "Værge"),
    ("custody", "Forældremyndighedsindehaver"),
    ("nobody", "Ingen"),
]
TOPICS = [
    ("side_effects", "Bivirkninger"),
    ("illness", "Sygdom eller medicin"),
    ("allergy", "Allergi"),
    ("pregnancy", "Graviditet eller amning"),
    ("trust", "Tillid til vaccinen"),
    ("other", "Andet"),
]
STATES = [("open", "Venter"), ("claimed", "I gang"), ("closed", "Afsluttet"), ("withdrawn", "Bortfaldet")]
OUTCOMES = [
    ("books_self", "Bestiller selv"),
    ("wants_help", "Vil have hjælp til tid"),
    ("wants_popup", "Vil på pop-up"),
    ("declined", "Ønsker ikke"),
    ("thinking", "Tænker over det – ny samtale"),
    ("own_doctor", "Taler med egen læge først"),
    ("to_caseworker", "Har fået svar – sagsbehandler ringer"),
    ("not_reached", "Ikke truffet"),
]


def key(to, on_delete=django.db.models.deletion.CASCADE, **options):
    return models.ForeignKey(**{"related_name": "+", "on_delete": on_delete, "to": to} | options)


class Migration(migrations.Migration):
    """What a call writes down, and whom it is passed on to (K5-K8)."""

    dependencies = [
        ("campaigns", "0011_call_queue"),
        ("popup_sites", "0002_notices_and_status_changes"),
        ("registry", "0015_order_ends"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("contactanswer", "booked_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "contactanswer", "booked_place", models.CharField(blank=True, db_default="", default="", max_length=200)
        ),
        migrations.AddField(
            "contactanswer",
            "needs",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=NEEDS, max_length=12), blank=True, null=True, size=None
            ),
        ),
        migrations.AddField(
            "contactanswer",
            "session",
            key("popup_sites.vaccinationsession", django.db.models.deletion.SET_NULL, null=True),
        ),
        migrations.AddField(
            "contactanswer",
            "wishes",
            outreach.privacy.fields.EncryptedTextField(blank=True, kind="answer_wishes", null=True),
        ),
        migrations.AddField("contactattempt", "before", models.JSONField(null=True)),
        migrations.AddField(
            "contactattempt",
            "interpreter_language",
            models.CharField(blank=True, db_default="", default="", max_length=2),
        ),
        migrations.AddField(
            "contactattempt",
            "spoke_with_name",
            models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AlterField("contactattempt", "kind", models.CharField(choices=KINDS, max_length=10)),
        migrations.AlterField(
            "contactattempt", "spoke_with", models.CharField(choices=SPOKEN_WITH, default="nobody", max_length=10)
        ),
        migrations.CreateModel(
            name="HealthDialogue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("referred_at", models.DateTimeField()),
                ("referred_by_name", models.CharField(max_length=200)),
                ("topic", models.CharField(blank=True, choices=TOPICS, max_length=14)),
                (
                    "worry",
                    outreach.privacy.fields.EncryptedTextField(blank=True, kind="dialogue_worry", null=True),
                ),
                ("due_at", models.DateTimeField(help_text="not before this moment")),
                (
                    "agreed_time",
                    models.BooleanField(default=False, help_text="the citizen was promised this time"),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(default=0, help_text="calls in vain since the last talk"),
                ),
                ("state", models.CharField(choices=STATES, default="open", max_length=10)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("attempt", key("campaigns.contactattempt", django.db.models.deletion.SET_NULL, null=True)),
                ("citizen", key("registry.citizen", related_name="health_dialogues")),
                (
                    "claimed_by",
                    key(settings.AUTH_USER_MODEL, django.db.models.deletion.SET_NULL, blank=True, null=True),
                ),
                (
                    "municipality",
                    key("registry.municipality", django.db.models.deletion.PROTECT, db_index=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HealthTalk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(choices=OUTCOMES, max_length=14)),
                (
                    "health_note",
                    outreach.privacy.fields.EncryptedTextField(blank=True, kind="health_note", null=True),
                ),
                (
                    "attempt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="health_talk",
                        to="campaigns.contactattempt",
                    ),
                ),
                ("dialogue", key("campaigns.healthdialogue", related_name="talks")),
                ("municipality", key("registry.municipality", django.db.models.deletion.PROTECT)),
            ],
        ),
        migrations.AddIndex(
            model_name="healthdialogue",
            index=models.Index(
                condition=models.Q(("state__in", ["open", "claimed"])),
                fields=["municipality", "due_at", "id"],
                name="dialogue_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="healthdialogue",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["open", "claimed"])),
                fields=("citizen",),
                name="dialogue_one_open_per_citizen",
            ),
        ),
        migrations.AddConstraint(
            model_name="healthdialogue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claimed_by__isnull", False), ("claimed_until__isnull", False), ("state", "claimed")),
                    models.Q(models.Q(("state", "claimed"), _negated=True), ("claimed_until", None)),
                    _connector="OR",
                ),
                name="dialogue_claim_whole",
            ),
        ),
        enable_row_security("campaigns_healthdialogue"),
        enable_row_security("campaigns_healthtalk"),
    ]
