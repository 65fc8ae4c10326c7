"""Regions, municipalities, parishes, housing areas, institutions. Official codes are the keys: files speak in codes."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.access.actor import Actor


class Region(models.Model):
    """A region while it exists: Hovedstaden and Sjælland end on 31 December 2026 and merge."""

    code = models.PositiveSmallIntegerField(null=True, blank=True, unique=True)
    name = models.CharField(max_length=80, unique=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="the last day it exists")

    def __str__(self) -> str:
        return self.name


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def visible_to(self, actor: Actor, on: date | None = None) -> MunicipalityQuerySet:
        """Municipalities whose figures the actor may see: own, those of the region `on` a day, or all."""
        if actor.national:
            return self
        if actor.region_code is not None:
            placed = MunicipalityRegion.objects.filter(region__code=actor.region_code)
            if on is not None:
                placed = placed.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))
            return self.filter(code__in=placed.values("municipality_id"))
        return self.filter(code__in=actor.municipality_codes)


class Municipality(models.Model):
    """One of the 98 municipalities (and Christiansø). The key is the official number without leading zero."""

    code = models.PositiveSmallIntegerField(primary_key=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, default="kommune")

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def code_text(self) -> str:
        """The code as files and people write it: `0183`."""
        return f"{self.code:04d}"


class MunicipalityRegion(models.Model):
    """Which region a municipality belongs to, and when."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="regions")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="municipalities")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "valid_from"], name="municipality_region_once")]


class Parish(models.Model):
    """A parish by its four-digit code, with a point for distances. Its boundary is imported (`boundaries`)."""

    code = models.PositiveSmallIntegerField(primary_key=True)
    name = models.CharField(max_length=120)
    main_municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="parishes")
    longitude = models.FloatField()
    latitude = models.FloatField()
    area_km2 = models.FloatField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ParishMunicipality(models.Model):
    """The share of a parish's area that lies in a municipality: some parishes cross the border (D1)."""

    parish = models.ForeignKey(Parish, on_delete=models.CASCADE, related_name="shares")
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="parish_shares")
    area_share = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parish", "municipality"], name="parish_municipality_once")]


class OwnPlaceQuerySet(models.QuerySet[Any]):
    """Places of a municipality: housing areas and institutions."""

    def visible_to(self, actor: Actor) -> Self:
        """The places in the municipalities the actor may see (A1)."""
        return self.filter(municipality__in=Municipality.objects.visible_to(actor))

    def open_on(self, day: date) -> Self:
        """Places that are not closed on the day; only institutions close."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))


class HousingArea(models.Model):
    """A residential area with its own uptake and its own pop-ups [000]."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="housing_areas")
    parish = models.ForeignKey(Parish, on_delete=models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=120)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    invented = models.BooleanField(default=False, help_text="demo data, labelled as such")

    objects = OwnPlaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="housing_area_once")]

    def __str__(self) -> str:
        return self.name


class InstitutionKind(models.TextChoices):
    CARE_HOME = "care_home", _("Plejehjem")
    SCHOOL = "school", _("Skole")
    SOSU = "sosu", _("SOSU-skole")
    VOCATIONAL = "vocational", _("Erhvervsskole")
    FGU = "fgu", _("FGU")
    UPPER_SECONDARY = "upper_secondary", _("Gymnasium")
    HIGHER_EDUCATION = "higher_education", _("Videregående uddannelse")
    WORKPLACE = "workplace", _("Arbejdsplads")
    OTHER = "other", _("Anden institution")


class Institution(models.Model):
    """A school, care home or other institution by its six-digit institution number.

    `register_type` is the institution register's own word for what it is; empty for those written here. A closed one
    stays: citizens, figures and pop-ups refer to it.
    """

    number = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, choices=InstitutionKind)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="institutions")
    parish = models.ForeignKey(Parish, on_delete=models.PROTECT, null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    invented = models.BooleanField(default=False, help_text="demo data, labelled as such")
    register_type = models.CharField(max_length=120, blank=True)
    closed_on = models.DateField(null=True, blank=True, help_text="the first day it is closed")

    objects = OwnPlaceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
