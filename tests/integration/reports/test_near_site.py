"""How many near a pop-up site have not reacted: exact for the municipality, after disclosure control for the region."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach.access.roles import Role
from popup_sites.distances import distance_km
from popup_sites.models import PopupSite
from registry.models import Municipality, Parish
from reports.models import FollowUpSummary, UptakeKind
from reports.selectors.follow_up_counts import follow_up_counts
from reports.selectors.near_site import NEAR_KM, parishes_near
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import clock_at
from tests.factories.geography import CAPITAL_REGION, CENTRAL_REGION, HOEJE_TAASTRUP, ISHOEJ
from tests.factories.popup_sites import NOW, covid, planned_session, site_in

pytestmark = pytest.mark.django_db
# Three parishes; of the people on the newest list: how many nobody has tried, tried only, answered.
COUNTS = ((10, 10, 20), (4, 3, 2), (7, 8, 9))


@pytest.fixture
def site() -> PopupSite:
    """A site at the first parish's own point, the second a kilometre north of it, the third ten."""
    clock_at(NOW)
    parishes = _parishes()
    place = parishes[0]
    for parish, north in zip(parishes, (0.0, 0.009, 0.09), strict=True):
        Parish.objects.filter(pk=parish.pk).update(latitude=place.latitude + north, longitude=place.longitude)
    for parish, (untried, tried, answered) in zip(parishes, COUNTS, strict=True):
        FollowUpSummary.objects.create(
            municipality_id=ISHOEJ,
            programme=covid(),
            parish=parish,
            target_group="7",
            on_newest_list=untried + tried + answered,
            open=untried + tried,
            contacted=tried + answered,
            answered=answered,
            declined=0,
            undecided=0,
            booked=0,
            gone=0,
            computed_at=NOW,
        )
    made = site_in(latitude=place.latitude, longitude=place.longitude, parish=place)
    planned_session(made)
    return made


def _parishes() -> list[Parish]:
    """The municipality's own, and as many of a neighbour's as it takes: a parish may cross the border (D1)."""
    own = list(Parish.objects.filter(main_municipality_id=ISHOEJ).order_by("code"))
    return [*own, *Parish.objects.filter(main_municipality_id=HOEJE_TAASTRUP).order_by("code")][:3]


def page_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_municipality_sees_exact_numbers_of_the_parishes_within_three_kilometres(site):
    near = parishes_near(site, covid(), shared=False)
    assert [(each.on_newest_list, each.contacted, each.answered) for each in near] == [(40, 30, 20), (9, 5, 2)]
    # 0.009 degrees of latitude are a kilometre, to the metre: 6371 km × π / 180 × 0.009.
    assert near[1].distance_km == pytest.approx(1.0008, abs=0.001)
    far = distance_km(site.latitude, site.longitude, site.latitude + 0.09, site.longitude)
    assert far > NEAR_KM


def test_the_region_sees_what_the_page_of_uptake_shows_it_and_no_small_number(site):
    municipality = Municipality.objects.get(pk=ISHOEJ)
    shown = follow_up_counts(UptakeKind.PARISH, [municipality], covid(), shared=True)
    for parish, row in zip(_parishes(), parishes_near(site, covid(), shared=True), strict=False):
        same = shown[str(parish.pk)]
        assert (row.on_newest_list, row.contacted, row.answered) == (same.on_newest_list, same.contacted, same.answered)
    small = parishes_near(site, covid(), shared=True)[1]
    assert (small.on_newest_list, small.contacted, small.answered) == (None, None, None)


def test_the_sites_page_asks_for_the_numbers_and_the_link_works_without_script(site):
    region = client_with_role(Role.REGION_PLANNER, CAPITAL_REGION, username="karen")
    address = f"/pop-up-steder/{site.pk}/naer-ved/"
    assert f'hx-get="{address}"' in page_of(region.get(f"/pop-up-steder/{site.pk}/"))
    page = page_of(region.get(address))
    assert "skjult" in page
    assert "Tal under 10 er skjult" in page
    part = page_of(region.get(address, headers={"HX-Request": "true"}))
    assert "<html" not in part
    own = page_of(client_with_role(Role.TEAM_LEAD, ISHOEJ, username="lead").get(address))
    assert "skjult" not in own


def test_another_regions_planner_and_a_neighbour_see_no_site(site):
    for role, code in [(Role.REGION_PLANNER, CENTRAL_REGION), (Role.CASEWORKER, HOEJE_TAASTRUP)]:
        stranger = client_with_role(role, code, username=f"as-{role}")
        assert stranger.get(f"/pop-up-steder/{site.pk}/naer-ved/").status_code == 404
    desk = client_with_role(Role.REGION_BOOKING_DESK, CAPITAL_REGION, username="desk")
    assert desk.get(f"/pop-up-steder/{site.pk}/naer-ved/").status_code == 403


def test_a_site_without_sessions_ahead_says_so(site):
    clock_at(NOW + timedelta(days=30))
    region = client_with_role(Role.REGION_PLANNER, CAPITAL_REGION, username="karen")
    assert "Ingen kommende åbningstider" in page_of(region.get(f"/pop-up-steder/{site.pk}/naer-ved/"))
