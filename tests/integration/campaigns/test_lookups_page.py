"""Citizens whose number is missing: found with its source, or documented as not to be found (C4)."""

from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns.models import ContactAttempt
from outreach.access.roles import Role
from outreach.audit.models import Action
from registry.models import Citizen, FollowUp, Phone
from registry.selectors.citizens import best_phone
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
URL = "/mangler-nummer/"


@pytest.fixture
def desk() -> Client:
    clock_at()
    return client_with_role(Role.CASEWORKER)


def without_number(name: str = "Else Krogh", **changes: object) -> Citizen:
    owner = citizen(name, **changes)
    follow_up(owner, next_step_kind="lookup", next_step_reason="no_phone")
    return owner


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


def found(desk: Client, owner: Citizen, number: str, kind: str = "mobile", source: str = "looked_up") -> HttpResponse:
    form = {f"{owner.pk}-number": number, f"{owner.pk}-kind": kind, f"{owner.pk}-source": source}
    return desk.post(f"{URL}{owner.pk}/fundet/", form)


def nothing(desk: Client, owner: Citizen, *places: str, result: str = "not_found", **extra: str) -> HttpResponse:
    form = {f"{owner.pk}-places": list(places or ["directory"]), "result": result, **extra}
    return desk.post(f"{URL}{owner.pk}/intet/", form)


def test_the_list_helps_to_look_up_and_names_the_deadline(desk):
    with records():
        owner = without_number()
        relative(owner)
    page = page_of(desk.get(URL))
    for text in ("Else Krogh", "Vejlebrovej 45", "Lone Mikkelsen, datter", "30 11 22 33", "Frist i morgen"):
        assert text in page


def test_those_with_the_nearest_deadline_come_first(desk):
    with records():
        for name, day in (("Sidst", 30), ("Først", 20), ("Midt", 25)):
            owner = citizen(name)
            follow_up(owner, next_step_kind="lookup", next_step_reason="no_phone", first_contact_due=date(2021, 4, day))
    page = page_of(desk.get(URL))
    assert page.index("Først</h2>") < page.index("Midt</h2>") < page.index("Sidst</h2>")


def test_a_citizen_with_two_programmes_stands_once(desk):
    with records():
        owner = without_number()
        follow_up(owner, "influenza", next_step_kind="lookup", next_step_reason="no_phone")
    assert page_of(desk.get(URL)).count("Else Krogh</h2>") == 1


def test_a_protected_address_is_not_shown(desk):
    with records():
        without_number(protected=True, address="Hemmelig Vej 7")
    page = page_of(desk.get(URL))
    assert "Adressen er beskyttet" in page
    assert "Hemmelig" not in page


def test_a_found_number_sends_the_citizen_on(desk):
    with records():
        owner = without_number()
    assert found(desk, owner, "20 99 88 77").url == URL
    with records():
        assert Phone.objects.get(citizen=owner).number == "+4520998877"
        assert FollowUp.objects.get(citizen=owner).next_step_kind in ("sms", "call")
    assert "Else Krogh" not in page_of(desk.get(URL))


def test_what_is_no_number_is_said_at_that_citizens_field(desk):
    with records():
        owner, other = without_number(), without_number("Bent Friis")
    response = found(desk, owner, "12 34")
    assert response.status_code == 422
    page = page_of(response)
    assert "Det er ikke et gyldigt telefonnummer" in page.split(f'id="borger-{owner.pk}"')[1].split("</section>")[0]
    assert "Det er ikke et gyldigt" not in page.split(f'id="borger-{other.pk}"')[1].split("</section>")[0]


def test_no_number_to_be_found_leads_to_a_letter(desk):
    with records():
        owner = without_number()
    nothing(desk, owner)
    with records():
        assert ContactAttempt.objects.get(citizen=owner).kind == "lookup"
        assert FollowUp.objects.get(citizen=owner).next_step_kind == "letter"


