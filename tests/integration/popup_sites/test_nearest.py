"""Which sessions a caseworker is shown for a citizen's parish."""

from datetime import date

import pytest

from outreach.access.roles import Role
from popup_sites.models import VaccinationSession
from popup_sites.selectors import nearest_sessions
from registry.models import Parish, Programme
from tests.factories.geography import AARHUS, HOEJE_TAASTRUP, ISHOEJ
from tests.factories.popup_sites import (
    NOW,
    at,
    covid,
    municipal,
    planned_session,
    planner,
    published_session,
    site_in,
)

pytestmark = pytest.mark.django_db
THURSDAY = date(2021, 4, 22)


def near(actor: object = None, **changes: object) -> list:
    """The nearest sessions to Ishøj's first parish point."""
    parish = Parish.objects.filter(main_municipality_id=ISHOEJ).first()
    assert parish is not None
    values = {"latitude": parish.latitude, "longitude": parish.longitude, "programme": covid(), "now": NOW}
    return nearest_sessions(actor=actor or municipal(Role.CASEWORKER), **values | changes)


def test_nearest_come_first_then_soonest_and_neighbours_are_included() -> None:
    here, there = site_in(), site_in(HOEJE_TAASTRUP, "Lupinparken")
    later = published_session(here, starts_at=at(THURSDAY, 10), ends_at=at(THURSDAY, 12))
    sooner = published_session(here)
    away = published_session(there)
    found = near()
    assert [each.session for each in found] == [sooner, later, away]
    assert found[0].distance_km == pytest.approx(0)
    assert 2 < found[2].distance_km < 25
    assert (found[0].site, found[0].free_places) == (here, 144)
    assert [each.session for each in near(limit=1)] == [sooner]


def test_what_cannot_be_used_is_left_out() -> None:
    site = site_in()
    planned_session(site, starts_at=at(THURSDAY, 8), ends_at=at(THURSDAY, 9))
    published_session(site, starts_at=at(THURSDAY, 10), ends_at=at(THURSDAY, 11), programme=_influenza())
    full = published_session(site, starts_at=at(THURSDAY, 12), ends_at=at(THURSDAY, 13))
    VaccinationSession.objects.filter(pk=full.pk).update(reserved=full.capacity)
    published_session(site_in(AARHUS, "Gellerup"))
    assert near() == []
    assert near(now=at(THURSDAY, 14)) == []


def test_running_session_is_shown_until_it_closes() -> None:
    published_session(site_in())
    wednesday = date(2021, 4, 21)
    assert len(near(now=at(wednesday, 19, 59))) == 1
    assert near(now=at(wednesday, 20)) == []


def test_one_query_and_nothing_for_those_who_may_not_see(django_assert_num_queries: object) -> None:
    published_session(site_in())
    programme = covid()
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = nearest_sessions(
            latitude=55.6, longitude=12.35, programme=programme, now=NOW, actor=municipal(Role.CASEWORKER)
        )
        assert found[0].site.municipality.name == "Ishøj"
    assert near(municipal(Role.VACCINATOR)) == []
    assert len(near(planner())) == 1
    assert near(planner(1082)) == []


def _influenza() -> Programme:
    return Programme.objects.get(code="influenza")
