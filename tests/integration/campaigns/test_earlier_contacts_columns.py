"""Columns of a spreadsheet of earlier contacts chosen, remembered and forgotten; lost zeros (L1, L8, C2)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campaigns.imports.earlier_contacts_jobs import advance
from campaigns.models import EarlierContactRow, EarlierContacts
from outreach.access.roles import Role
from registry.models import ColumnMapping, FollowUp, Programme
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, records
from tests.factories.registry import cpr_number

pytestmark = pytest.mark.django_db
STRANGE = "Borger-ID;Mobil-nr;Hvornår;Sagde;Løbenr"
CHOICE = {
    "cpr": "Borger-ID", "phone": "", "contacted_on": "Hvornår", "answer": "Sagde", "who": "", "programme": "",
    "kind": "", "barrier": "", "note": "",
}  # fmt: skip


@pytest.fixture
def admin() -> Client:
    clock_at(NOW)
    with records():
        for serial, name in ((1, "Aase Mikkelsen"), (2, "Bent Holm")):
            follow_up(citizen(name, cpr=cpr_number(serial)))
    return client_with_role(Role.LIST_ADMIN)


def hand_in(client: Client, header: str, *rows: str, sender: str = "Hjemmeplejen Nord") -> EarlierContacts:
    """Handed in on the page, read by the worker."""
    file = SimpleUploadedFile("ringeliste.csv", "\r\n".join([header, *rows]).encode())
    programme = Programme.objects.get(code="covid-19").pk
    answer = client.post("/lister/tidligere-svar/indlaes/", {"file": file, "programme": programme, "sender": sender})
    assert answer.status_code == 302, answer.content.decode()
    return advance(EarlierContacts.objects.latest("pk").pk, now=NOW)


def post(client: Client, file: EarlierContacts, action: str, form: dict[str, str] | None = None) -> str:
    return client.post(f"/lister/tidligere-svar/{file.pk}/{action}/", form or {}, follow=True).content.decode()


def page(client: Client, file: EarlierContacts) -> str:
    return client.get(f"/lister/tidligere-svar/{file.pk}/").content.decode()


def strange(serial: int, number: int = 1) -> str:
    return f"{cpr_number(serial)};20123456;12-04-2021;Nej tak;{number}"


def test_a_header_chosen_once_is_read_without_asking_the_next_time(admin: Client) -> None:
    first = hand_in(admin, STRANGE, strange(1))
    assert (first.state, first.waits_for) == ("received", "mapping")
    asked = page(admin, first)
    assert "Hvilken kolonne er hvilken?" in asked
    assert "Ført af: Hjemmeplejen Nord" in asked
    assert cpr_number(1) not in asked
    post(admin, first, "kolonner", CHOICE)
    first = advance(first.pk, now=NOW)
    assert (first.state, first.rows, first.counts) == ("reviewed", 1, {"closes": 1, "problem": 0})
    assert "Disse kolonner bruges ikke og er ikke gemt: Mobil-nr, Løbenr" in page(admin, first)

    second = hand_in(admin, STRANGE, strange(2))
    assert (second.state, second.mapping_source, second.rows) == ("reviewed", "remembered", 1)
    # Somebody else's spreadsheet is theirs.
    assert hand_in(admin, STRANGE, strange(2, 9), sender="Hjemmeplejen Syd").waits_for == "mapping"


def test_a_header_that_has_changed_since_is_shown_with_what_still_fits(admin: Client) -> None:
    first = hand_in(admin, STRANGE, strange(1))
    post(admin, first, "kolonner", CHOICE)
    advance(first.pk, now=NOW)
    changed = hand_in(admin, STRANGE.replace("Sagde", "Svarede"), strange(2))
    assert changed.waits_for == "mapping"
    shown = page(admin, changed)
    assert "Husket fra sidst" in shown
    assert '<option value="Borger-ID" selected>' in shown
    assert '<option value="Svarede" selected>' not in shown


def test_columns_that_were_forgotten_are_asked_for_again(admin: Client) -> None:
    first = hand_in(admin, STRANGE, strange(1))
    post(admin, first, "kolonner", CHOICE)
    advance(first.pk, now=NOW)
    again = hand_in(admin, STRANGE.replace("Sagde", "Svarede"), strange(2))
    assert "Glem kolonnerne fra Hjemmeplejen Nord" in page(admin, again)
    assert "er glemt" in post(admin, again, "kolonner/glem")
    assert not ColumnMapping.objects.filter(specification="contacts").exists()
    assert "Glem kolonnerne" not in page(admin, again)
    assert hand_in(admin, STRANGE, strange(2, 7)).waits_for == "mapping"


def test_a_reviewed_file_goes_back_to_its_columns_and_is_read_anew(admin: Client) -> None:
    # "Status" is taken for the answer; the answer stands in the column beside it.
    file = hand_in(admin, "CPR;Dato;Status;Sagde", f"{cpr_number(1)};12-04-2021;ingen svar;Nej tak")
    assert file.counts == {"attempt": 1, "problem": 0}
    shown = post(admin, file, "kolonner/ret")
    assert "Hvilken kolonne er hvilken?" in shown
    with records():
        assert not EarlierContactRow.objects.exists()
    post(admin, file, "kolonner", CHOICE | {"cpr": "CPR", "contacted_on": "Dato"})
    file = advance(file.pk, now=NOW)
    assert (file.state, file.counts) == ("reviewed", {"closes": 1, "problem": 0})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cpr": ""}, "Vælg kolonnen med CPR-nummer eller den med telefon."),
        ({"answer": ""}, "Vælg kolonnen. Uden den kan listen ikke læses."),
        ({"answer": "Borger-ID"}, "Kolonnen er allerede valgt til et andet felt"),
        ({"answer": "Findes ikke"}, "Findes ikke"),
    ],
)
def test_a_choice_that_cannot_be_is_said_at_the_form(admin: Client, changes: dict[str, str], sentence: str) -> None:
    file = hand_in(admin, STRANGE, strange(1))
    answer = admin.post(f"/lister/tidligere-svar/{file.pk}/kolonner/", CHOICE | changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert EarlierContacts.objects.get().waits_for == "mapping"


def test_a_file_that_waits_for_its_columns_can_be_refused(admin: Client) -> None:
    file = hand_in(admin, STRANGE, strange(1))
    assert "Filen er afvist" in post(admin, file, "afvis")
    file.refresh_from_db()
    assert (file.state, file.waits_for) == ("rejected", "")
    assert "Filen er kommet videre imens" in post(admin, file, "kolonner", CHOICE)


def test_a_team_leader_sees_that_the_columns_wait_for_somebody_else(admin: Client) -> None:
    file = hand_in(admin, STRANGE, strange(1))
    shown = page(client_with_role(Role.TEAM_LEAD, username="leder"), file)
    assert "En listeadministrator skal vælge kolonnerne" in shown
    assert "<select" not in shown.split("<main", 1)[1].split("</main", 1)[0]


@pytest.mark.parametrize(("choice", "counts"), [("confirmed", {"closes": 2, "problem": 1}), ("left_out", None)])
def test_lost_zeros_are_decided_once_for_the_whole_file(
    admin: Client, choice: str, counts: dict[str, int] | None
) -> None:
    with records():
        # 1 January 1939 written without its zero; the serials are of this test's own.
        follow_up(citizen("Dora Syd", cpr="0101390002"))
    file = hand_in(
        admin,
        "CPR;Dato;Svar",
        "101390002;12-04-2021;Nej",
        "101390009;12-04-2021;Nej",
        f"{cpr_number(1)};12-04-2021;Nej",
    )
    shown = page(admin, file)
    assert "CPR-numre, der har mistet nullet foran" in shown
    assert "Godkend, og indlæs" not in shown
    assert "Vælg, om det skal sættes foran" in post(admin, file, "godkend")
    assert "Vælg, om nullet skal sættes foran" in post(admin, file, "nuller", {"choice": "måske"})
    decided = post(admin, file, "nuller", {"choice": choice})
    assert "rækkerne er set efter igen" in decided
    assert "Godkend, og indlæs" in decided
    file.refresh_from_db()
    assert file.counts == (counts or {"closes": 1, "problem": 2})
    assert "Svarene er indlæst" in post(admin, file, "godkend")
    with records():
        closed = FollowUp.objects.filter(closed_reason="declined")
        assert closed.filter(citizen__name="Dora Syd").exists() == (choice == "confirmed")


def test_progress_is_told_while_the_file_is_read(admin: Client) -> None:
    file = SimpleUploadedFile("ringeliste.csv", f"CPR;Dato;Svar\r\n{cpr_number(1)};12-04-2021;Nej".encode())
    programme = Programme.objects.get(code="covid-19").pk
    admin.post("/lister/tidligere-svar/indlaes/", {"file": file, "programme": programme})
    found = EarlierContacts.objects.get()
    address = f"/lister/tidligere-svar/{found.pk}/fremgang/"
    assert "Den står i kø" in admin.get(address, headers={"HX-Request": "true"}).content.decode()
    EarlierContacts.objects.update(progress={"done": 12000})
    assert "12.000 rækker læst" in admin.get(address, headers={"HX-Request": "true"}).content.decode()
    assert admin.get(address)["Location"] == f"/lister/tidligere-svar/{found.pk}/"  # without JavaScript
    advance(found.pk, now=NOW)
    assert admin.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
