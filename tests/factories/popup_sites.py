"""Actors, sites and sessions of the tests of pop-up sites, all in Ishøj (0183) unless said otherwise."""

from datetime import date, datetime, time
from typing import Any

from outreach.access.actor import Actor
from outreach.access.roles import ROLE_PERMISSIONS, Role
from popup_sites.local_times import local_moment
from popup_sites.models import PopupSite, SiteKind, VaccinationSession, VaccinationTeam
from popup_sites.services.publishing import publish_session
from popup_sites.services.sessions import create_session
from popup_sites.services.sites import create_site, create_team
from registry.models import Municipality, Programme, Region

from .geography import CAPITAL_REGION, CENTRAL_REGION, HOEJE_TAASTRUP, ISHOEJ

# A Tuesday; the demo's own day.
NOW = local_moment(date(2021, 4, 20), time(9, 20))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment in Danish time."""
    return local_moment(day, time(hour, minute))


def planner(code: int = CAPITAL_REGION, role: Role = Role.REGION_PLANNER) -> Actor:
    """Somebody of a region, without a user behind them."""
    return Actor(name="Karen Region", user_id=1, role=role, region_code=code, permissions=ROLE_PERMISSIONS[role])


def municipal(role: Role = Role.TEAM_LEAD, code: int = ISHOEJ) -> Actor:
    """Somebody of a municipality, without a user behind them."""
    return Actor(
        name="Mette Holm",
        user_id=2,
        role=role,
        municipality_codes=frozenset({code}),
        permissions=ROLE_PERMISSIONS[role],
    )


def covid() -> Programme:
    """The programme the migrations load."""
    return Programme.objects.get(code="covid-19")


def site_in(code: int = ISHOEJ, name: str = "Vejleåparken, beboerhuset", **changes: Any) -> PopupSite:
    """A site at the municipality's first parish point, unless `latitude` and `longitude` are given."""
    municipality = Municipality.objects.get(pk=code)
    parish = municipality.parishes.first()
    region = CAPITAL_REGION if code in {ISHOEJ, HOEJE_TAASTRUP} else CENTRAL_REGION
    values = {
        "kind": SiteKind.RESIDENTIAL,
        "address": "Vejleåparken 1, 2635 Ishøj",
        "latitude": parish.latitude,
        "longitude": parish.longitude,
        "parish": parish,
    }
    return create_site(by=planner(region), municipality=municipality, name=name, now=NOW, **values | changes)


def team_named(name: str = "Bus 2", code: int = CAPITAL_REGION) -> VaccinationTeam:
    """A team of a region."""
    return create_team(by=planner(code), region=Region.objects.get(code=code), name=name, now=NOW)


def session_values(**changes: Any) -> dict[str, Any]:
    """Keyword arguments of `create_session`: Wednesday 21 April 14–20, two vaccinators, five minutes a dose."""
    day = date(2021, 4, 21)
    return {
        "programme": covid(),
        "starts_at": at(day, 14),
        "ends_at": at(day, 20),
        "vaccinators": 2,
        "minutes_per_dose": 5,
        "doses": 200,
        "vaccine": "Comirnaty",
        "now": NOW,
    } | changes


def planned_session(site: PopupSite, **changes: Any) -> VaccinationSession:
    """A session that nobody has been told of."""
    return create_session(by=_planner_of(site), site=site, **session_values(**changes))


def published_session(site: PopupSite, **changes: Any) -> VaccinationSession:
    """A session the municipality has been told of."""
    return publish_session(by=_planner_of(site), session=planned_session(site, **changes), now=NOW)


def _planner_of(site: PopupSite) -> Actor:
    return planner(site.region.code)
