"""The pages of waves: made, counted as one filters, approved by another, and what is said on the way (S3)."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns.models import SmsMessage, SmsWave, WaveState
from campaigns.services.waves.jobs import queue_wave
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import Action
from popup_sites.models import VaccinationSession
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import NOW, clock_at, logged, records
from tests.factories.popup_sites import create_session, planner, publish_session, session_values, site_in
from tests.factories.waves import approved, awaiting, draft, lead, listener

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Client:
    clock_at()
    return client_with_role(Role.TEAM_LEAD, username="side")


def text_of(response: HttpResponse, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def filled(**changes: object) -> dict[str, object]:
    return {
        "name": "Hele byen",
        "programme": "1",
        "template_code": "please_reply",
        "missing_text": "danish",
        "starts_on": "20.04.2021",
        "starts_time": "12.00",
        "per_minute": "30",
        **changes,
    }


def _session(doses: int = 200) -> VaccinationSession:
    """A published pop-up in the middle of the first parish, tomorrow from 14 to 20."""
    made = create_session(by=planner(), site=site_in(), **session_values(doses=doses))
    publish_session(by=planner(), session=made, now=NOW)
    return VaccinationSession.objects.get(pk=made.pk)


def people(number: int) -> None:
    with records():
        for each in range(number):
            listener(f"Borger{each} Hansen")


def test_an_empty_list_says_what_comes_here(site) -> None:
    assert "Ingen udsendelser endnu" in text_of(site.get("/sms/"))


def test_counts_come_as_one_filters_and_nothing_is_saved(site) -> None:
    people(2)
    page = text_of(site.post("/sms/taelling/", filled(name="")))
    assert "Får sms&#x27;en" in page or "Får sms'en" in page
    assert "<html" not in page
    assert not SmsWave.objects.exists()


def test_a_wave_is_made_and_sent_for_approval(site) -> None:
    people(2)
    answer = site.post("/sms/ny/", filled())
    wave = SmsWave.objects.get()
    assert answer.url == f"/sms/{wave.pk}/"
    page = text_of(site.get(f"/sms/{wave.pk}/"))
    assert "Hej Borger" in page  # how it reads for a real recipient
    site.post(f"/sms/{wave.pk}/til-godkendelse/")
    wave.refresh_from_db()
    assert wave.state == WaveState.AWAITING_APPROVAL
    assert "En anden skal godkende den" in text_of(site.get(f"/sms/{wave.pk}/"))


def test_a_form_that_is_wrong_says_what_to_do(site) -> None:
    page = text_of(site.post("/sms/ny/", filled(per_minute="", within_km="2")), 422)
    assert "Vælg den pop-up, afstanden regnes fra." in page


def test_another_approves_and_the_figures_come(site) -> None:
    people(3)
    maker = lead("laver")
    with data_context(maker):
        wave = awaiting(maker)
    site.post(f"/sms/{wave.pk}/godkend/", {"version": wave.version})
    wave.refresh_from_db()
    assert wave.state == WaveState.APPROVED
    queue_wave(wave.pk, now=NOW)
    page = text_of(site.get(f"/sms/{wave.pk}/"))
    assert "Det, der blev godkendt" in page
    with records():
        assert SmsMessage.objects.filter(wave=wave).count() == 3


def test_a_changed_audience_is_shown_before_it_is_approved(site) -> None:
    people(1)
    maker = lead("laver")
    with data_context(maker):
        wave = awaiting(maker)
    people(20)
    page = text_of(site.post(f"/sms/{wave.pk}/godkend/", {"version": wave.version}), 409)
    assert "Godkend med de nye tal" in page


def test_a_rejection_without_reason_is_refused_in_words(site) -> None:
    people(1)
    maker = lead("laver")
    with data_context(maker):
        wave = awaiting(maker)
    answer = site.post(f"/sms/{wave.pk}/afvis/", {"version": wave.version, "reason": ""}, follow=True)
    assert "Skriv, hvorfor udsendelsen afvises" in text_of(answer)


def test_the_people_behind_a_number_are_masked_and_logged(site) -> None:
    with records():
        listener("Uden Nummer", number="")
    maker = lead("laver")
    with data_context(maker):
        wave = draft(maker)
    page = text_of(site.get(f"/sms/{wave.pk}/hvem/?grund=no_mobile"))
    assert "Uden Nummer" in page
    assert "••••" in page
    assert len(logged(Action.LOOK, purpose="Vist i sms-udsendelse")) == 1


def test_a_wave_is_held_released_and_cancelled(site) -> None:
    people(2)
    wave = approved(lead("laver"), lead("godkender"))
    for path, state in (("pause", "held"), ("fortsaet", "approved"), ("annuller", "cancelled")):
        site.post(f"/sms/{wave.pk}/{path}/")
        wave.refresh_from_db()
        assert wave.state == state


def test_the_file_of_results_holds_no_citizen(site) -> None:
    people(1)
    wave = approved(lead("laver"), lead("godkender"), name="=1+1")
    answer = site.get(f"/sms/{wave.pk}/resultat.csv")
    body = answer.content.decode("utf-8-sig")
    assert "Borger0" not in body
    assert "=1+1" not in body.replace("'=1+1", "")


def test_another_municipality_sees_nothing(site) -> None:
    people(1)
    wave = approved(lead("laver"), lead("godkender"))
    stranger = client_with_role(Role.TEAM_LEAD, code=169, username="fremmed")
    assert stranger.get(f"/sms/{wave.pk}/").status_code == 404


def test_the_rules_are_changed_and_logged(site) -> None:
    site.post("/sms/regler/", {"expected_percent": "25"})
    page = text_of(site.get("/sms/regler/"))
    assert 'value="25"' in page


def test_a_published_pop_up_leads_to_a_wave_for_those_near_it(site) -> None:
    session = _session()
    page = text_of(site.get(f"/pop-up-steder/{session.site_id}/"))
    assert f"/sms/ny/?naer={session.pk}" in page
    form = text_of(site.get(f"/sms/ny/?naer={session.pk}"))
    assert f'<option value="{session.pk}" selected>' in form
    assert 'value="popup_near" selected' in form
    planner = client_with_role(Role.REGION_PLANNER, username="region")
    assert "/sms/ny/" not in text_of(planner.get(f"/pop-up-steder/{session.site_id}/"))


def test_a_pop_up_with_too_few_places_asks_for_a_reason(site) -> None:
    people(30)
    session = _session(doses=1)
    text = {"template_code": "popup_near", "session": str(session.pk)}
    site.post("/sms/ny/", filled(**text))
    wave = SmsWave.objects.get()
    page = text_of(site.get(f"/sms/{wave.pk}/")).replace("\N{NO-BREAK SPACE}", " ")
    # 30 invited to one place; 10 % of them are three.
    assert "Ledige pladser: 1. Inviterede: 30. Der er plads, hvis højst 3 % kommer." in page
    refused = site.post(f"/sms/{wave.pk}/til-godkendelse/", follow=True)
    assert "Der er for få pladser" in text_of(refused)
    site.post(f"/sms/{wave.pk}/ret/", filled(**text, no_room_reason="De fleste har svaret nej"))
    site.post(f"/sms/{wave.pk}/til-godkendelse/")
    wave.refresh_from_db()
    assert wave.state == WaveState.AWAITING_APPROVAL
    # Nothing goes out after the session it mentions.
    assert wave.expires_at == session.ends_at


def test_a_digit_that_is_no_number_is_no_fault(site) -> None:
    maker = lead("laver")
    with data_context(maker):
        wave = draft(maker)
    assert site.get("/sms/ny/?naer=²").status_code == 200
    assert site.get(f"/sms/{wave.pk}/hvem/?grund=no_mobile&page=²").status_code == 200
    assert site.post(f"/sms/{wave.pk}/godkend/", {"version": "²"}).status_code == 302
