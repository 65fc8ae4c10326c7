"""The pages of pop-up sites as planner, municipality and others."""

import re
from datetime import date

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from popup_sites.models import PopupSite, SessionNotice, SessionStatus, VaccinationSession
from registry.models import HousingArea, Municipality
from tests.factories.cast import client_with_role
from tests.factories.geography import AARHUS, CENTRAL_REGION, HOEJE_TAASTRUP, ISHOEJ
from tests.factories.popup_sites import (
    NOW,
    at,
    covid,
    planned_session,
    published_session,
    site_in,
    team_named,
)

pytestmark = pytest.mark.django_db
INDEX = reverse("popup_sites:site_index")
CREATE = reverse("popup_sites:site_create")
SITE = {
    "municipality": str(ISHOEJ),
    "kind": "residential",
    "name": "Vejleåparken, beboerhuset",
    "address": "Vejleåparken 1, 2635 Ishøj",
    "place": "",
    "latitude": "55,6154",
    "longitude": "12.3582",
    "wheelchair_access": "on",
}
SESSION = {
    "step": "check",
    "day": "21.04.2021",
    "starts": "14",
    "ends": "20",
    "vaccinators": "2",
    "minutes_per_dose": "5",
    "doses": "200",
    "vaccine": "Comirnaty",
    "drop_in": "on",
}


@pytest.fixture(autouse=True)
def demo_time(db: None) -> None:
    """It is Tuesday 20 April 2021, 9.20."""
    set_demo_clock(NOW)


@pytest.fixture
def region() -> Client:
    return client_with_role(Role.REGION_PLANNER)


def plan_address(site: PopupSite) -> str:
    return reverse("popup_sites:session_create", args=[site.pk])


def session_form(**changes: str) -> dict[str, str]:
    return SESSION | {"programme": str(covid().pk)} | changes


class TestIndex:
    def test_empty_state_says_what_fills_the_page(self, region: Client) -> None:
        assert "Opret et sted, og giv det åbningstider" in region.get(INDEX).content.decode()
        text = client_with_role(Role.CASEWORKER).get(INDEX).content.decode()
        assert "Når regionen offentliggør" in text
        assert "Opret sted" not in text

    def test_session_is_shown_with_time_place_room_and_notice(self, region: Client) -> None:
        published_session(site_in(), second_round_starts_at=at(date(2021, 5, 19), 14))
        text = region.get(INDEX).content.decode()
        for words in ("ons. 21.04. kl. 14–20", "Vejleåparken, beboerhuset", "144 / 144", "Ikke læst"):
            assert words in text
        assert "Anden runde ons. 19.05." in text

    def test_municipality_is_not_shown_what_it_was_not_told(self) -> None:
        planned_session(site_in())
        assert "144 / 144" not in client_with_role(Role.TEAM_LEAD).get(INDEX).content.decode()

    def test_region_filters_by_municipality_and_ignores_a_foreign_one(self, region: Client) -> None:
        published_session(site_in())
        published_session(site_in(HOEJE_TAASTRUP, "Lupinparken"))
        text = region.get(INDEX, {"kommune": HOEJE_TAASTRUP}).content.decode()
        assert "Lupinparken" in text
        assert "Vejleåparken" not in text
        assert region.get(INDEX, {"kommune": AARHUS}).status_code == 200

    def test_page_is_read_in_english_by_those_who_choose_so(self, region: Client, settings: object) -> None:
        published_session(site_in())
        region.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"  # type: ignore[attr-defined]
        text = region.get(INDEX).content.decode()
        for words in ("Pop-up sites", "Upcoming sessions", "Residential area", "Not read"):
            assert words in text

    def test_past_sessions_are_folded(self, region: Client) -> None:
        published_session(site_in())
        set_demo_clock(at(date(2021, 4, 22), 9))
        text = region.get(INDEX).content.decode()
        assert "1 tidligere åbningstid" in text
        assert "1 sted uden kommende åbningstider" in text

    def test_queries_do_not_grow_with_the_rows(self, region: Client, django_assert_max_num_queries: object) -> None:
        site = site_in()
        published_session(site)
        with django_assert_max_num_queries(60) as few:  # type: ignore[operator]
            region.get(INDEX)
        most = len(few)
        for day in range(22, 30):
            published_session(
                site_in(name=f"Sted {day}"),
                starts_at=at(date(2021, 4, day), 14),
                ends_at=at(date(2021, 4, day), 15),
            )
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            region.get(INDEX)


