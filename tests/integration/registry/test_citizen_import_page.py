"""Citizens from the municipality's own system, through the page: a file in, a receipt out, nothing kept."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from registry.imports import citizen_jobs
from registry.models import CitizenImport
from tests.factories.cast import client_with_role
from tests.factories.cpr_extract import extract, person
from tests.factories.geography import HOEJE_TAASTRUP
from tests.factories.list_pages import AASE, BENT, NOW

pytestmark = pytest.mark.django_db
ROWS = [f"{AASE};Aase Birthe Mikkelsen;20123456", f"{BENT};Bent Holm;", "123;Kort Nummer;"]


@pytest.fixture
def list_admin() -> Client:
    set_demo_clock(NOW)
    return client_with_role(Role.LIST_ADMIN)


def hand_in(client: Client, rows: list[str], name: str = "borgere.csv", *, read: bool = True) -> HttpResponse:
    """Post the file; `read`: the worker reads it, and the page is looked at again."""
    file = SimpleUploadedFile(name, "\r\n".join(["cpr;navn;mobil", *rows]).encode())
    answer = client.post("/borgere/indlaes/", {"file": file}, follow=True)
    for waiting in citizen_jobs.waiting_import_ids() if read else []:
        citizen_jobs.run(waiting, now=NOW)
        answer = client.get("/borgere/indlaes/", {"kvittering": waiting})
    return answer  # type: ignore[return-value]


def test_a_file_gives_a_receipt_with_counts_and_rows_to_mend(list_admin: Client) -> None:
    page = hand_in(list_admin, ROWS).content.decode()
    assert "borgere.csv" in page
    assert "3 rækker · indlæst af Mette Holm" in page
    assert "Nye borgere" in page
    assert "CPR-nummeret har ikke ti cifre." in page
    assert AASE not in page
    found = CitizenImport.objects.get()
    assert (found.counts["added"], found.counts["unreadable"]) == (2, 1)
    assert "borgere.csv" in list_admin.get("/borgere/indlaes/").content.decode()


def test_the_file_is_not_kept(list_admin: Client, settings: object) -> None:
    hand_in(list_admin, ROWS)
    folder = Path(settings.UPLOAD_ROOT)  # type: ignore[attr-defined]
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_what_is_wrong_with_the_file_is_said(list_admin: Client) -> None:
    assert "Vælg den fil" in list_admin.post("/borgere/indlaes/", {}).content.decode()
    dressed_up = hand_in(list_admin, ROWS, name="borgere.xlsx")
    assert dressed_up.status_code == 422
    assert "Filen er ikke en Excel-fil" in dressed_up.content.decode()
    assert not CitizenImport.objects.exists()


def test_a_foreign_receipt_is_not_there(list_admin: Client) -> None:
    hand_in(list_admin, ROWS)
    found = CitizenImport.objects.get()
    stranger = client_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP)
    assert stranger.get(f"/borgere/indlaes/?kvittering={found.pk}").status_code == 404
    assert "borgere.csv" not in stranger.get("/borgere/indlaes/").content.decode()
    assert list_admin.get("/borgere/indlaes/?kvittering=x").status_code == 404


def test_a_file_waits_its_turn_and_is_erased_once_read(list_admin: Client, settings: object) -> None:
    page = hand_in(list_admin, ROWS, read=False).content.decode()
    assert "Filen er på vej" in page
    assert "Modtaget" in list_admin.get("/borgere/indlaes/").content.decode()
    folder = Path(settings.UPLOAD_ROOT)  # type: ignore[attr-defined]
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
    (waiting,) = citizen_jobs.waiting_import_ids()
    panel = list_admin.get("/borgere/indlaes/fremdrift/", {"kvittering": waiting})
    assert "Den står i kø" in panel.content.decode()
    citizen_jobs.run(waiting, now=NOW)
    citizen_jobs.run(waiting, now=NOW)
    assert CitizenImport.objects.get().counts["added"] == 2
    assert citizen_jobs.waiting_import_ids() == []
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    read = list_admin.get("/borgere/indlaes/fremdrift/", {"kvittering": waiting}, headers={"HX-Request": "true"})
    assert read.headers["HX-Refresh"] == "true"


def test_a_file_that_cannot_be_used_says_why_and_is_erased(list_admin: Client, settings: object) -> None:
    file = SimpleUploadedFile("borgere.csv", b"navn;adresse\r\nA;B\r\n")
    list_admin.post("/borgere/indlaes/", {"file": file})
    (waiting,) = citizen_jobs.waiting_import_ids()
    citizen_jobs.run(waiting, now=NOW)
    page = list_admin.get("/borgere/indlaes/", {"kvittering": waiting}).content.decode()
    assert "Filen er ikke indlæst" in page
    assert "mangler kolonnerne »cpr«" in page
    assert [path for path in Path(settings.UPLOAD_ROOT).rglob("*") if path.is_file()] == []  # type: ignore[attr-defined]


def test_a_fault_is_tried_again_and_given_up_with_an_id(
    list_admin: Client, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    hand_in(list_admin, ROWS, read=False)

    def breaks(*_given: object, **_named: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(citizen_jobs, "read_into", breaks)
    (waiting,) = citizen_jobs.waiting_import_ids()
    for _attempt in range(2):
        with pytest.raises(RuntimeError):
            citizen_jobs.run(waiting, now=NOW)
        assert citizen_jobs.waiting_import_ids() == [waiting]
    assert "fejl-id" in citizen_jobs.run(waiting, now=NOW).error_message
    assert [path for path in Path(settings.UPLOAD_ROOT).rglob("*") if path.is_file()] == []  # type: ignore[attr-defined]


def test_errors_come_as_a_file_and_a_delivery_of_cpr_by_its_own_name(list_admin: Client) -> None:
    hand_in(list_admin, ROWS)
    found = CitizenImport.objects.get()
    file = list_admin.get("/borgere/indlaes/fejl.csv", {"kvittering": found.pk}).content.decode()
    assert file.splitlines()[1] == "4;cpr;CPR-nummeret har ikke ti cifre."
    delivery = SimpleUploadedFile("d210420.l534902", extract(person(AASE)).getvalue())
    page = list_admin.post("/borgere/indlaes/", {"file": delivery}, follow=True).content.decode()
    assert "d210420.l534902" in page
    citizen_jobs.run(citizen_jobs.waiting_import_ids()[0], now=NOW)
    assert CitizenImport.objects.get(display_name="d210420.l534902").state == "done"
