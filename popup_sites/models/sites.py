"""Where citizens can be vaccinated without travelling far: sites, teams and dated sessions (P1–P6)."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from registry.models import (
    HousingArea,
    Institution,
    Municipality,
    Parish,
    Programme,
    Region,
)


class SiteKind(models.TextChoices):
    RESIDENTIAL = "residential", _("Boligområde")
    EDUCATION = "education", _("Uddannelsesinstitution")
    WORKPLACE = "workplace", _("Arbejdsplads")
    FAITH = "faith", _("Trossamfund eller forening")
    CARE = "care", _("Plejehjem eller anden institution")
    FIXED = "fixed", _("Fast center")


class PopupSiteQuerySet(models.QuerySet["PopupSite"]):
    def visible_to(self, actor: Actor) -> PopupSiteQuerySet:
        """A region's own sites; for a municipality the sites inside it. Sites hold no citizen."""
        if not actor.may(Permission.SEE_POPUP_SITES):
            return self.none()
        if actor.national:
            return self
        if actor.region_code is not None:
            return self.filter(region__code=actor.region_code)
        return self.filter(municipality_id__in=actor.municipality_codes)


class PopupSite(models.Model):
    """A place. What happens there, and when, are its sessions."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="popup_sites")
    kind = models.CharField(max_length=20, choices=SiteKind)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200)
    parish = models.ForeignKey(Parish, on_delete=models.PROTECT, null=True, blank=True)
    housing_area = models.ForeignKey(HousingArea, on_delete=models.SET_NULL, null=True, blank=True)
    institution = models.ForeignKey(Institution, on_delete=models.SET_NULL, null=True, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    wheelchair_access = models.BooleanField(default=False)
    parking = models.BooleanField(default=False)
    public_transport = models.CharField(max_length=120, blank=True)
    invented = models.BooleanField(default=False, help_text="demo data, labelled as such")
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    objects = PopupSiteQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class VaccinationTeamQuerySet(models.QuerySet["VaccinationTeam"]):
    def visible_to(self, actor: Actor) -> VaccinationTeamQuerySet:
        """The teams of the actor's own region."""
        if not actor.may(Permission.SEE_POPUP_SITES) or actor.region_code is None:
            return self.none()
        return self.filter(region__code=actor.region_code)


class VaccinationTeam(models.Model):
    """A mobile unit or team of a region; it is in one place at a time (P3)."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80)

    objects = VaccinationTeamQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="team_name_once_per_region")]

    def __str__(self) -> str:
        return self.name


class SessionStatus(models.TextChoices):
    PLANNED = "planned", _("Planlagt")
    PUBLISHED = "published", _("Offentliggjort")
    CANCELLED = "cancelled", _("Aflyst")


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


_HOURS = TsTzRange("starts_at", "ends_at", Value("[)"))


class VaccinationSessionQuerySet(models.QuerySet["VaccinationSession"]):
    def visible_to(self, actor: Actor) -> VaccinationSessionQuerySet:
        """Sessions at the sites the actor sees; a municipality sees those it has been told of (P1)."""
        seen = self.filter(site__in=PopupSite.objects.visible_to(actor))
        if actor.national or actor.region_code is not None or actor.is_system:
            return seen
        return seen.filter(models.Exists(SessionNotice.objects.filter(session=models.OuterRef("pk"))))

    def not_over(self, now: datetime) -> VaccinationSessionQuerySet:
        """Sessions that have not closed yet."""
        return self.filter(ends_at__gt=now)

    def with_free_places(self) -> VaccinationSessionQuerySet:
        return self.filter(reserved__lt=models.F("capacity"))


class VaccinationSession(models.Model):
    """Opening hours at a site with a team, doses and capacity. A second round points at its first (P6)."""

    site = models.ForeignKey(PopupSite, on_delete=models.PROTECT, related_name="sessions")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(VaccinationTeam, on_delete=models.PROTECT, null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    drop_in = models.BooleanField(default=True)
    by_appointment = models.BooleanField(default=False)
    vaccinators = models.PositiveSmallIntegerField()
    minutes_per_dose = models.PositiveSmallIntegerField()
    doses = models.PositiveIntegerField()
    vaccine = models.CharField(max_length=60)
    # min(vaccinators × minutes ÷ minutes per dose, doses), computed once by the service (P2).
    capacity = models.PositiveIntegerField()
    reserved = models.PositiveIntegerField(default=0, help_text="places promised to citizens")
    status = models.CharField(max_length=12, choices=SessionStatus, default=SessionStatus.PLANNED)
    second_round_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="second_round"
    )
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = VaccinationSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(vaccinators__gte=1) & Q(minutes_per_dose__gte=1), name="session_is_staffed"
            ),
            models.CheckConstraint(condition=Q(capacity__lte=models.F("doses")), name="session_has_doses_for_capacity"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_start"),
            models.CheckConstraint(condition=Q(reserved__lte=models.F("capacity")), name="session_not_overbooked"),
            ExclusionConstraint(
                name="session_one_team_one_place",
                expressions=[("team", RangeOperators.EQUAL), (_HOURS, RangeOperators.OVERLAPS)],
                condition=Q(team__isnull=False) & ~Q(status="cancelled"),
            ),
            ExclusionConstraint(
                name="session_one_at_a_site",
                expressions=[("site", RangeOperators.EQUAL), (_HOURS, RangeOperators.OVERLAPS)],
                condition=~Q(status="cancelled"),
            ),
        ]
        indexes = [models.Index(fields=["status", "starts_at"], name="session_by_time")]
        ordering = ["starts_at"]

    def __str__(self) -> str:
        return f"{self.site_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def free_places(self) -> int:
        """Places nobody has been promised."""
        return self.capacity - self.reserved


class SessionStatusChange(models.Model):
    """One step in a session's life: who took it, when, and why. Append-only."""

    session = models.ForeignKey(VaccinationSession, on_delete=models.CASCADE, related_name="status_changes")
    from_status = models.CharField(max_length=12, choices=SessionStatus, blank=True)
    to_status = models.CharField(max_length=12, choices=SessionStatus)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.to_status}"


class NoticeKind(models.TextChoices):
    PUBLISHED = "published", _("Nyt tilbud")
    CHANGED = "changed", _("Ændret")
    CANCELLED = "cancelled", _("Aflyst")


class SessionNoticeQuerySet(models.QuerySet["SessionNotice"]):
    def visible_to(self, actor: Actor) -> SessionNoticeQuerySet:
        """Notices of the sessions the actor sees."""
        return self.filter(session__in=VaccinationSession.objects.visible_to(actor))

    def waiting(self) -> SessionNoticeQuerySet:
        """The newest notice of each session, where nobody has acknowledged it: an older one is out of date."""
        newer = SessionNotice.objects.filter(session=models.OuterRef("session"), pk__gt=models.OuterRef("pk"))
        return self.filter(acknowledged_at=None).exclude(models.Exists(newer))


class SessionNotice(models.Model):
    """The municipality told of time and place (P1), when it read it, and who acknowledged."""

    session = models.ForeignKey(VaccinationSession, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind, default=NoticeKind.PUBLISHED)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    # What was told, so that a later change makes a new notice and an old one stays true.
    told = models.JSONField(default=dict)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by_name = models.CharField(max_length=200, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by_name = models.CharField(max_length=200, blank=True)
    remark = models.CharField(max_length=400, blank=True)

    objects = SessionNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.kind}"