class TestCreateSite:
    def test_municipality_is_chosen_first(self, region: Client) -> None:
        text = region.get(CREATE).content.decode()
        assert "Ishøj" in text
        assert "Aarhus" not in text
        assert "Breddegrad" not in text
        assert "Breddegrad" in region.get(CREATE, {"kommune": ISHOEJ}).content.decode()

    def test_site_is_created_and_leads_to_its_first_session(self, region: Client) -> None:
        answer = region.post(CREATE, SITE)
        site = PopupSite.objects.get()
        assert answer.headers["Location"] == plan_address(site)
        assert (site.latitude, site.longitude, site.region.code) == (55.6154, 12.3582, 1084)
        assert (site.wheelchair_access, site.parking) == (True, False)

    def test_point_is_taken_from_a_housing_area(self, region: Client) -> None:
        parish = Municipality.objects.get(pk=ISHOEJ).parishes.first()
        area = HousingArea.objects.create(
            municipality_id=ISHOEJ, parish=parish, name="Vejleåparken", latitude=55.61, longitude=12.35
        )
        region.post(CREATE, SITE | {"place": f"area:{area.pk}", "latitude": "", "longitude": ""})
        site = PopupSite.objects.get()
        assert (site.latitude, site.longitude, site.housing_area, site.parish) == (55.61, 12.35, area, parish)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"latitude": "", "longitude": ""}, "Vælg et sted på listen"),
            ({"longitude": ""}, "Skriv både breddegrad og længdegrad"),
            ({"latitude": "nord"}, "Skriv graderne som et tal"),
            ({"latitude": "56,16", "longitude": "10,2"}, "km fra Ishøj"),
            ({"name": ""}, "Navn"),
            ({"place": "area:999999"}, "Ligger ved"),
        ],
    )
    def test_bad_input_is_a_sentence_and_nothing_is_written(
        self, region: Client, changes: dict[str, str], words: str
    ) -> None:
        answer = region.post(CREATE, SITE | changes)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not PopupSite.objects.exists()

    @pytest.mark.parametrize("code", [str(AARHUS), "9999", "ishøj", "²"])
    def test_municipality_outside_the_region_does_not_exist(self, region: Client, code: str) -> None:
        assert region.post(CREATE, SITE | {"municipality": code}).status_code == 404
        assert not PopupSite.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_attempt_to_plan_in_another_region_is_kept_in_the_log(region: Client) -> None:
    site = site_in()
    assert region.post(CREATE, SITE | {"municipality": str(AARHUS)}).status_code == 404
    stranger = client_with_role(Role.REGION_PLANNER, CENTRAL_REGION)
    assert stranger.post(plan_address(site), session_form(step="create")).status_code == 404
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT detail ->> 'permission' FROM audit_accessevent WHERE action = 'denied' ORDER BY at")
        denied = [permission for (permission,) in cursor.fetchall()]
    connections["owner"].close()
    assert denied == ["municipality_out_of_scope", "site_out_of_scope"]


