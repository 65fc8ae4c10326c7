"""Find a citizen by one box: nothing of what was typed ends in an address, a page or the log."""

import pytest
from django.http import HttpResponse

from campaigns.selectors.search import Criterion, criterion_of
from outreach.access.roles import Role
from outreach.audit.models import Action
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import citizen, clock_at, follow_up, logged, phone, queries_of, records
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db
URL = "/soeg/"
CPR = "7101391234"


def search(text: str, role: Role = Role.CASEWORKER) -> HttpResponse:
    clock_at()
    return client_with_role(role).post(URL, {"query": text})


@pytest.mark.parametrize("written", ["710139-1234", "7101391234", " 710139 1234 "])
def test_cpr_leads_straight_to_the_citizen(written):
    with records():
        found = citizen("Aase Mikkelsen", cpr=CPR)
    response = search(written)
    assert response.status_code == 302
    assert response.url == f"/borger/{found.pk}/"


def test_phone_leads_straight_to_the_citizen():
    with records():
        found = citizen("Aase Mikkelsen")
        phone(found, "+4520123456")
    assert search("20 12 34 56").url == f"/borger/{found.pk}/"


def test_name_lists_the_hits_with_masked_numbers():
    with records():
        found = citizen("Aase Mikkelsen", cpr=CPR)
        follow_up(found)
    content = search("Aase").content.decode()
    assert "Aase Mikkelsen" in content
    assert "710139-••••" in content
    assert CPR not in content
    assert "710139-1234" not in content


def test_one_hit_by_name_is_still_a_list():
    # A typing error must not open the wrong person's page.
    with records():
        citizen("Aase Mikkelsen")
    assert search("Aase").status_code == 200


def test_more_than_fifty_hits_asks_to_narrow_down():
    with records():
        for number in range(51):
            citizen(f"Aase Mikkelsen {number:02d}")
    content = search("Aase").content.decode()
    assert "Der er flere end 50" in content
    assert "Aase Mikkelsen 49" in content
    assert "Aase Mikkelsen 50" not in content


def test_nobody_found_says_what_to_do():
    assert "Ingen borger i jeres kommune passer" in search("Aase").content.decode()


def test_another_municipalitys_citizen_is_not_found():
    with records(HOEJE_TAASTRUP):
        citizen("Aase Mikkelsen", cpr=CPR, code=HOEJE_TAASTRUP)
    for role, text in ((Role.CASEWORKER, "Aase"), (Role.TEAM_LEAD, CPR)):
        assert "Ingen borger i jeres kommune passer" in search(text, role).content.decode()


def test_nothing_typed_shows_a_sentence_at_the_field():
    response = search(" ")
    assert "Skriv et navn, et telefonnummer eller et CPR-nummer." in response.content.decode()
    assert "<title>Fejl:" in response.content.decode()


def test_the_log_keeps_the_kind_of_criterion_and_whom_it_showed():
    with records():
        found = citizen("Aase Mikkelsen", cpr=CPR)
    search(CPR)
    one, shown = sorted(logged(Action.SEARCH), key=lambda event: event.subject_id)
    assert one.detail == {"criterion": "cpr", "hits": 1}
    assert shown.subject_id == str(found.pk)
    assert CPR not in f"{one.detail}{one.purpose}{shown.detail}{shown.purpose}"


def test_a_number_in_the_address_is_taken_out_unread():
    clock_at()
    response = client_with_role(Role.CASEWORKER).get(URL, {"query": CPR})
    assert response.url == URL
    assert logged(Action.SEARCH) == []


def test_a_region_may_not_search():
    assert search("Aase", Role.REGION_PLANNER).status_code == 403


def test_queries_do_not_grow_with_the_hits():
    with records():
        for number in range(12):
            follow_up(citizen(f"Bodil {number:02d}"))
    clock_at()
    client = client_with_role(Role.CASEWORKER)
    few, many = (queries_of(lambda text=text: client.post(URL, {"query": text})) for text in ("Bodil 01", "Bodil"))
    assert few == many


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("710139-1234", Criterion.CPR),
        ("101391234", Criterion.CPR),
        ("010161 AB12", Criterion.CPR),
        ("20123456", Criterion.PHONE),
        ("+45 20 12 34 56", Criterion.PHONE),
        ("2012", Criterion.PHONE),
        ("Aase", Criterion.NAME),
        ("Åse 2", Criterion.NAME),
        ("-", Criterion.NAME),
    ],
)
def test_criterion_of(text, criterion):
    assert criterion_of(text) == criterion
