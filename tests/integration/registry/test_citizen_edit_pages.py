"""The pages on which people write citizens down, change them, and choose between theirs and a file's word."""

from pathlib import Path

import pytest
from django.test import Client

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from registry.models import Citizen, CitizenDifference, CitizenEdit, Phone, PhoneKind, PhoneSource, Relative
from registry.services.phones import add_phone
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.geography import HOEJE_TAASTRUP
from tests.factories.registry import NOON, citizens_taken_in, cpr_number, csv_file, make_citizen

pytestmark = pytest.mark.django_db
HEADER = ("cpr", "navn", "adresse", "postnr", "by", "email")
LINE = [cpr_number(1), "Aase Prøve", "Prøvevej 1", "2635", "Ishøj", "aase@example.dk"]


@pytest.fixture
def caseworker() -> Client:
    set_demo_clock(NOON)
    return client_with_role(Role.CASEWORKER)


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def known(admin: Actor, folder: Path) -> Citizen:
    citizens_taken_in(admin, csv_file([LINE], HEADER), folder)
    with data_context(admin):
        return Citizen.objects.get()


def form(**changes: str) -> dict[str, str]:
    return {
        "name": "Aase Prøve", "address": "Prøvevej 1", "postal_code": "2635", "city": "Ishøj",
        "email": "aase@example.dk", "language": "da",
    } | changes  # fmt: skip


def test_citizen_without_number_is_written_down_and_a_likeness_is_shown_once(caseworker: Client, admin: Actor) -> None:
    values = {
        "name": "Noor Prøve", "phone": "20111111", "phone_kind": "mobile", "language": "ar", "reason": "ringede selv",
        "birth_date": "01-07-1950", "birth_date_approximate": "on",
    }  # fmt: skip
    assert caseworker.post("/borgere/ny/", values, follow=True).status_code == 200
    again = caseworker.post("/borgere/ny/", values)
    assert again.status_code == 422
    assert "Er det en af disse?" in again.content.decode()
    with data_context(admin):
        assert Citizen.objects.get().language == "ar"
    caseworker.post("/borgere/ny/", values | {"seen_duplicates": "on"})
    with data_context(admin):
        assert Citizen.objects.count() == 2
    wrong = caseworker.post("/borgere/ny/", values | {"cpr": "9913390001", "name": "En Anden", "phone": ""})
    assert "Datoen i CPR-nummeret findes ikke." in wrong.content.decode()


def test_edit_is_saved_shown_and_asked_about(caseworker: Client, admin: Actor, tmp_path: Path) -> None:
    citizen = known(admin, tmp_path)
    page = caseworker.post(f"/borgere/{citizen.pk}/ret/", form(name="Åse Prøve", postal_code="abc"))
    assert page.status_code == 422
    assert "Et postnummer har fire cifre." in page.content.decode()
    assert caseworker.post(f"/borgere/{citizen.pk}/ret/", form(name="Åse Prøve", address="Nyvej 2")).status_code == 302
    shown = caseworker.get(f"/borgere/{citizen.pk}/ret/").content.decode()
    assert "Åse Prøve" in shown
    assert "før: Aase Prøve" in shown
    citizens_taken_in(admin, csv_file([LINE], HEADER), tmp_path)
    choices = caseworker.get("/borgere/forskelle/").content.decode()
    assert "Nyvej 2, 2635 Ishøj" in choices
    assert "Prøvevej 1, 2635 Ishøj" in choices
    with data_context(admin):
        name = CitizenDifference.objects.get(field="name")
    caseworker.post("/borgere/forskelle/", {"choice": f"ours:{name.pk}"})
    unseen = caseworker.post("/borgere/forskelle/?felt=address", {"choice": "theirs:alle", "seen": "7"}, follow=True)
    assert "Listen er ændret, siden du åbnede den." in unseen.content.decode()
    notice = caseworker.get(f"/borger/{citizen.pk}/").content.decode()
    assert "En fil siger noget andet, end I selv har skrevet: adresse." in notice
    caseworker.post("/borgere/forskelle/?felt=address", {"choice": "theirs:alle", "seen": "1"})
    again = caseworker.post("/borgere/forskelle/", {"choice": f"ours:{name.pk}"}, follow=True)
    assert "En kollega har allerede valgt. Her er dem, der er tilbage." in again.content.decode()
    with data_context(admin):
        citizen.refresh_from_db()
        assert (citizen.name, citizen.address) == ("Åse Prøve", "Prøvevej 1")
        assert [each.field for each in CitizenEdit.objects.all()] == ["name"]
    assert "Ingen forskelle" in caseworker.get("/borgere/forskelle/").content.decode()


