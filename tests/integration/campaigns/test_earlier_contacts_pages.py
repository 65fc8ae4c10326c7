"""The pages of earlier contacts: hand in, review, explain words, approve, refuse, undo (L8)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from campaigns.imports.earlier_contacts_jobs import advance, waiting_file_ids
from campaigns.models import EarlierContacts
from outreach.access.roles import Role
from registry.models import FollowUp, Programme
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, records
from tests.factories.registry import cpr_number

pytestmark = pytest.mark.django_db
ROWS = [
    f"{cpr_number(1)};12-04-2021;Ønsker ikke;Mette;=HYPERLINK()",
    f"{cpr_number(2)};12-04-2021;nix;Mette;",
    f"{cpr_number(9)};12-04-2021;Nej;Mette;",
]


@pytest.fixture
def admin() -> Client:
    clock_at(NOW)
    with records():
        for serial, name in ((1, "Aase Mikkelsen"), (2, "Bent Holm")):
            follow_up(citizen(name, cpr=cpr_number(serial)))
    return client_with_role(Role.LIST_ADMIN)


def hand_in(client: Client, rows: list[str] = ROWS, name: str = "ringeliste.csv") -> HttpResponse:
    file = SimpleUploadedFile(name, "\r\n".join(["CPR;Dato;Svar;Hvem;Bemærkning", *rows]).encode())
    form = {"file": file, "programme": Programme.objects.get(code="covid-19").pk}
    answer = client.post("/lister/tidligere-svar/indlaes/", form, follow=True)
    for waiting in waiting_file_ids():
        assert "Filen er på vej" in answer.content.decode()
        advance(waiting, now=NOW)
        answer = client.get(f"/lister/tidligere-svar/{waiting}/")
    return answer  # type: ignore[return-value]


def test_a_file_is_reviewed_explained_taken_in_and_undone(admin: Client) -> None:
    page = hand_in(admin).content.decode()
    assert "Klar til gennemsyn" in page
    assert "1 opfølgning afsluttes som nej" in page
    assert "»nix« (1 række)" in page
    assert "Borgeren findes ikke i registret" in page
    assert cpr_number(9) not in page
    file = EarlierContacts.objects.get()
    address = f"/lister/tidligere-svar/{file.pk}/"
    assert "ikke er forklaret endnu" in admin.post(f"{address}godkend/", follow=True).content.decode()
    explained = admin.post(f"{address}ord/", {"word_0": "declined"}, follow=True).content.decode()
    assert "2 opfølgninger afsluttes som nej" in explained
    done = admin.post(f"{address}godkend/", follow=True).content.decode()
    assert "Svarene er indlæst" in done
    with records():
        assert set(FollowUp.objects.values_list("closed_reason", flat=True)) == {"declined"}
        owner = FollowUp.objects.order_by("pk")[0].citizen_id
    assert "Fra regneark 12.04.2021: Ønsker ikke (Mette)" in admin.get(f"/borger/{owner}/").content.decode()
    assert "Filen er fortrudt" in admin.post(f"{address}fortryd/", follow=True).content.decode()
    undone = admin.get(address).content.decode()
    assert "Det skete der, før filen blev fortrudt" in undone
    assert "2 opfølgninger afsluttet som nej" in undone
    assert "1 række blev ikke brugt" in undone
    with records():
        assert set(FollowUp.objects.values_list("status", flat=True)) == {"open"}


def test_the_list_of_errors_holds_no_person(admin: Client) -> None:
    hand_in(admin)
    file = EarlierContacts.objects.get()
    answer = admin.get(f"/lister/tidligere-svar/{file.pk}/fejl.csv").content.decode()
    assert "4;CPR-nummer;Borgeren findes ikke i registret" in answer
    assert "HYPERLINK" not in answer
    assert cpr_number(9) not in answer


def test_a_refused_file_leaves_nothing_behind(admin: Client) -> None:
    answer = hand_in(admin, name="ringeliste.xlsx")
    assert answer.status_code == 422
    assert not EarlierContacts.objects.exists()
    assert "Vælg den fil" in admin.post("/lister/tidligere-svar/indlaes/", {}).content.decode()
    hand_in(admin)
    file = EarlierContacts.objects.get()
    assert "rækkerne er slettet" in admin.post(f"/lister/tidligere-svar/{file.pk}/afvis/", follow=True).content.decode()
