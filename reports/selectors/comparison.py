"""Municipality, region and country side by side: the frame in which a parish or group is read (D3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from registry.models import Municipality, MunicipalityRegion, Programme
from reports.models import UptakeFigure, UptakeKind, UptakeSnapshot
from reports.shares import added, percent


@dataclass(frozen=True, slots=True)
class Level:
    """Uptake of one level, with where it comes from; shares in percent, None unknown."""

    level: str  # municipality, region, country
    name: str
    started_share: Decimal | None
    complete_share: Decimal | None
    snapshot: UptakeSnapshot | None = None


def levels(municipality: Municipality, programme: Programme, on: date) -> list[Level]:
    """The three levels from the newest municipality and region snapshots not younger than `on`."""
    placed = _region(municipality, on)
    region_name = placed.region.name if placed else _("Regionen")
    return [
        _level("municipality", municipality.name, _newest(programme, on, municipality=municipality)),
        _region_level(placed, region_name, programme, on),
        _level("country", _("Hele landet"), _newest(programme, on, is_country=True)),
    ]


def municipality_shares(municipality: Municipality, programme: Programme, on: date) -> Level:
    """The municipality's own row of the newest municipality snapshot; unknown shares when there is none."""
    return _level("municipality", municipality.name, _newest(programme, on, municipality=municipality))


def country_shares(programme: Programme, on: date) -> Level:
    """The country row of the newest municipality snapshot that has one."""
    return _level("country", _("Hele landet"), _newest(programme, on, is_country=True))


def _newest(programme: Programme, on: date, **place: object) -> UptakeFigure | None:
    return (
        UptakeFigure.objects.filter(
            snapshot__kind=UptakeKind.MUNICIPALITY, snapshot__programme=programme, snapshot__as_of__lte=on, **place
        )
        .select_related("snapshot")
        .order_by("-snapshot__as_of", "-snapshot_id")
        .first()
    )


def _level(level: str, name: str, figure: UptakeFigure | None) -> Level:
    if figure is None:
        return Level(level, name, None, None)
    return Level(
        level,
        name,
        started_share=_share(figure.started_share, figure.started, figure),
        complete_share=_share(figure.complete_share, figure.complete, figure),
        snapshot=figure.snapshot,
    )


def _share(given: Decimal | None, part: int | None, figure: UptakeFigure) -> Decimal | None:
    base = figure.population if figure.population is not None else figure.invited
    return given if given is not None else percent(part, base)


def _region(municipality: Municipality, on: date) -> MunicipalityRegion | None:
    return (
        MunicipalityRegion.objects.filter(municipality=municipality, valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gte=on))
        .select_related("region")
        .first()
    )


def _region_level(placed: MunicipalityRegion | None, name: str, programme: Programme, on: date) -> Level:
    """From a region file, else added up from a municipality file that holds every municipality of the region."""
    if placed is None:
        return Level("region", name, None, None)
    figure = (
        UptakeFigure.objects.filter(
            snapshot__kind=UptakeKind.REGION,
            snapshot__programme=programme,
            snapshot__as_of__lte=on,
            region=placed.region,
        )
        .select_related("snapshot")
        .order_by("-snapshot__as_of", "-snapshot_id")
        .first()
    )
    if figure is not None:
        return _level("region", name, figure)
    newest = (
        UptakeSnapshot.objects.filter(kind=UptakeKind.MUNICIPALITY, programme=programme, as_of__lte=on)
        .order_by("-as_of", "-id")
        .first()
    )
    members = set(
        MunicipalityRegion.objects.filter(
            region=placed.region,
            valid_from__lte=on,
            municipality__kind="kommune",  # SSI leaves Christiansø out
        )
        .filter(Q(valid_to=None) | Q(valid_to__gte=on))
        .values_list("municipality_id", flat=True)
    )
    figures = list(newest.figures.filter(municipality_id__in=members)) if newest else []
    if not figures or {each.municipality_id for each in figures} != members:
        return Level("region", name, None, None)
    return Level("region", name, _weighted(figures, "started"), _weighted(figures, "complete"), newest)


def _weighted(figures: list[UptakeFigure], column: str) -> Decimal | None:
    parts = added(getattr(each, column) for each in figures)
    return percent(parts, added(each.population for each in figures))