class TestPlanSession:
    def test_steps_lead_to_both_rounds(self, region: Client) -> None:
        site, team = site_in(), team_named()
        review = region.post(plan_address(site), session_form(team=str(team.pk)))
        text = review.content.decode()
        assert "144 borgere" in text
        assert "mindst 21 dage efter, vi foreslår 28" in text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
        shown = dict(re.findall(r'<input type="text" name="(second_\w+)" value="([^"]*)"', text))
        assert shown == {"second_day": "19.05.2021", "second_starts": "14.00"}
        answer = region.post(plan_address(site), hidden | shown | {"second_round": "on", "step": "create"})
        assert answer.headers["Location"] == reverse("popup_sites:site_detail", args=[site.pk])
        first, second = VaccinationSession.objects.order_by("starts_at")
        assert (second.second_round_of, second.starts_at) == (first, at(date(2021, 5, 19), 14))
        assert (first.team, second.team) == (team, team)

    def test_back_keeps_what_was_typed(self, region: Client) -> None:
        text = region.post(plan_address(site_in()), session_form(step="back")).content.decode()
        assert 'value="21.04.2021"' in text
        assert not VaccinationSession.objects.exists()

    def test_room_is_shown_while_typing(self, region: Client) -> None:
        answer = region.post(plan_address(site_in()), session_form(step="capacity"), headers={"HX-Request": "true"})
        text = answer.content.decode()
        assert "<strong>144</strong>" in text
        assert "<html" not in text

    def test_second_round_too_early_is_mended_on_its_own_step(self, region: Client) -> None:
        form = session_form(step="create", second_round="on", second_day="30.04.2021", second_starts="14")
        answer = region.post(plan_address(site_in()), form)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "tidligst 12.05.2021" in text
        assert "Trin 3 af 3" in text
        assert not VaccinationSession.objects.exists()

    def test_new_team_is_made_with_the_session_or_not_at_all(self, region: Client) -> None:
        site = site_in()
        planned_session(site)
        taken = region.post(plan_address(site), session_form(step="create", new_team="Bus 9"))
        assert "har allerede åbent ons. 21.04.2021 kl. 14–20" in taken.content.decode()
        assert not site.region.teams.filter(name="Bus 9").exists()
        region.post(plan_address(site), session_form(step="create", new_team="Bus 9", day="22.04.2021"))
        assert VaccinationSession.objects.get(team__name="Bus 9")

    def test_conflict_is_told_before_the_second_round_is_asked_for(self, region: Client) -> None:
        team = team_named()
        planned_session(site_in(), team=team)
        other = site_in(HOEJE_TAASTRUP, "Lupinparken")
        text = region.post(plan_address(other), session_form(team=str(team.pk))).content.decode()
        assert "er allerede på Vejleåparken, beboerhuset ons. 21.04.2021 kl. 14–20" in text

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"ends": "13"}, "Sluttidspunktet skal ligge efter starten"),
            ({"ends": "14"}, "Sluttidspunktet skal ligge efter starten"),
            ({"ends": "15", "ends_on": "22.04.2021"}, "højst vare 24 timer"),
            ({"day": "19.04.2021"}, "allerede passeret"),
            ({"day": "21.04.2206"}, "mere end to år frem"),
            ({"day": "29.03.2026", "starts": "02:30"}, "findes ikke den 29.03.2026"),
            ({"day": "25.10.2026", "starts": "02:30"}, "kommer to gange den 25.10.2026"),
            ({"day": "28.03.2026", "ends": "2.30", "ends_on": "29.03.2026"}, "findes ikke den 29.03.2026"),
            ({"day": "30.02.2022"}, "Skriv datoen som"),
            ({"starts": "25"}, "Skriv klokkeslættet"),
            ({"doses": "-1"}, "Doser"),
            ({"doses": "0"}, "Doser"),
            ({"doses": "1e9"}, "Skriv et helt tal"),
            ({"doses": "1000000000"}, "Doser"),
            ({"vaccinators": "ti"}, "Skriv et helt tal"),
            ({"vaccinators": "0"}, "Vaccinatører"),
            ({"minutes_per_dose": "120", "ends": "14.30"}, "ikke tid til én eneste"),
            ({"vaccine": "other"}, "hvilken vaccine"),
            ({"drop_in": ""}, "komme uden tid"),
            ({"team": "999999"}, "Hold"),
            ({"programme": "999999"}, "Program"),
        ],
    )
    @pytest.mark.parametrize("step", ["check", "create"])
    def test_bad_input_is_a_sentence_and_nothing_is_written(
        self, region: Client, changes: dict[str, str], words: str, step: str
    ) -> None:
        answer = region.post(plan_address(site_in()), session_form(**changes, step=step))
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "Der er noget, du skal rette" in text
        assert words in text
        assert not VaccinationSession.objects.exists()

    def test_second_round_of_a_session_without_one(self, region: Client) -> None:
        site = site_in()
        first = planned_session(site)
        address = f"{plan_address(site)}?foerste={first.pk}"
        assert 'value="19.05.2021"' in region.get(address).content.decode()
        region.post(address, session_form(step="create", day="19.05.2021"))
        assert VaccinationSession.objects.get(second_round_of=first).starts_at == at(date(2021, 5, 19), 14)

    def test_another_regions_site_does_not_exist(self) -> None:
        site = site_in()
        stranger = client_with_role(Role.REGION_PLANNER, CENTRAL_REGION)
        assert stranger.post(plan_address(site), session_form(step="create")).status_code == 404
        assert not VaccinationSession.objects.exists()


