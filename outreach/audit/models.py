"""The access log: who used whose data, when, what for. Append-only, and without foreign keys to live data."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from outreach.access.roles import Role


class Action(models.TextChoices):
    LOOK = "look", _("Set")
    REVEAL = "reveal", _("CPR-nummer vist")
    SEARCH = "search", _("Søgt")
    ADD = "add", _("Oprettet")
    CHANGE = "change", _("Ændret")
    EXPORT = "export", _("Eksporteret")
    DELETE = "delete", _("Slettet")
    LOG_IN = "log_in", _("Logget ind")
    LOG_OUT = "log_out", _("Logget ud")
    LOG_IN_FAILED = "log_in_failed", _("Forgæves log ind")
    ROLE_SWITCH = "role_switch", _("Skiftet rolle")
    DENIED = "denied", _("Afvist")


SUBJECT_LABELS = {
    "citizen": _("Borger"),
    "nonresponderlist": _("Liste"),
    "workbudget": _("Bevilling"),
    "workload": _("Arbejdsmængde"),
    "qualitysettings": _("Stikprøve"),
    "popup_site": _("Pop-up-sted"),
    "vaccination_session": _("Åbningstid"),
    "citizenimport": _("Borgerfil"),
    "listorder": _("Listebestilling"),
    "optout": _("Framelding"),
    "gatewaystate": _("Sms-linje"),
    "sms_wave": _("Sms-udsendelse"),
    "vaccination_team": _("Hold"),
    "uptake": _("Tilslutning"),
    "uptakesnapshot": _("Tilslutningsfil"),
    "status_note": _("Statusnotat"),
    "follow_up": _("Opfølgning"),
    "selection": _("Eget udvalg"),
    "earliercontacts": _("Regneark med tidligere svar"),
    "page": _("Side"),
    "session": _("Log ind"),
    "access_log": _("Adgangslog"),
    "membership": _("Rolle"),
    "institution": _("Institution"),
    "housingarea": _("Boligområde"),
    "deadlinerule": _("Frister"),
    "contactplan": _("Kontaktplan"),
    "targetgroup": _("Målgruppe"),
    "boundaryimport": _("Sognegrænser"),
    "reaskrule": _("Regel for at spørge igen"),
    "programme": _("Program"),
    "nationalfile": _("Landsdækkende fil"),
    "apikey": _("API-nøgle"),
    "bookingsettings": _("Påmindelser om tider"),
    "dropped_file": _("Afvist fil"),
    "conversation": _("Svar på sms"),
    "text": _("Tekst"),
    "message_price": _("Sms-pris"),
    "letter_batch": _("Brevbunke"),
    # What a period has erased (A5).
    "listrow": _("Listerækker"),
    "followup": _("Opfølgninger"),
    "citizendifference": _("Forskelle"),
    "referredaccess": _("Rådgiveres adgang"),
    "contactattempt": _("Kontaktforsøg"),
    "calltask": _("Opkald"),
    "healthdialogue": _("Rådgiveres fagsamtaler"),
    "lookupclaim": _("Opslag efter nummer"),
    "carechain": _("Bookinger og forløb"),
    "smsmessage": _("Sms'er"),
    "letter": _("Breve"),
}


class AccessEvent(models.Model):
    """One use of personal data. `subject_id` is our own key, never a CPR number (A3, A4)."""

    # Made here, not by the database: INSERT … RETURNING would need the row to be readable too.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=20, choices=Action)
    user_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    role = models.CharField(max_length=30, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    municipality_id = models.PositiveSmallIntegerField(null=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["municipality_id", "-at"], name="audit_by_municipality"),
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="audit_by_subject"),
            models.Index(fields=["user_id", "-at"], name="audit_by_user"),
        ]
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.action} {self.subject_kind}"

    @property
    def role_label(self) -> str:
        """The role's Danish name, or the word for a system job; somebody on the way in or out has no role yet."""
        if not self.role and self.action in {Action.LOG_IN, Action.LOG_OUT, Action.LOG_IN_FAILED}:
            return "–"
        return str(dict(Role.choices).get(self.role, _("Systemjob")))

    @property
    def subject_label(self) -> str:
        """What was used, with our own key: `Borger 4711`."""
        label = SUBJECT_LABELS.get(self.subject_kind, self.subject_kind.replace("_", " "))
        return f"{label} {self.subject_id}".strip()
