"""Handing in a list: what the form says when something is wrong, and the timeline afterwards."""

from datetime import date

import pytest
from django.test import Client

from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from registry.models import ListOrder, Municipality, NonresponderList, Programme
from tests.factories.cast import client_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.list_pages import NOW, ROWS, committed, list_file, reviewed, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def list_admin() -> Client:
    set_demo_clock(NOW)
    return client_with_role(Role.LIST_ADMIN)


def order(reference: str, expires_on: date, code: int = ISHOEJ) -> ListOrder:
    return ListOrder.objects.create(
        municipality=Municipality.objects.get(code=code),
        programme=Programme.objects.get(code="covid-19"),
        reference=reference,
        purpose="Vejleåparken, lav tilslutning",
        approved_on=date(2021, 3, 1),
        expires_on=expires_on,
        created_by_name="Mette Holm",
        created_at=NOW,
    )


def test_empty_timeline_says_what_would_fill_it(list_admin: Client) -> None:
    page = list_admin.get("/lister/").content.decode()
    assert "Ingen lister endnu" in page
    assert "Indlæs den første liste" in page


def test_timeline_shows_state_counts_and_what_is_expected(list_admin: Client) -> None:
    committed(list_admin, ROWS)
    page = list_admin.get("/lister/").content.decode()
    assert "Uge 16" in page
    assert "20.04.2021" in page
    assert "Kvittering" in page
    assert "listen for uge 17 ventes tirs. 27.04." in page


def test_a_late_list_is_marked(list_admin: Client) -> None:
    committed(list_admin, ROWS, as_of="06.04.2021")
    page = list_admin.get("/lister/").content.decode()
    assert "listen for uge 15 ventedes tirs. 13.04." in page
    assert "Ikke indlæst endnu" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"file": ""}, "Vælg den fil, du vil indlæse."),
        ({"as_of": "21.04.2021"}, "Listens dato ligger i fremtiden."),
        ({"as_of": "i går"}, "Skriv datoen som dag, måned og år"),
        ({"waiting_days": "tre"}, "Skriv ventetiden som et antal dage"),
        ({"groups": "1-3, 99Z"}, "Målgruppen 99Z findes ikke"),
        ({"kind": "ordered"}, "Vælg den bestilling, listen er leveret under."),
    ],
)
def test_what_is_wrong_is_said_at_the_field(list_admin: Client, changes: dict[str, str], sentence: str) -> None:
    response = upload(list_admin, ROWS, **changes)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not NonresponderList.objects.exists()


def test_a_program_dressed_up_as_a_list_is_refused(list_admin: Client) -> None:
    response = upload(list_admin, [], file=list_file([], name="liste.xlsx"))
    assert response.status_code == 422
    assert "Filen er ikke en Excel-fil" in response.content.decode()


def test_a_file_that_is_too_large_is_refused_with_a_sentence(list_admin: Client, settings: object) -> None:
    settings.UPLOAD_MAX_BYTES = 10  # type: ignore[attr-defined]
    response = upload(list_admin, ROWS)
    assert response.status_code == 422
    assert "Filen er større end" in response.content.decode()


def test_only_the_form_s_own_file_is_read(list_admin: Client) -> None:
    upload(list_admin, ROWS, other=list_file(["x"], name="anden.exe"))
    assert [each.display_name for each in NonresponderList.objects.all()] == ["SSI_uge16.csv"]


def test_the_same_file_twice_says_who_and_when(list_admin: Client) -> None:
    committed(list_admin, ROWS)
    response = upload(list_admin, ROWS)
    assert response.status_code == 422
    assert "Filen er allerede indlæst den 20.04.2021" in response.content.decode()


def test_an_expired_order_is_shown_as_such_and_refused(list_admin: Client) -> None:
    expired = order("SST-0", date(2021, 4, 19))
    assert (
        "SST-0 · Vejleåparken, lav tilslutning · udløbet 19.04.2021"
        in list_admin.get("/lister/indlaes/").content.decode()
    )
    response = upload(list_admin, ROWS, kind="ordered", order=str(expired.pk))
    assert "Bestillingen SST-0 udløb den 19.04.2021." in response.content.decode()
    assert not NonresponderList.objects.exists()


def test_a_valid_order_is_kept_with_the_list_and_counted(list_admin: Client) -> None:
    valid = order("SST-1", date(2021, 4, 20))
    found = reviewed(list_admin, ROWS, kind="ordered", order=str(valid.pk))
    assert (found.kind, found.order) == ("ordered", valid)
    list_admin.post(f"/lister/{found.pk}/godkend/")
    page = list_admin.get("/lister/bestillinger/").content.decode()
    assert "1 liste" in page
    assert "Gyldig" in page


def test_another_municipality_s_order_is_not_offered(list_admin: Client) -> None:
    foreign = order("SST-9", date(2021, 12, 31), HOEJE_TAASTRUP)
    assert "SST-9" not in list_admin.get("/lister/indlaes/").content.decode()
    assert "SST-9" not in list_admin.get("/lister/bestillinger/").content.decode()
    assert upload(list_admin, ROWS, kind="ordered", order=str(foreign.pk)).status_code == 422


def test_an_order_is_written_down_once(list_admin: Client) -> None:
    fields = {
        "programme": Programme.objects.get(code="covid-19").pk,
        "reference": "SST-2",
        "purpose": "Ringeindsats i Vejleåparken",
        "approved_on": "01.04.2021",
        "expires_on": "01.06.2021",
    }
    assert list_admin.post("/lister/bestillinger/opret/", fields).status_code == 302
    again = list_admin.post("/lister/bestillinger/opret/", fields)
    assert again.status_code == 422
    assert "Bestillingen SST-2 findes allerede." in again.content.decode()
    backwards = list_admin.post(
        "/lister/bestillinger/opret/", fields | {"reference": "SST-3", "expires_on": "01.03.2021"}
    )
    assert "udløber, før den er godkendt" in backwards.content.decode()
    assert [each.reference for each in ListOrder.objects.all()] == ["SST-2"]
