"""A missed call's number leads to the citizen, also when a relative rang (K10)."""

from itertools import count

import pytest
from django.http import HttpResponse

from campaigns.models import ContactAttempt
from outreach.access.roles import Role
from outreach.audit.models import Action
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import (
    NOW,
    citizen,
    clock_at,
    follow_up,
    logged,
    phone,
    queries_of,
    records,
    relative,
)
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db
URL = "/ring-tilbage/"
_serial = count(1)


def ring_back(number: str, role: Role = Role.CASEWORKER) -> HttpResponse:
    clock_at()
    return client_with_role(role, username=f"ringer-{next(_serial)}").post(URL, {"number": number})


@pytest.mark.parametrize("written", ["20123456", "20 12 34 56", "+45 20 12 34 56", "004520123456"])
def test_the_citizens_own_number_opens_the_citizen(written):
    with records():
        found = citizen()
        phone(found, "+4520123456")
    assert ring_back(written).url == f"/borger/{found.pk}/"


def test_a_relatives_number_opens_the_citizen_and_says_whose_it_is():
    with records():
        found = citizen()
        relative(found, number="+4530112233")
    clock_at()
    page = client_with_role(Role.CASEWORKER).post(URL, {"number": "30112233"}, follow=True)
    assert page.redirect_chain == [(f"/borger/{found.pk}/", 302)]
    assert "Nummeret tilhører Lone Mikkelsen, datter" in page.content.decode()


def test_two_citizens_with_one_number_are_both_shown():
    with records():
        for name in ("Aase Mikkelsen", "Poul Mikkelsen"):
            found = citizen(name)
            phone(found, "+4520123456")
            follow_up(found)
    content = ring_back("20123456").content.decode()
    assert "2 borgere har nummeret" in content
    assert "Aase Mikkelsen" in content
    assert "Poul Mikkelsen" in content
    assert "20123456" not in content.split("</form>")[-1]


def test_an_unknown_number_says_what_to_do():
    assert "Nummeret er ikke hos os" in ring_back("20999999").content.decode()


def test_what_is_no_number_is_said_at_the_field():
    assert "Det er ikke et gyldigt telefonnummer" in ring_back("12 34").content.decode()


def test_the_look_up_is_logged_without_the_number():
    with records():
        found = citizen()
        phone(found, "+4520123456")
    ring_back("20123456")
    events = logged(Action.SEARCH)
    assert {event.subject_id for event in events} == {"", str(found.pk)}
    assert "20123456" not in "".join(f"{event.detail}{event.purpose}" for event in events)


def test_queries_do_not_grow_with_the_hits():
    with records():
        for number in range(8):
            found = citizen(f"Poul {number}")
            phone(found, "+4520123456")
            follow_up(found)
            if number < 2:
                phone(found, "+4520123457")
    clock_at()
    client = client_with_role(Role.CASEWORKER)
    few, many = (
        queries_of(lambda number=number: client.post(URL, {"number": number})) for number in ("20123457", "20123456")
    )
    assert few == many


@pytest.mark.parametrize(
    "written", ["Tlf.: 20 12 34 56", "tel:+4520123456", "+45-20-12-34-56", "(+45) 20123456.", "20.12.34.56"]
)
def test_a_pasted_number_is_found_whatever_is_around_it(written):
    with records():
        found = citizen()
        phone(found, "+4520123456")
    assert ring_back(written).url == f"/borger/{found.pk}/"


def test_a_name_gives_a_choice_with_the_attempts():
    with records():
        for name in ("Aase Mikkelsen", "Aase Mikkelborg", "Bodil Mikkelsen"):
            owner = citizen(name)
            follow_up(owner)
            ContactAttempt.objects.create(
                municipality_id=183, citizen=owner, kind="call", at=NOW, by_name=f"Ringer for {name.split()[1]}"
            )
    content = ring_back("åse mikkel").content.decode() + ring_back("Aase Mikkel").content.decode()
    assert "Hvem af dem er det?" in content
    assert "Aase Mikkelsen" in content
    assert "Aase Mikkelborg" in content
    assert "Bodil Mikkelsen" not in content
    assert "Opkald · Ringer" in content


def test_one_of_that_name_is_opened_and_none_leads_to_a_case():
    with records():
        found = citizen("Aase Mikkelsen")
    assert ring_back("Aase M").url == f"/borger/{found.pk}/"
    content = ring_back("Zacharias").content.decode()
    assert "Ingen borger hedder sådan hos os" in content
    assert "/borgere/ny-sag/" in content
    assert logged(Action.SEARCH, subject_kind="citizen", subject_id="")[0].detail == {"criterion": "name", "hits": 1}


def test_more_of_a_name_than_fit_is_said():
    with records():
        for number in range(14):
            citizen(f"Aase {number:02d}")
    content = ring_back("Aase").content.decode()
    assert "Der er flere, der hedder sådan." in content
    assert content.count("Åbn borgeren") == 12


def test_a_foreign_citizen_is_found_by_neither_number_nor_name():
    with records(HOEJE_TAASTRUP):
        foreign = citizen("Fremmed Holm", code=HOEJE_TAASTRUP)
        phone(foreign, "+4520123456")
    assert "Nummeret er ikke hos os" in ring_back("20123456").content.decode()
    assert "Ingen borger hedder sådan hos os" in ring_back("Fremmed").content.decode()
