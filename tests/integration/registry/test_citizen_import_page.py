"""Citizens from the municipality's own system, through the page: a file in, a receipt out, nothing kept."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from registry.forms import citizens as forms
from registry.models import CitizenImport
from tests.factories.cast import client_with_role
from tests.factories.geography import HOEJE_TAASTRUP
from tests.factories.list_pages import AASE, BENT, NOW

pytestmark = pytest.mark.django_db
ROWS = [f"{AASE};Aase Birthe Mikkelsen;20123456", f"{BENT};Bent Holm;", "123;Kort Nummer;"]


@pytest.fixture
def list_admin() -> Client:
    set_demo_clock(NOW)
    return client_with_role(Role.LIST_ADMIN)


def hand_in(client: Client, rows: list[str], name: str = "borgere.csv") -> HttpResponse:
    file = SimpleUploadedFile(name, "\r\n".join(["cpr;navn;mobil", *rows]).encode())
    return client.post("/borgere/indlaes/", {"file": file}, follow=True)  # type: ignore[return-value]


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


def test_what_is_wrong_with_the_file_is_said(list_admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Vælg den fil" in list_admin.post("/borgere/indlaes/", {}).content.decode()
    dressed_up = hand_in(list_admin, ROWS, name="borgere.xlsx")
    assert dressed_up.status_code == 422
    assert "Filen er ikke en Excel-fil" in dressed_up.content.decode()
    monkeypatch.setattr(forms, "MOST_ROWS", 1)
    too_many = hand_in(list_admin, ROWS)
    assert "flere end 1 borgere" in too_many.content.decode()
    assert not CitizenImport.objects.exists()


def test_a_foreign_receipt_is_not_there(list_admin: Client) -> None:
    hand_in(list_admin, ROWS)
    found = CitizenImport.objects.get()
    stranger = client_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP)
    assert stranger.get(f"/borgere/indlaes/?kvittering={found.pk}").status_code == 404
    assert "borgere.csv" not in stranger.get("/borgere/indlaes/").content.decode()
    assert list_admin.get("/borgere/indlaes/?kvittering=x").status_code == 404
