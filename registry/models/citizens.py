"""Citizens, their phones and the people around them. Every table here is behind row-level security.

Keys whose index another one begins with have none of their own: a million rows pay for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.clock.services import now
from outreach.privacy.masking import format_cpr, mask_cpr
from outreach.privacy.sealing import unseal

from .geography import Institution, Municipality, Parish

if TYPE_CHECKING:
    from datetime import date


class CprKind(models.TextChoices):
    ORDINARY = "ordinary", _("CPR-nummer")
    REPLACEMENT = "replacement", _("Erstatningsnummer")
    ECPR = "ecpr", _("eCPR")
    NONE = "none", _("Uden CPR-nummer")


class CitizenStatus(models.TextChoices):
    """CPR status in the words that matter here (C3, cpr_status_codes.csv)."""

    ACTIVE = "active", _("Bopæl i kommunen")
    OUTSIDE = "outside", _("Uden for kommunen")
    DECEASED = "deceased", _("Død")
    EMIGRATED = "emigrated", _("Udrejst")
    DISAPPEARED = "disappeared", _("Forsvundet")
    CANCELLED = "cancelled", _("Annulleret personnummer")
    REPLACED = "replaced", _("Ændret personnummer")


def _referred_to(actor: Actor) -> models.Q:
    """Who waits for a talk with a health professional; for a while after one's own talk also those (A1)."""
    follow_ups = apps.get_model("registry", "FollowUp").objects
    waiting = follow_ups.filter(citizen=OuterRef("pk"), status="open", next_step_kind="health_dialogue")
    accesses = apps.get_model("registry", "ReferredAccess").objects
    just_held = accesses.filter(citizen=OuterRef("pk"), user=actor.user_id, until__gt=now())
    return Q(Exists(waiting)) | Q(Exists(just_held))


class CitizenQuerySet(models.QuerySet["Citizen"]):
    def visible_to(self, actor: Actor) -> CitizenQuerySet:
        """The citizens this actor may see (domain section 2): all own, only referred, only on rides, none."""
        own = self.filter(municipality_id__in=actor.municipality_codes)
        if actor.may(Permission.SEE_CITIZENS):
            return own
        if actor.may(Permission.SEE_REFERRED_CITIZENS):
            return own.filter(_referred_to(actor))
        if actor.may(Permission.SEE_TRANSPORTED_CITIZENS):
            return own.filter(
                follow_ups__status="open", follow_ups__next_step_kind__in=["ride", "home_visit"]
            ).distinct()
        return self.none()


