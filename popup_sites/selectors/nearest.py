"""The sessions nearest to a citizen, for the person who talks with them (K5)."""

from dataclasses import dataclass
from datetime import datetime

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from registry.models import MunicipalityRegion, Programme

from ..distances import distance_km
from ..models import PopupSite, SessionStatus, VaccinationSession


@dataclass(frozen=True, slots=True)
class NearSession:
    """A session with room, and how far it is as the crow flies."""

    session: VaccinationSession
    site: PopupSite
    distance_km: float
    free_places: int


def nearest_sessions(
    *,
    latitude: float,
    longitude: float,
    programme: Programme,
    now: datetime,
    actor: Actor,
    limit: int = 3,
) -> list[NearSession]:
    """Published sessions with free places that are not over, nearest first, then soonest.

    The point is the citizen's parish point, in degrees. A municipality is also shown its neighbours in the
    region: a pop-up across the border may be the nearest one, and where pop-ups are is no secret (P12).
    One query; a region has some hundreds of upcoming sessions at most, so distances are computed here.
    """
    if not actor.may(Permission.SEE_POPUP_SITES):
        return []
    sessions = (
        VaccinationSession.objects.filter(status=SessionStatus.PUBLISHED, programme=programme)
        .not_over(now)
        .with_free_places()
        .select_related("site__municipality")
    )
    if actor.region_code is not None:
        sessions = sessions.filter(site__region__code=actor.region_code)
    elif not actor.national:
        regions = MunicipalityRegion.objects.filter(municipality_id__in=actor.municipality_codes)
        sessions = sessions.filter(site__region__in=regions.values("region_id"))
    near = [
        NearSession(
            session,
            session.site,
            distance_km(latitude, longitude, session.site.latitude, session.site.longitude),
            session.free_places,
        )
        for session in sessions
    ]
    return sorted(near, key=lambda each: (each.distance_km, each.session.starts_at, each.session.pk))[:limit]