def test_two_records_are_never_made_one_in_bulk(caseworker: Client, admin: Actor) -> None:
    with data_context(admin):
        old, valid = make_citizen(1), make_citizen(2)
        CitizenDifference.objects.create(
            municipality=valid.municipality, citizen=valid, other_citizen=old, field="person", found_at=NOON
        )
    for field in ("person", ""):
        answer = caseworker.post(
            f"/borgere/forskelle/?felt={field}", {"choice": "theirs:alle", "seen": "1"}, follow=True
        )
        assert "Vælg for én borger ad gangen." in answer.content.decode()
    with data_context(admin):
        assert CitizenDifference.objects.get().state == "open"
        assert Citizen.objects.count() == 2


def test_form_left_as_it_was_changes_and_remembers_nothing(caseworker: Client, admin: Actor, tmp_path: Path) -> None:
    citizen = known(admin, tmp_path)
    page = caseworker.post(f"/borgere/{citizen.pk}/ret/", form(), follow=True)
    assert "Der var ikke noget at rette." in page.content.decode()
    with data_context(admin):
        assert not CitizenEdit.objects.exists()


def test_protected_address_is_not_on_the_page_of_differences(caseworker: Client, admin: Actor, tmp_path: Path) -> None:
    citizen = known(admin, tmp_path)
    caseworker.post(f"/borgere/{citizen.pk}/ret/", form(address="Nyvej 2", protected="on"))
    citizens_taken_in(admin, csv_file([LINE], HEADER), tmp_path)
    page = caseworker.get("/borgere/forskelle/").content.decode()
    assert "beskyttet adresse" in page
    assert "Nyvej 2" not in page
    assert "Prøvevej 1" not in page


def test_number_and_relatives_are_changed_by_hand(caseworker: Client, admin: Actor, tmp_path: Path) -> None:
    citizen = known(admin, tmp_path)
    with data_context(admin):
        add_phone(
            by=admin, citizen=citizen, number="20111111", kind=PhoneKind.MOBILE, source=PhoneSource.SYSTEM, now=NOON
        )
        phone = Phone.objects.get()
    for what, expected in (("wrong", True), ("right", False)):
        caseworker.post(f"/borgere/{citizen.pk}/telefoner/", {"phone": phone.pk, "what": what})
        with data_context(admin):
            phone.refresh_from_db()
            assert (phone.wrong_since is not None) is expected
    caseworker.post(f"/borgere/{citizen.pk}/telefoner/", {"phone": phone.pk, "what": "landline"})
    person = {"kind": "guardian", "name": "Vera Prøve", "relation": "", "phone": "20222222"}
    caseworker.post(f"/borgere/{citizen.pk}/paaroerende/", person)
    with data_context(admin):
        phone.refresh_from_db()
        relative = Relative.objects.get()
        assert (phone.kind, relative.phone) == ("landline", "+4520222222")
    bad = caseworker.post(f"/borgere/{citizen.pk}/paaroerende/", person | {"phone": "12"})
    assert "ikke et gyldigt telefonnummer" in bad.content.decode()
    caseworker.post(f"/borgere/{citizen.pk}/paaroerende/", {"remove": relative.pk})
    with data_context(admin):
        assert not Relative.objects.exists()


def test_neighbours_see_and_change_nothing(caseworker: Client, admin: Actor, tmp_path: Path) -> None:
    citizen = known(admin, tmp_path)
    caseworker.post(f"/borgere/{citizen.pk}/ret/", form(name="Åse Prøve"))
    citizens_taken_in(admin, csv_file([LINE], HEADER), tmp_path)
    with data_context(admin):
        difference = CitizenDifference.objects.get()
    neighbour = client_with_role(Role.CASEWORKER, HOEJE_TAASTRUP)
    assert neighbour.get(f"/borgere/{citizen.pk}/ret/").status_code == 404
    assert "Ingen forskelle" in neighbour.get("/borgere/forskelle/").content.decode()
    neighbour.post("/borgere/forskelle/", {"choice": f"theirs:{difference.pk}"})
    with data_context(admin):
        assert Citizen.objects.get().name == "Åse Prøve"
        make_citizen(2)