def test_who_found_it_how_and_when_is_kept_and_told(desk):
    with records():
        owner = without_number()
    found(desk, owner, "43 57 12 34", kind="landline", source="relative")
    with records():
        number = Phone.objects.get(citizen=owner)
        assert (number.source, number.kind, number.found_by_name) == ("relative", "landline", "Mette Holm")
        assert timedelta(0) <= number.found_at - NOW < timedelta(minutes=5)
    page = " ".join(page_of(desk.get(f"/borger/{owner.pk}/")).split())
    assert "Telefonnummer fundet · Mette" in page
    assert "Oplyst af pårørende, fastnet" in page


def test_who_looked_in_vain_is_told(desk):
    with records():
        owner = without_number()
    nothing(desk, owner, "relatives", "directory")
    told = "Intet telefonnummer fundet. Ledt her: nummeroplysning, pårørende eller værge · Mette"
    assert told in page_of(desk.get(f"/borger/{owner.pk}/"))
    with records():
        attempt = ContactAttempt.objects.get(citizen=owner)
        assert attempt.by_name == "Mette Holm"
        assert timedelta(0) <= attempt.at - NOW < timedelta(minutes=5)


def test_a_landline_is_kept_beside_the_mobile_and_never_in_its_place(desk):
    with records():
        owner = without_number()
        phone(owner, "+4520998877")
    found(desk, owner, "43 57 12 34", kind="landline")
    found(desk, owner, "20 99 88 77", kind="landline")
    with records():
        kinds = {each.number: each.kind for each in Phone.objects.filter(citizen=owner)}
        assert kinds == {"+4520998877": "mobile", "+4543571234": "landline"}
        assert best_phone(owner).number == "+4520998877"


@pytest.mark.parametrize("source", ["looked_up", "relative"])
def test_a_number_that_was_wrong_stays_wrong_when_it_is_looked_up_again(desk, source):
    with records():
        owner = without_number()
        phone(owner, "+4520998877", wrong_since=NOW - timedelta(days=8), wrong_reason="Forkert nummer")
    response = found(desk, owner, "20 99 88 77", source=source)
    assert response.status_code == 422
    assert "markeret som forkert den 12.04.2021" in page_of(response)
    again = desk.post(f"/borger/{owner.pk}/telefon/", {"number": "20998877", "kind": "mobile", "source": source})
    assert again.status_code == 422
    assert "markeret som forkert den 12.04.2021" in page_of(again)
    with records():
        assert Phone.objects.get(citizen=owner).wrong_since is not None
        assert FollowUp.objects.get(citizen=owner).next_step_kind == "lookup"


def test_the_citizens_own_word_makes_a_wrong_number_right(desk):
    with records():
        owner = without_number()
        phone(owner, "+4520998877", wrong_since=NOW - timedelta(days=8))
    desk.post(f"/borger/{owner.pk}/telefon/", {"number": "20998877", "kind": "mobile", "source": "citizen"})
    with records():
        assert Phone.objects.get(citizen=owner).wrong_since is None


def test_looks_are_logged_and_numbers_masked(desk):
    with records():
        owner = without_number(cpr="7101391234")
    page = page_of(desk.get(URL))
    assert "710139-••••" in page
    assert "7101391234" not in page
    assert [event.subject_id for event in logged(Action.LOOK)] == [str(owner.pk)]


def test_queries_do_not_grow_with_the_list(desk):
    with records():
        without_number("Aase 1")
    few = queries_of(lambda: desk.get(URL))
    with records():
        for number in range(15):
            relative(without_number(f"Bent {number}"))
    assert queries_of(lambda: desk.get(URL)) == few


def test_an_empty_list_says_so(desk):
    assert "Alle har et nummer, der virker" in page_of(desk.get(URL))


def test_another_municipalitys_citizen_does_not_exist(desk):
    with records(HOEJE_TAASTRUP):
        foreign = without_number("Fremmed", code=HOEJE_TAASTRUP)
    assert "Fremmed" not in page_of(desk.get(URL))
    assert found(desk, foreign, "20998877").status_code == 404
    assert desk.post(f"{URL}{foreign.pk}/intet/").status_code == 404


def test_a_list_admin_looks_up_nobody():
    clock_at()
    assert client_with_role(Role.LIST_ADMIN).get(URL).status_code == 403