class Citizen(models.Model):
    """A person a municipality may have to follow up. The CPR number is sealed; `cpr_index` finds it."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    cpr_ciphertext = models.BinaryField(null=True)
    cpr_index = models.BinaryField(null=True, max_length=32)
    cpr_kind = models.CharField(max_length=12, choices=CprKind, default=CprKind.ORDINARY)
    name = models.CharField(max_length=200)
    # Danish order and normalised search as stored columns: function indexes are skipped under row security.
    sort_name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200)
    birth_date = models.DateField(null=True)
    # Told or guessed, for people without a CPR number (C2). With a default of the database's: SQL inserts too.
    birth_date_approximate = models.BooleanField(default=False, db_default=False)
    sex = models.CharField(max_length=1, blank=True, choices=[("K", _("Kvinde")), ("M", _("Mand"))])
    address = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=4, blank=True)
    city = models.CharField(max_length=80, blank=True)
    # Same address (normalised) = same household; empty when the address is unknown (C6).
    household_key = models.CharField(max_length=120, blank=True)
    parish = models.ForeignKey(Parish, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    institution = models.ForeignKey(Institution, on_delete=models.SET_NULL, null=True, related_name="+")
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="da", help_text="ISO 639-1")
    needs_interpreter = models.BooleanField(default=False)
    care_home = models.BooleanField(default=False)
    personal_care = models.BooleanField(default=False)
    practical_help = models.BooleanField(default=False)
    home_nursing = models.BooleanField(default=False)
    digital_post_exempt = models.BooleanField(default=False)
    protected = models.BooleanField(default=False, help_text="navne- og adressebeskyttelse (C5)")
    protected_until = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=CitizenStatus, default=CitizenStatus.ACTIVE)
    do_not_contact_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = CitizenQuerySet.as_manager()

    class Meta:
        constraints = [
            # Per municipality: a wider key would tell one municipality about another's citizens. The number first:
            # "known elsewhere?" is then one look-up among 98 municipalities, not 98 (20 s for 19,000 unknown numbers).
            models.UniqueConstraint(
                fields=["cpr_index", "municipality"],
                condition=Q(cpr_index__isnull=False),
                name="citizen_once_per_municipality",
            ),
            models.CheckConstraint(
                condition=Q(cpr_kind=CprKind.NONE, cpr_index=None, cpr_ciphertext=None)
                | Q(cpr_index__isnull=False, cpr_ciphertext__isnull=False),
                name="citizen_cpr_whole_or_absent",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "search_name"], name="citizen_by_search_name"),
            models.Index(fields=["municipality", "sort_name"], name="citizen_by_sort_name"),
            models.Index(
                fields=["municipality", "household_key"],
                name="citizen_by_household",
                condition=~Q(household_key=""),
            ),
            models.Index(fields=["municipality", "parish"], name="citizen_by_parish"),
        ]

    def __str__(self) -> str:
        return f"citizen {self.pk}"

    @property
    def cpr(self) -> str:
        """The ten characters, or "" for a person without a number. Show it only through a logged "Vis"."""
        if self.cpr_ciphertext is None or self.cpr_index is None:
            return ""
        return unseal("cpr", bytes(self.cpr_ciphertext), bytes(self.cpr_index))

    @property
    def cpr_masked(self) -> str:
        return mask_cpr(self.cpr) if self.cpr_ciphertext is not None else str(_("uden CPR-nummer"))

    @property
    def cpr_formatted(self) -> str:
        return format_cpr(self.cpr)

    def is_protected(self, on: date) -> bool:
        """Whether the address must stay hidden on that day: protection without an end date does not lapse."""
        return self.protected and (self.protected_until is None or self.protected_until >= on)

    def age(self, on: date) -> int | None:
        """Whole years on a day, or None when the birth date is unknown."""
        if self.birth_date is None:
            return None
        birthday_passed = (on.month, on.day) >= (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - (0 if birthday_passed else 1)


class PhoneKind(models.TextChoices):
    MOBILE = "mobile", _("mobil")
    LANDLINE = "landline", _("fastnet")
    UNKNOWN = "unknown", _("ukendt type")


class PhoneSource(models.TextChoices):
    SYSTEM = "system", _("Fra fagsystem")
    RELATIVE = "relative", _("Oplyst af pårørende")
    LOOKED_UP = "looked_up", _("Slået op")
    CITIZEN = "citizen", _("Oplyst af borgeren")


class Phone(models.Model):
    """A number with its source: who found it and when, and whether it turned out wrong (C4)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="phones", db_index=False)
    number_ciphertext = models.BinaryField()
    number_index = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=10, choices=PhoneKind, default=PhoneKind.UNKNOWN)
    source = models.CharField(max_length=12, choices=PhoneSource)
    found_by_name = models.CharField(max_length=200, blank=True)
    found_at = models.DateTimeField()
    wrong_since = models.DateTimeField(null=True, blank=True)
    wrong_reason = models.CharField(max_length=200, blank=True)
    wrong_by_name = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["citizen", "number_index"], name="phone_once_per_citizen")]
        indexes = [
            models.Index(fields=["municipality", "number_index"], name="phone_by_number"),
            # For an SMS to very many: who has a mobile, read from the index alone.
            models.Index(
                fields=["municipality", "citizen", "id"],
                name="phone_mobile_to_use",
                condition=Q(kind=PhoneKind.MOBILE, wrong_since__isnull=True),
            ),
            models.Index(
                fields=["municipality", "citizen"],
                name="phone_mobile_wrong",
                condition=Q(kind=PhoneKind.MOBILE, wrong_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"phone {self.pk}"

    @property
    def number(self) -> str:
        """E.164, e.g. `+4520123456`."""
        return unseal("phone", bytes(self.number_ciphertext), bytes(self.number_index))


class RelativeKind(models.TextChoices):
    RELATIVE = "relative", _("Pårørende")
    GUARDIAN = "guardian", _("Værge")
    CUSTODY_HOLDER = "custody_holder", _("Forældremyndighedsindehaver")


class Relative(models.Model):
    """Somebody who may be called instead of, or must be told beside, the citizen (K8)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="relatives", db_index=False)
    kind = models.CharField(max_length=16, choices=RelativeKind)
    name = models.CharField(max_length=200)
    relation = models.CharField(max_length=80, blank=True)
    phone_ciphertext = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True, max_length=32)
    informed_at = models.DateTimeField(null=True, blank=True, help_text="guardian informed (K8)")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["citizen", "kind", "name"], name="relative_once_per_citizen")]
        indexes = [models.Index(fields=["municipality", "phone_index"], name="relative_by_phone")]

    def __str__(self) -> str:
        return f"relative {self.pk}"

    @property
    def phone(self) -> str:
        if self.phone_ciphertext is None or self.phone_index is None:
            return ""
        return unseal("phone", bytes(self.phone_ciphertext), bytes(self.phone_index))


class PreviousNumber(models.Model):
    """A number a citizen had before (CPR status 50 and 60): lists may still name them by it (C3)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="previous_numbers")
    cpr_ciphertext = models.BinaryField()
    cpr_index = models.BinaryField(max_length=32)
    noted_at = models.DateTimeField()
    # The record this number had before two were found to be one person: the access log still names it (A3).
    former_citizen_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "cpr_index"], name="previous_number_once_per_municipality")
        ]

    def __str__(self) -> str:
        return f"previous number {self.pk}"
