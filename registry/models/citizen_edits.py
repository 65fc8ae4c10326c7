"""What a person wrote on a citizen by hand, and where a file says otherwise (ask before overwrite)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from outreach.privacy.fields import EncryptedTextField

from .citizen_imports import CitizenImport
from .citizens import Citizen
from .geography import Municipality


class EditedField(models.TextChoices):
    """What is asked about as one thing: an address is one, whichever of its columns differs."""

    NAME = "name", _("Navn")
    ADDRESS = "address", _("Adresse")
    EMAIL = "email", _("E-mail")
    LANGUAGE = "language", _("Sprog")
    NEEDS_INTERPRETER = "needs_interpreter", _("Tolk")
    CARE_HOME = "care_home", _("Plejehjem")
    PERSONAL_CARE = "personal_care", _("Personlig pleje")
    PRACTICAL_HELP = "practical_help", _("Praktisk hjælp")
    HOME_NURSING = "home_nursing", _("Hjemmesygepleje")
    DIGITAL_POST_EXEMPT = "digital_post_exempt", _("Fritaget for Digital Post")
    PROTECTION = "protection", _("Navne- og adressebeskyttelse")
    GUARDIAN = "guardian", _("Værge")
    RELATIVE = "relative", _("Pårørende")
    # Two records that CPR says are one person, both with answers (C3): a person chooses whose answers hold.
    PERSON = "person", _("Samme person")


class CitizenEdit(models.Model):
    """A field that somebody changed by hand, newest change only; the audit log has them all."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="edits", db_index=False)
    field = models.CharField(max_length=24, choices=EditedField)
    old_value = EncryptedTextField(kind="citizen_edit", blank=True, null=True)
    edited_by_name = models.CharField(max_length=200)
    edited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["citizen", "field"], name="edit_once_per_field")]
        # A file of a million citizens joins the few that were edited.
        indexes = [models.Index(fields=["municipality", "citizen"], name="edit_by_municipality")]

    def __str__(self) -> str:
        return f"citizen edit {self.pk}"


class DifferenceState(models.TextChoices):
    OPEN = "open", _("Venter på valg")
    OURS = "ours", _("Vores beholdt")
    THEIRS = "theirs", _("Filens brugt")
    SAME = "same", _("Filen blev enig")


class CitizenDifference(models.Model):
    """A file's value for a field that was edited by hand. One row per field: the same value is never asked twice.

    `theirs` holds the file's columns: plain as the citizen's own, a phone as sealed bytes in hexadecimal.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="differences", db_index=False)
    field = models.CharField(max_length=24, choices=EditedField)
    theirs = models.JSONField(default=dict)
    other_citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, null=True, related_name="+")
    citizen_import = models.ForeignKey(CitizenImport, on_delete=models.SET_NULL, null=True, related_name="differences")
    found_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=DifferenceState, default=DifferenceState.OPEN)
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["citizen", "field"], name="difference_once_per_field")]
        indexes = [
            models.Index(
                fields=["municipality", "field", "id"], name="difference_open", condition=models.Q(state="open")
            )
        ]

    def __str__(self) -> str:
        return f"citizen difference {self.pk}"
