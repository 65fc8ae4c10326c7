import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import outreach.privacy.fields
from outreach.privacy.row_security import enable_row_security

PERSONAL_TABLES = [
    "campaigns_carechain",
    "campaigns_bookingrequest",
    "campaigns_bookingchange",
    "campaigns_bookingprogramme",
    "campaigns_bookingreminder",
    "campaigns_chainlink",
    "campaigns_chainchange",
]


class Migration(migrations.Migration):
    """Booking on behalf, and the chain that hangs together (K11, K14)."""

    dependencies = [
        ("campaigns", "0016_inbox"),
        ("popup_sites", "0002_notices_and_status_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CareChain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("caseworker_name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "caseworker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "citizen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="care_chains", to="registry.citizen"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BookingRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dose", models.PositiveSmallIntegerField(default=1)),
                ("own", models.BooleanField(default=False)),
                ("not_before", models.DateField(null=True)),
                (
                    "days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        default=list,
                        help_text="weekdays, Monday 0; empty = any",
                        size=None,
                    ),
                ),
                (
                    "times",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("morning", "Formiddag"), ("afternoon", "Eftermiddag"), ("evening", "Aften")],
                            max_length=10,
                        ),
                        default=list,
                        help_text="empty = any",
                        size=None,
                    ),
                ),
                ("wanted_place", models.CharField(blank=True, max_length=120)),
                (
                    "mobility",
                    models.CharField(
                        choices=[
                            ("none", "Går selv"),
                            ("rollator", "Rollator"),
                            ("wheelchair", "Kørestol"),
                            ("stretcher", "Liggende"),
                        ],
                        default="none",
                        max_length=12,
                    ),
                ),
                ("needs_escort", models.BooleanField(default=False)),
                ("needs_ride", models.BooleanField(default=False)),
                ("needs_interpreter", models.BooleanField(default=False)),
                ("has_guardian", models.BooleanField(default=False)),
                (
                    "confirm_to",
                    models.CharField(
                        choices=[("citizen", "Borgeren selv"), ("relative", "En pårørende"), ("guardian", "Værgen")],
                        default="citizen",
                        max_length=12,
                    ),
                ),
                ("note", outreach.privacy.fields.EncryptedTextField(blank=True, kind="booking_note")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Kladde"),
                            ("sent", "Sendt til regionen"),
                            ("taken", "Regionen er i gang"),
                            ("proposed", "Regionen foreslår en anden tid"),
                            ("confirmed", "Tid er bestilt"),
                            ("refused", "Regionen har sagt nej"),
                            ("withdrawn", "Trukket tilbage"),
                            ("cancelled", "Aflyst"),
                            ("completed", "Borgeren kom"),
                            ("no_show", "Borgeren kom ikke"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("state_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("answer_due", models.DateField(null=True)),
                ("requested_by_id", models.BigIntegerField(null=True)),
                ("requested_by_name", models.CharField(max_length=200)),
                ("booked_at", models.DateTimeField(null=True)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("holds_place", models.BooleanField(default=False)),
                ("vaccine", models.CharField(blank=True, max_length=60)),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_times", "Ingen ledige tider"),
                            ("not_invited", "Borgeren kan ikke tilbydes vaccination nu"),
                            ("already", "Borgeren har allerede en tid"),
                            ("wishes", "Ønskerne kan ikke opfyldes"),
                            ("other", "Andet"),
                        ],
                        max_length=20,
                    ),
                ),
                ("answer_note", outreach.privacy.fields.EncryptedTextField(blank=True, kind="booking_answer")),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "told_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sms", "sms"),
                            ("call", "opkald"),
                            ("letter", "brev"),
                            ("relative", "pårørende eller værge"),
                        ],
                        max_length=10,
                    ),
                ),
                ("told_by_name", models.CharField(blank=True, max_length=200)),
                (
                    "receipt",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="campaigns.smsmessage",
                    ),
                ),
                (
                    "after",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="next_dose",
                        to="campaigns.bookingrequest",
                    ),
                ),
                (
                    "attempt",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="campaigns.contactattempt",
                    ),
                ),
                (
                    "citizen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="booking_requests",
                        to="registry.citizen",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="popup_sites.vaccinationsession",
                    ),
                ),
                (
                    "wanted_session",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="popup_sites.vaccinationsession",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BookingSettings",
            fields=[
                (
                    "municipality",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.municipality",
                    ),
                ),
                ("days_before", models.PositiveSmallIntegerField(default=2, null=True)),
                ("hour", models.PositiveSmallIntegerField(default=10)),
                ("evening_before", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="BookingChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Kladde"),
                            ("sent", "Sendt til regionen"),
                            ("taken", "Regionen er i gang"),
                            ("proposed", "Regionen foreslår en anden tid"),
                            ("confirmed", "Tid er bestilt"),
                            ("refused", "Regionen har sagt nej"),
                            ("withdrawn", "Trukket tilbage"),
                            ("cancelled", "Aflyst"),
                            ("completed", "Borgeren kom"),
                            ("no_show", "Borgeren kom ikke"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("draft", "Kladde"),
                            ("sent", "Sendt til regionen"),
                            ("taken", "Regionen er i gang"),
                            ("proposed", "Regionen foreslår en anden tid"),
                            ("confirmed", "Tid er bestilt"),
                            ("refused", "Regionen har sagt nej"),
                            ("withdrawn", "Trukket tilbage"),
                            ("cancelled", "Aflyst"),
                            ("completed", "Borgeren kom"),
                            ("no_show", "Borgeren kom ikke"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("reason", outreach.privacy.fields.EncryptedTextField(blank=True, kind="booking_reason")),
                ("booked_at", models.DateTimeField(null=True)),
                ("place", models.CharField(blank=True, max_length=200)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="campaigns.bookingrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="BookingProgramme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("running", models.BooleanField(default=True)),
                (
                    "citizen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.citizen"
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="registry.followup",
                    ),
                ),
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
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="programmes",
                        to="campaigns.bookingrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["programme_id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("running", True)),
                        fields=("citizen", "programme"),
                        name="booking_one_running_per_programme",
                    ),
                    models.UniqueConstraint(fields=("request", "programme"), name="booking_programme_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BookingRoute",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="route",
                        serialize=False,
                        to="campaigns.bookingrequest",
                    ),
                ),
                (
                    "task",
                    models.CharField(
                        choices=[("book", "Find en tid"), ("cancel", "Aflys tiden")], default="book", max_length=10
                    ),
                ),
                ("programme_names", models.CharField(max_length=200)),
                ("opened_at", models.DateTimeField()),
                ("answer_due", models.DateField()),
                ("claimed_until", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.region"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BookingReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("booked_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("days", "nogle dage før"),
                            ("evening", "aftenen før"),
                            ("by_hand", "sendt af en medarbejder"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="campaigns.smsmessage",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="campaigns.bookingrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "booked_at", "kind"), name="booking_reminder_once_per_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChainLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ride", "Kørsel"),
                            ("helper", "Hjælper fra hjemmeplejen"),
                            ("escort", "Ledsager"),
                            ("interpreter", "Tolk"),
                            ("second_dose", "Anden dosis"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("needed", "Skal aftales"),
                            ("agreed", "Aftalt"),
                            ("again", "Skal aftales igen"),
                            ("done", "Gennemført"),
                            ("cancelled", "Aflyst"),
                        ],
                        default="needed",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(null=True)),
                ("offset_minutes", models.IntegerField(null=True)),
                (
                    "provider",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("home_care", "Hjemmeplejen"),
                            ("transport", "Kørselsafdelingen"),
                            ("municipality", "Kommunen i øvrigt"),
                            ("association", "Forening"),
                            ("region", "Regionen"),
                            ("relatives", "Pårørende"),
                            ("interpreting", "Tolkeservice"),
                        ],
                        max_length=14,
                    ),
                ),
                ("provider_name", models.CharField(blank=True, max_length=120)),
                ("pick_up", models.CharField(blank=True, max_length=200)),
                (
                    "aids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("rollator", "Rollator"),
                                ("wheelchair", "Kørestol"),
                                ("stretcher", "Båre"),
                                ("oxygen", "Ilt"),
                                ("guide_dog", "Førerhund"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("note", outreach.privacy.fields.EncryptedTextField(blank=True, kind="chain_note")),
                ("agreed_for", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField()),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="campaigns.carechain"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="campaigns.bookingrequest"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ChainChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "link_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ride", "Kørsel"),
                            ("helper", "Hjælper fra hjemmeplejen"),
                            ("escort", "Ledsager"),
                            ("interpreter", "Tolk"),
                            ("second_dose", "Anden dosis"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("started", "Forløbet begyndte"),
                            ("added", "Tilføjet"),
                            ("agreed", "Aftalt"),
                            ("moved", "Flyttet med tiden"),
                            ("flagged", "Skal aftales igen"),
                            ("cancelled", "Aflyst"),
                            ("done", "Gennemført"),
                            ("handed_over", "Overdraget"),
                            ("ended", "Forløbet sluttede"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=200)),
                ("to_name", models.CharField(blank=True, max_length=200)),
                ("moment", models.DateTimeField(null=True)),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="campaigns.carechain"
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
                "ordering": ["at", "id"],
            },
        ),
        migrations.AddField(
            model_name="bookingrequest",
            name="chain",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="campaigns.carechain"
            ),
        ),
        migrations.AddIndex(
            model_name="carechain",
            index=models.Index(
                condition=models.Q(("closed_at", None)),
                fields=["municipality", "caseworker"],
                name="chain_by_caseworker",
            ),
        ),
        migrations.AddConstraint(
            model_name="carechain",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("citizen",), name="chain_one_open_per_citizen"
            ),
        ),
        migrations.AddIndex(
            model_name="bookingrequest",
            index=models.Index(fields=["municipality", "state", "answer_due"], name="booking_by_state"),
        ),
        migrations.AddIndex(
            model_name="bookingrequest",
            index=models.Index(
                condition=models.Q(("state", "confirmed")), fields=["booked_at"], name="booking_confirmed"
            ),
        ),
        migrations.AddConstraint(
            model_name="bookingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["proposed", "confirmed", "completed", "no_show"]), _negated=True),
                    models.Q(("booked_at__isnull", False), models.Q(("place", ""), _negated=True)),
                    _connector="OR",
                ),
                name="booking_has_time_and_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("holds_place", False), ("session__isnull", False), _connector="OR"),
                name="booking_holds_place_of_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("refusal", ""), _negated=True),
                    _connector="OR",
                ),
                name="booking_refused_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="chainlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "cancelled"), _negated=True),
                fields=("request", "kind"),
                name="chain_link_once_per_booking",
            ),
        ),
        migrations.AddConstraint(
            model_name="chainlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "agreed"), _negated=True), ("at__isnull", False), _connector="OR"
                ),
                name="chain_link_agreed_when",
            ),
        ),
        migrations.AddIndex(
            model_name="bookingroute",
            index=models.Index(
                condition=models.Q(("closed_at", None)),
                fields=["region", "answer_due", "opened_at"],
                name="booking_route_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookingroute",
            constraint=models.CheckConstraint(
                condition=models.Q(("claimed_until", None), ("claimed_by__isnull", False), _connector="OR"),
                name="booking_route_claim_whole",
            ),
        ),
        *[enable_row_security(table) for table in PERSONAL_TABLES],
    ]
