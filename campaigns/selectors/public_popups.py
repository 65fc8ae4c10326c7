"""What everybody may know: where and when a pop-up is open, and whom to call for help (P12, K10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from popup_sites.models import SessionStatus, VaccinationSession
from registry.models import Municipality

from ..message_texts import municipality_title
from ..models import ContactPoint

# More than anybody reads; a whole country in a busy week.
MOST = 500


@dataclass(frozen=True)
class PublicPlace:
    """One opening, with the municipality's number for help with booking and transport; empty where none is known."""

    session: VaccinationSession
    municipality: str
    help_phone: str


def public_places(now: datetime, municipality_code: int | None = None) -> list[PublicPlace]:
    """Published openings that are not over, soonest first. Two queries."""
    sessions = VaccinationSession.objects.filter(status=SessionStatus.PUBLISHED).not_over(now)
    if municipality_code is not None:
        sessions = sessions.filter(site__municipality=municipality_code)
    found = list(sessions.select_related("site__municipality", "programme").order_by("starts_at", "id")[:MOST])
    phones = dict(
        ContactPoint.objects.filter(municipality__in={each.site.municipality_id for each in found}).values_list(
            "municipality_id", "phone"
        )
    )
    return [PublicPlace(each, _title(each), phones.get(each.site.municipality_id, "")) for each in found]


def municipalities_with_places(now: datetime) -> list[tuple[int, str]]:
    """Code and name of those with an opening ahead, in Danish order of names."""
    open_in = VaccinationSession.objects.filter(status=SessionStatus.PUBLISHED).not_over(now)
    found = Municipality.objects.filter(pk__in=open_in.values("site__municipality")).order_by("name")
    return [(each.code, each.name) for each in found]


def _title(session: VaccinationSession) -> str:
    municipality = session.site.municipality
    return municipality_title(municipality.code, municipality.name)