class TestLife:
    def test_publish_read_acknowledge(self, region: Client) -> None:
        site = site_in()
        session = planned_session(site, second_round_starts_at=at(date(2021, 5, 19), 14))
        detail = reverse("popup_sites:site_detail", args=[site.pk])
        assert "Offentliggør begge runder" in region.get(detail).content.decode()
        answer = region.post(reverse("popup_sites:session_publish", args=[session.pk]), follow=True)
        assert "Kommune har fået besked" in answer.content.decode()
        lead = client_with_role(Role.TEAM_LEAD)
        assert "Læs og kvittér" in lead.get(INDEX).content.decode()
        text = lead.get(detail).content.decode()
        assert text.count("Regionen venter på jeres kvittering") == 2
        assert "Ikke læst" not in text
        assert "Læst, ikke kvitteret" in region.get(INDEX).content.decode()
        notice = session.notices.get()
        acknowledge = reverse("popup_sites:notice_acknowledge", args=[notice.pk])
        lead.post(acknowledge, {"remark": "Vi ringer rundt i dag."})
        text = region.get(detail).content.decode()
        assert "Mette Holm, 20.04.2021 kl. 9.20: Vi ringer rundt i dag." in text
        assert "har allerede kvitteret" in lead.post(acknowledge, {}, follow=True).content.decode()
        too_long = lead.post(acknowledge, {"remark": "x" * 401}, follow=True)
        assert "højst fylde 400 tegn" in too_long.content.decode()

    def test_caseworker_sees_the_site_but_reading_is_not_stamped(self) -> None:
        site = site_in()
        published_session(site)
        text = client_with_role(Role.CASEWORKER).get(reverse("popup_sites:site_detail", args=[site.pk]))
        assert "Kvittér</span>" not in text.content.decode()
        assert SessionNotice.objects.get().read_at is None

    def test_change_tells_the_municipality_again(self, region: Client) -> None:
        session = published_session(site_in())
        address = reverse("popup_sites:session_change", args=[session.pk])
        text = region.get(address).content.decode()
        assert "Kommunen får en ny besked" in text
        assert 'value="14.00"' in text
        region.post(address, session_form(ends="21"))
        assert [notice.kind for notice in session.notices.all()] == ["changed", "published"]

    def test_change_below_what_is_promised_names_the_surplus(self, region: Client) -> None:
        session = published_session(site_in())
        VaccinationSession.objects.filter(pk=session.pk).update(reserved=100)
        answer = region.post(reverse("popup_sites:session_change", args=[session.pk]), session_form(vaccinators="1"))
        assert answer.status_code == 422
        assert "28 for få" in answer.content.decode()

    def test_cancel_asks_why_and_tells(self, region: Client) -> None:
        session = published_session(site_in(), second_round_starts_at=at(date(2021, 5, 19), 14))
        VaccinationSession.objects.filter(pk=session.pk).update(reserved=3)
        address = reverse("popup_sites:session_cancel", args=[session.pk])
        text = region.get(address).content.decode()
        assert "3 borgere er lovet en plads" in text
        assert "Aflys også anden runde" in text
        assert region.post(address, {"reason": ""}).status_code == 422
        answer = region.post(address, {"reason": "Fryseren er i stykker"}, follow=True)
        assert "Fryseren er i stykker" in answer.content.decode()
        session.refresh_from_db()
        assert session.status == SessionStatus.CANCELLED
        assert session.second_round.status == SessionStatus.PUBLISHED
        again = region.post(address, {"reason": "Igen"})
        assert "allerede »aflyst«" in again.content.decode()

    def test_queries_of_a_site_do_not_grow_with_its_sessions(self, django_assert_max_num_queries: object) -> None:
        site = site_in()
        published_session(site)
        lead, detail = client_with_role(Role.TEAM_LEAD), reverse("popup_sites:site_detail", args=[site.pk])
        lead.get(detail)
        with django_assert_max_num_queries(60) as few:  # type: ignore[operator]
            lead.get(detail)
        most = len(few)
        for day in range(22, 30):
            published_session(site, starts_at=at(date(2021, 4, day), 14), ends_at=at(date(2021, 4, day), 15))
        lead.get(detail)
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            lead.get(detail)

    def test_objects_of_others_do_not_exist(self) -> None:
        site = site_in()
        session = published_session(site)
        strangers = [
            client_with_role(Role.REGION_PLANNER, CENTRAL_REGION),
            client_with_role(Role.TEAM_LEAD, HOEJE_TAASTRUP),
        ]
        for client in strangers:
            assert client.get(reverse("popup_sites:site_detail", args=[site.pk])).status_code == 404
        for name in ("session_publish", "session_change", "session_cancel"):
            address = reverse(f"popup_sites:{name}", args=[session.pk])
            assert strangers[0].post(address, {"reason": "x"}).status_code == 404
            assert strangers[1].post(address, {"reason": "x"}).status_code == 403
        address = reverse("popup_sites:notice_acknowledge", args=[session.notices.get().pk])
        assert strangers[1].post(address).status_code == 404
        assert strangers[0].post(address).status_code == 403
        session.refresh_from_db()
        assert session.status == SessionStatus.PUBLISHED

    def test_publishing_twice_says_so(self, region: Client) -> None:
        session = published_session(site_in())
        answer = region.post(reverse("popup_sites:session_publish", args=[session.pk]), follow=True)
        assert "allerede »offentliggjort«" in answer.content.decode()
