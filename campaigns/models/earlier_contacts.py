"""Earlier contacts and answers that the municipality kept in spreadsheets, on their way in (L8)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.privacy.fields import EncryptedTextField
from registry.models import Barrier, Citizen, FollowUp, MappingSource, Municipality, Outcome, Programme


class EarlierContactsState(models.TextChoices):
    RECEIVED = "received", _("Modtaget")
    REVIEWED = "reviewed", _("Klar til gennemsyn")
    COMMITTED = "committed", _("Indlæst")
    REJECTED = "rejected", _("Afvist")
    UNDONE = "undone", _("Fortrudt")
    FAILED = "failed", _("Kunne ikke læses")


class PaddedNumbers(models.TextChoices):
    """What a person said of the numbers that lost their leading zero (C2): one word for the whole file."""

    CONFIRMED = "confirmed", _("Nullet er sat foran")
    LEFT_OUT = "left_out", _("Rækkerne er ikke taget med")


class EarlierContactsQuerySet(models.QuerySet["EarlierContacts"]):
    def visible_to(self, actor: Actor) -> EarlierContactsQuerySet:
        """The files of the actor's own municipality, for those who work with lists."""
        if not actor.may(Permission.SEE_LISTS):
            return self.none()
        return self.filter(municipality_id__in=actor.municipality_codes)


class EarlierContacts(models.Model):
    """One spreadsheet of earlier contacts: what it is, where it is on its way. Its rows hold the citizens."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="+", help_text="of rows that name none"
    )
    state = models.CharField(max_length=10, choices=EarlierContactsState, default=EarlierContactsState.RECEIVED)
    state_changed_at = models.DateTimeField()
    display_name = models.CharField(max_length=120)
    file_sha256 = models.CharField(max_length=64)
    sender = models.CharField(
        max_length=60, blank=True, help_text="whose spreadsheet it is; columns are remembered by it"
    )
    stored_name = models.CharField(max_length=80, blank=True)
    file_erased_at = models.DateTimeField(null=True, blank=True)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=dict, help_text='our column name → their header; "" = not in the file')
    mapping_source = models.CharField(max_length=10, choices=MappingSource, default=MappingSource.PROPOSED)
    column_kinds = models.JSONField(default=list)
    waits_for = models.CharField(max_length=10, blank=True, help_text='"mapping" while a person must choose columns')
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.JSONField(default=dict)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=400, blank=True)
    padded = models.CharField(max_length=10, choices=PaddedNumbers, blank=True)
    padded_by_name = models.CharField(max_length=200, blank=True)
    rows = models.PositiveIntegerField(default=0)
    dropped_columns = models.JSONField(default=list)
    counts = models.JSONField(default=dict, help_text="what the rows do or did → how many")
    gates = models.JSONField(default=list, help_text='[{"programme", "rows", "of"}]: what a second person must look at')
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    committed_by_name = models.CharField(max_length=200, blank=True)
    committed_at = models.DateTimeField(null=True, blank=True)

    objects = EarlierContactsQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return f"earlier contacts {self.pk}"


class EarlierContactsChange(models.Model):
    """Append-only: when a file changed state, and who did it."""

    file = models.ForeignKey(EarlierContacts, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=10, choices=EarlierContactsState)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]


class EarlierContactRow(models.Model):
    """One row as it was read. An empty problem code = it can be taken in; `effect` says what it then does."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    file = models.ForeignKey(EarlierContacts, on_delete=models.CASCADE, related_name="file_rows", db_index=False)
    row_number = models.PositiveIntegerField(help_text="as the spreadsheet shows it")
    cpr_ciphertext = models.BinaryField(null=True)
    cpr_index = models.BinaryField(null=True, max_length=32)
    phone_ciphertext = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True, max_length=32)
    birth_date = models.DateField(null=True)
    contacted_on = models.DateField(null=True)
    kind = models.CharField(max_length=10, blank=True, help_text="a ContactKind")
    word = models.CharField(max_length=80, blank=True, help_text="the answer as it stands, normalised")
    outcome = models.CharField(max_length=30, choices=Outcome, blank=True)
    barrier = models.CharField(max_length=20, choices=Barrier, blank=True)
    who = models.CharField(max_length=120, blank=True)
    note = EncryptedTextField(kind="contact_note", blank=True, null=True)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    citizen = models.ForeignKey(Citizen, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    warning_code = models.CharField(max_length=40, blank=True, help_text="leading_zero: the number is a proposal")
    problem_code = models.CharField(max_length=40, blank=True)
    problem_column = models.CharField(max_length=40, blank=True)
    effect = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "row_number"], name="earlier_contact_row_once")]


class AnswerWord(models.Model):
    """What a person said a word in a spreadsheet means; remembered for the municipality's next file."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    word = models.CharField(max_length=80)
    # Empty: rows with this word are no contact and are left out.
    outcome = models.CharField(max_length=30, choices=Outcome, blank=True)
    decided_by_name = models.CharField(max_length=200)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "word"], name="answer_word_once")]


class EarlierContactEffect(models.Model):
    """What a committed file did to one follow-up, so that it can be undone: the summary before."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    file = models.ForeignKey(EarlierContacts, on_delete=models.CASCADE, related_name="effects", db_index=False)
    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="+")
    # Empty for a follow-up that the file made.
    before = models.JSONField(default=dict)
    no_contact_before = models.BooleanField(default=False, help_text='the citizen\'s "do not contact" is from here')

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "follow_up"], name="earlier_contact_effect_once")]
