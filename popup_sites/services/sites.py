"""Create the places, and the teams that visit them. Only a region's planner does (P1)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import HousingArea, Institution, Municipality, Parish, Region

from ..local_times import local_day
from ..models import PopupSite, SiteKind, VaccinationTeam
from ..selectors.places import nearest_parish_km, region_of

# A point farther than this from every parish of the municipality is a slip: swapped or missing digits.
FARTHEST_FROM_PARISH_KM = 25


@transaction.atomic
def create_site(
    *,
    by: Actor,
    municipality: Municipality,
    kind: SiteKind | str,
    name: str,
    address: str,
    latitude: float,
    longitude: float,
    now: datetime,
    parish: Parish | None = None,
    housing_area: HousingArea | None = None,
    institution: Institution | None = None,
    wheelchair_access: bool = False,
    parking: bool = False,
    public_transport: str = "",
    invented: bool = False,
) -> PopupSite:
    """A new site in a municipality of the actor's region. `latitude`, `longitude` in degrees (WGS 84).

    Raises PermissionDenied outside the region, UserError `point_far_away` when the point is not near it.
    """
    by.require(Permission.PLAN_POPUP_SITES)
    if not Municipality.objects.visible_to(by, on=local_day(now)).filter(pk=municipality.pk).exists():
        raise PermissionDenied("municipality_out_of_scope")
    _require_near(municipality, latitude, longitude)
    site = PopupSite.objects.create(
        region=region_of(municipality, local_day(now)),
        municipality=municipality,
        kind=kind,
        name=name,
        address=address,
        parish=parish,
        housing_area=housing_area,
        institution=institution,
        latitude=latitude,
        longitude=longitude,
        wheelchair_access=wheelchair_access,
        parking=parking,
        public_transport=public_transport,
        invented=invented,
        created_by_name=by.name,
        created_at=now,
    )
    record(
        by=by,
        action=Action.ADD,
        subject_kind="popup_site",
        subject_id=site.pk,
        municipality_id=municipality.pk,
        at=now,
    )
    return site


def _require_near(municipality: Municipality, latitude: float, longitude: float) -> None:
    """Raise UserError `point_far_away` for a point that no parish of the municipality is near to."""
    distance = nearest_parish_km(municipality, latitude, longitude)
    if distance is not None and distance > FARTHEST_FROM_PARISH_KM:
        raise UserError(
            "point_far_away",
            _(
                "Punktet ligger %(distance)d km fra %(municipality)s. "
                "Se efter, om breddegrad og længdegrad er byttet om, eller vælg stedet på listen."
            )
            % {"distance": round(distance), "municipality": municipality.name},
        )


@transaction.atomic
def create_team(*, by: Actor, region: Region, name: str, now: datetime) -> VaccinationTeam:
    """The region's team of that name, made if there is none. Names are compared without regard to case."""
    by.require(Permission.PLAN_POPUP_SITES)
    if by.region_code is not None and region.code != by.region_code:
        raise PermissionDenied("region_out_of_scope")
    known = VaccinationTeam.objects.filter(region=region, name__iexact=name).first()
    if known is not None:
        return known
    team, created = VaccinationTeam.objects.get_or_create(region=region, name=name)
    if created:
        record(by=by, action=Action.ADD, subject_kind="vaccination_team", subject_id=team.pk, at=now)
    return team
