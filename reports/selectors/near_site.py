"""Who has not reacted in the parishes round a pop-up site: numbers only, as on the page of uptake (P5, D4).

Each number is the very one that the breakdown by parish shows the same reader. A sum of hidden ones, or a circle drawn
through the parishes, would be one more equation about the same people, so there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from popup_sites.distances import distance_km
from popup_sites.models import PopupSite, SessionStatus, VaccinationSession
from registry.models import Parish, Programme
from reports.models import UptakeKind

from .follow_up_counts import follow_up_counts

# About half an hour on foot; a parish is a point here, so that some homes are nearer and some farther away.
NEAR_KM = 3.0


@dataclass(frozen=True, slots=True)
class NearParish:
    """One parish: kilometres from the site, and its citizens on the newest list, of them contacted, of them answered.

    None is hidden (D4).
    """

    name: str
    distance_km: float
    on_newest_list: int | None
    contacted: int | None
    answered: int | None


def programmes_at(site: PopupSite, now: datetime) -> list[Programme]:
    """What is given at the site from now on; without a session ahead, nothing."""
    ahead = VaccinationSession.objects.filter(site=site, ends_at__gt=now).exclude(status=SessionStatus.CANCELLED)
    return list(Programme.objects.filter(pk__in=ahead.values("programme")).order_by("pk"))


def parishes_near(site: PopupSite, programme: Programme, *, shared: bool) -> list[NearParish]:
    """The parishes of the site's municipality near it, its own always, nearest first.

    `shared`: as another organisation may see them.
    """
    counts = follow_up_counts(UptakeKind.PARISH, [site.municipality], programme, shared=shared)
    parishes = Parish.objects.in_bulk([int(code) for code in counts if code])
    near = []
    for parish in parishes.values():
        away = distance_km(site.latitude, site.longitude, parish.latitude, parish.longitude)
        if away <= NEAR_KM or parish.pk == site.parish_id:
            count = counts[str(parish.pk)]
            near.append(NearParish(parish.name, away, count.on_newest_list, count.contacted, count.answered))
    return sorted(near, key=lambda each: (each.distance_km, each.name))
