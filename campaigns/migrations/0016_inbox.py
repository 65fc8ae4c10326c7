import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import outreach.privacy.fields
from outreach.privacy.row_security import enable_row_security

REPLY_KINDS = [
    ("stop", "Vil ikke have sms'er"),
    ("start", "Vil gerne have sms'er igen"),
    ("ring", "Vil ringes op"),
    ("yes", "Siger ja"),
    ("no", "Siger nej"),
    ("wrong_number", "Måske forkert nummer"),
    ("deceased", "Måske død"),
    ("maybe_stop", "Vil måske ikke have sms'er"),
    ("maybe_ring", "Vil måske ringes op"),
    ("help", "Beder om hjælp"),
    ("text", "Skriver selv"),
    ("media", "Kun billede eller fil"),
    ("empty", "Tom besked"),
]
REPLY_ACTS = [
    ("opted_out", "Frameldt sms"),
    ("opt_out_undone", "Framelding fortrudt"),
    ("opted_in", "Tilmeldt sms igen"),
    ("call_planned", "Opkald lagt i køen"),
]
CONTACT_KINDS = [
    ("call", "Opkald"),
    ("call_in", "Borgeren ringede"),
    ("sms", "SMS"),
    ("letter", "Brev"),
    ("lookup", "Opslag"),
    ("imported", "Fra kommunens egen liste"),
    ("dialogue", "Samtale med fagperson"),
    ("reply", "Svar på sms"),
]
# A message has a route from the moment it is handed over, whichever way it was made: its receipt and the replies to it
# must find the municipality before row security can be opened. Once for each statement: a batch is 200 messages.
ROUTES = [
    """
    CREATE FUNCTION campaigns_note_routes() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO messaging_messageroute (message_id, municipality_code, made_at)
            SELECT id, municipality_id, coalesce(handed_over_at, status_at) FROM after_rows
            WHERE status NOT IN ('queued', 'cancelled')
            ON CONFLICT DO NOTHING;
            INSERT INTO messaging_numberroute AS route (number_index, municipality_code, last_message_at)
            SELECT number_index, municipality_id, max(coalesce(handed_over_at, status_at)) FROM after_rows
            WHERE status NOT IN ('queued', 'cancelled')
            GROUP BY number_index, municipality_id ORDER BY number_index
            ON CONFLICT (number_index, municipality_code) DO UPDATE
            SET last_message_at = greatest(route.last_message_at, excluded.last_message_at);
        ELSE
            INSERT INTO messaging_messageroute (message_id, municipality_code, made_at)
            SELECT a.id, a.municipality_id, coalesce(a.handed_over_at, a.status_at)
            FROM after_rows a JOIN before_rows b USING (id)
            WHERE a.status = 'handing_over' AND b.status <> 'handing_over'
            ON CONFLICT DO NOTHING;
            INSERT INTO messaging_numberroute AS route (number_index, municipality_code, last_message_at)
            SELECT a.number_index, a.municipality_id, max(coalesce(a.handed_over_at, a.status_at))
            FROM after_rows a JOIN before_rows b USING (id)
            WHERE a.status = 'handing_over' AND b.status <> 'handing_over'
            GROUP BY a.number_index, a.municipality_id ORDER BY a.number_index
            ON CONFLICT (number_index, municipality_code) DO UPDATE
            SET last_message_at = greatest(route.last_message_at, excluded.last_message_at);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER note_routes_of_new AFTER INSERT ON campaigns_smsmessage
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION campaigns_note_routes()
    """,
    """
    CREATE TRIGGER note_routes_of_handed_over AFTER UPDATE ON campaigns_smsmessage
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION campaigns_note_routes()
    """,
]
WITHOUT_ROUTES = [
    "DROP TRIGGER note_routes_of_handed_over ON campaigns_smsmessage",
    "DROP TRIGGER note_routes_of_new ON campaigns_smsmessage",
    "DROP FUNCTION campaigns_note_routes()",
]


class Migration(migrations.Migration):
    """Receipts and replies (S6, S7)."""

    dependencies = [
        ("campaigns", "0015_hand_over"),
        ("messaging", "0002_callbacks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="contactattempt",
            name="kind",
            field=models.CharField(choices=CONTACT_KINDS, max_length=10),
        ),
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number_ciphertext", models.BinaryField()),
                ("number_index", models.BinaryField(max_length=32)),
                (
                    "state",
                    models.CharField(choices=[("open", "Åben"), ("done", "Afsluttet")], default="open", max_length=4),
                ),
                ("unread", models.BooleanField(default=True)),
                ("suggestion", models.CharField(choices=REPLY_KINDS, max_length=14)),
                ("opened_at", models.DateTimeField()),
                ("last_reply_at", models.DateTimeField()),
                ("held_until", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by_name", models.CharField(blank=True, max_length=200)),
                (
                    "assigned_to",
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
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conversations",
                        to="registry.citizen",
                    ),
                ),
                (
                    "held_by",
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
            ],
        ),
        migrations.CreateModel(
            name="InboundMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway_id", models.CharField(max_length=64)),
                (
                    "body",
                    outreach.privacy.fields.EncryptedTextField(blank=True, kind="inbound_body", null=True),
                ),
                ("media", models.PositiveSmallIntegerField(default=0)),
                ("kind", models.CharField(choices=REPLY_KINDS, max_length=14)),
                ("act", models.CharField(blank=True, choices=REPLY_ACTS, max_length=14)),
                ("act_by_name", models.CharField(blank=True, max_length=200)),
                ("received_at", models.DateTimeField()),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="campaigns.conversation",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.municipality"
                    ),
                ),
            ],
            options={"ordering": ["received_at", "id"]},
        ),
        migrations.AddIndex(
            model_name="smsmessage",
            index=models.Index(fields=["number_index", "-queued_at"], name="message_by_number"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["municipality", "-unread", "last_reply_at"],
                name="conversation_open",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("state", "done")), fields=["municipality", "-done_at"], name="conversation_done"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("municipality", "number_index"),
                name="conversation_one_open_per_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("state", "open")),
                    models.Q(("done_at__isnull", False), ("state", "done")),
                    _connector="OR",
                ),
                name="conversation_done_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundmessage",
            constraint=models.UniqueConstraint(fields=("municipality", "gateway_id"), name="inbound_once"),
        ),
        enable_row_security("campaigns_conversation"),
        enable_row_security("campaigns_inboundmessage"),
        migrations.RunSQL(ROUTES, WITHOUT_ROUTES),
    ]
