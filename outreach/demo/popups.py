"""The demo's pop-up sites: booked by the region's planner, told to the municipality, one of them acknowledged."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.selectors import actor_by_username
from outreach.command import parse_moment
from popup_sites.models import PopupSite, SessionNotice, SiteKind
from popup_sites.services.notices import acknowledge_notice
from popup_sites.services.publishing import publish_session
from popup_sites.services.sessions import create_session
from popup_sites.services.sites import create_site, create_team
from registry.models import HousingArea, Institution, Municipality, Programme, Region

PLANNER = "regionsplanlaegger"
TEAM_LEAD = "teamleder"
_SECOND_ROUND_AFTER = timedelta(weeks=5)


@dataclass(frozen=True)
class _Plan:
    name: str
    address: str
    kind: SiteKind
    latitude: float
    longitude: float
    starts_at: str
    hours: int
    vaccinators: int
    team: str
    housing_area: str = ""
    institution: str = ""


_PLANS = {
    183: [
        _Plan("Havrevænget, beboerhuset", "Havrevænget 2", SiteKind.RESIDENTIAL, 55.6163, 12.3493,
              "2021-04-21T14:00", 6, 3, "Mobilt team 1", housing_area="Havrevænget"),
        _Plan("Byghaven, fælleshuset", "Byghaven 40", SiteKind.RESIDENTIAL, 55.6121, 12.3561,
              "2021-04-24T10:00", 6, 2, "Mobilt team 2", housing_area="Byghaven"),
        _Plan("SOSU-skolen Vest, kantinen", "Rugmarken 9", SiteKind.EDUCATION, 55.6134, 12.3521,
              "2021-04-28T12:00", 4, 2, "Mobilt team 1", institution="990102"),
    ],
    169: [
        _Plan("Lupinparken, beboerlokalet", "Lupinparken 11", SiteKind.RESIDENTIAL, 55.6521, 12.2772,
              "2021-04-22T15:00", 5, 2, "Mobilt team 2", housing_area="Lupinparken"),
    ],
}  # fmt: skip


def book_popups(now: datetime) -> int:
    """Create, publish and partly acknowledge the demo's sessions, once. Returns how many sites there are."""
    if PopupSite.objects.filter(invented=True).exists():
        return PopupSite.objects.filter(invented=True).count()
    for code, plans in _PLANS.items():
        for plan in plans:
            with data_context(actor_by_username(PLANNER)) as by:
                _book(by=by, code=code, plan=plan, now=now)
    first = SessionNotice.objects.filter(municipality_id=183).order_by("session__starts_at").first()
    if first is not None:
        with data_context(actor_by_username(TEAM_LEAD, municipality_code=183)) as by:
            acknowledge_notice(by=by, notice=first, now=now, remark="Vi ringer til beboerne i dag og i morgen.")
    return sum(len(plans) for plans in _PLANS.values())


def _book(*, by: Actor, code: int, plan: _Plan, now: datetime) -> None:
    municipality = Municipality.objects.get(code=code)
    site = create_site(
        by=by,
        municipality=municipality,
        kind=plan.kind,
        name=plan.name,
        address=plan.address,
        latitude=plan.latitude,
        longitude=plan.longitude,
        now=now,
        housing_area=HousingArea.objects.filter(municipality=municipality, name=plan.housing_area).first(),
        institution=Institution.objects.filter(number=plan.institution).first(),
        wheelchair_access=True,
        public_transport="Bus 300S, 4 minutters gang",
        invented=True,
    )
    starts_at = parse_moment(plan.starts_at)
    session = create_session(
        by=by,
        site=site,
        programme=Programme.objects.get(code="covid-19"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=plan.hours),
        vaccinators=plan.vaccinators,
        minutes_per_dose=6,
        doses=plan.vaccinators * plan.hours * 10,
        vaccine="Comirnaty",
        now=now,
        team=create_team(by=by, region=Region.objects.get(code=1084), name=plan.team, now=now),
        second_round_starts_at=starts_at + _SECOND_ROUND_AFTER,
    )
    publish_session(by=by, session=session, now=now)
