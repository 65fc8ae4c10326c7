"""What lists and the registry show, search, fetch and keep leaves a trace, and the trace holds no number (A3, A4)."""

import pytest
from django.test import Client

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import Action
from outreach.clock.services import set_demo_clock
from registry.imports import citizen_jobs
from registry.models import Citizen, CitizenImport
from registry.services.citizen_merging import merge
from registry.services.received_files import safe_name
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.contact_pages import logged, records
from tests.factories.list_pages import AASE, BENT, NOW, ROWS, committed, list_file, reviewed
from tests.factories.registry import make_citizen

pytestmark = pytest.mark.django_db


@pytest.fixture
def list_admin() -> Client:
    set_demo_clock(NOW)
    return client_with_role(Role.LIST_ADMIN)


def looks(citizen: Citizen, action: Action = Action.LOOK) -> int:
    return len(logged(action, subject_kind="citizen", subject_id=str(citizen.pk)))


def test_people_who_may_be_the_same_are_logged_when_they_are_named(list_admin: Client) -> None:
    with records():
        known = make_citizen(1, name="Aase Birthe Mikkelsen")
    page = list_admin.post(
        "/borgere/ny/", {"name": "Aase Birthe Mikkelsen", "language": "da", "phone_kind": "mobile", "reason": "Ringede"}
    )
    assert "Er det en af disse?" in page.content.decode()
    assert looks(known, Action.SEARCH) == 1


def test_those_whom_a_corrected_list_changes_are_logged_when_they_are_named(list_admin: Client) -> None:
    committed(list_admin, ROWS)
    corrected = reviewed(list_admin, [ROWS[0], ROWS[1].replace(";3;", ";2;"), ROWS[2]])
    # Of the group that is asked for nobody is shown: only the table of corrections names Bent.
    page = list_admin.get(f"/lister/{corrected.pk}/?gruppe=unreadable").content.decode()
    assert "Bent Holm" in page
    with records():
        bent = Citizen.objects.get(name="Bent Holm")
    assert looks(bent) == 1


@pytest.mark.parametrize(
    ("typed", "criterion"), [(AASE, "cpr"), ("711039-0002", "cpr"), ("2", "row"), ("Aase", "name"), ("x", "name")]
)
def test_a_search_in_a_list_is_logged_with_what_was_searched_by(list_admin: Client, typed: str, criterion: str) -> None:
    found = reviewed(list_admin, ROWS)
    list_admin.post(f"/lister/{found.pk}/raekker/", {"gruppe": "new", "soeg": typed})
    (search,) = logged(Action.SEARCH, subject_kind="nonresponderlist")
    assert search.detail["criterion"] == criterion
    assert typed not in str(search.detail) or typed == "2"


def test_the_rows_to_mend_of_a_citizen_file_are_logged_when_fetched(list_admin: Client) -> None:
    list_admin.post("/borgere/indlaes/", {"file": list_file([f"{AASE};Aase"], "b.csv", "cpr;navn")})
    (found,) = citizen_jobs.waiting_import_ids()
    citizen_jobs.run(found, now=NOW)
    list_admin.get(f"/borgere/indlaes/fejl.csv?kvittering={found}")
    (export,) = logged(Action.EXPORT, subject_kind="citizenimport")
    assert (export.subject_id, export.detail) == (str(found), {"rows": 0, "format": "csv"})


@pytest.mark.parametrize("number", [AASE, "711039-0002", "711039 0002"])
def test_a_number_typed_as_a_reason_does_not_reach_the_log(list_admin: Client, number: str) -> None:
    answer = list_admin.post(
        "/borgere/ny/",
        {
            "name": "Ny Borger",
            "language": "da",
            "phone_kind": "mobile",
            "reason": f"gift med {number}",
            "birth_date": "",
        },
    )
    assert answer.status_code == 302
    (added,) = logged(Action.ADD, subject_kind="citizen")
    assert added.purpose == "Borger oprettet: gift med [cpr]"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (f"Liste {AASE}.csv", "Liste [cpr].csv"),
        (f"{BENT[:6]}-{BENT[6:]}_Holm.xlsx", "[cpr]_Holm.xlsx"),
        ("SSI_20210420.csv", "SSI_20210420.csv"),
        ("uge16-2021.ods", "uge16-2021.ods"),
        ("d210420.l534902", "d210420.l534902"),
    ],
)
def test_a_citizens_number_in_a_files_name_is_not_kept(sent: str, shown: str) -> None:
    assert safe_name(sent) == shown


def test_a_citizen_file_named_after_a_citizen(list_admin: Client) -> None:
    page = list_admin.post(
        "/borgere/indlaes/", {"file": list_file([f"{AASE};Aase"], f"{AASE}.csv", "cpr;navn")}, follow=True
    )
    assert AASE not in page.content.decode()
    assert CitizenImport.objects.get().display_name == "[cpr].csv"


def test_protection_under_a_left_number_holds_for_the_valid_one() -> None:
    admin = actor_with_role(Role.LIST_ADMIN)
    with data_context(admin):
        old = make_citizen(1, protected=True, protected_until=None)
        valid = make_citizen(2, address="Vejlebrovej 1")
        assert merge(by=admin, old=old, valid=valid, now=NOW).is_protected(NOW.date())
        assert Citizen.objects.get().is_protected(NOW.date())


BADGE = "Beskyttet adresse"


def test_protected_people_are_marked_wherever_they_are_named(list_admin: Client) -> None:
    committed(list_admin, ROWS)
    with records():
        Citizen.objects.filter(name="Bent Holm").update(protected=True, protected_until=None)
        bent = Citizen.objects.get(name="Bent Holm")
    corrected = reviewed(list_admin, [ROWS[0], ROWS[1].replace(";3;", ";2;"), ROWS[2]])
    assert BADGE in list_admin.get(f"/lister/{corrected.pk}/?gruppe=unreadable").content.decode()
    alike = list_admin.post(
        "/borgere/ny/", {"name": "Bent Holm", "language": "da", "phone_kind": "mobile", "reason": "Ringede"}
    )
    assert BADGE in alike.content.decode()
    assert BADGE in list_admin.get(f"/borgere/{bent.pk}/ret/").content.decode()
    list_admin.post(f"/borgere/{bent.pk}/ret/", {"name": "Bent H. Holm", "language": "da", "protected": "on"})
    list_admin.post("/borgere/indlaes/", {"file": list_file([f"{BENT};Bent Holm"], "b.csv", "cpr;navn")})
    citizen_jobs.run(citizen_jobs.waiting_import_ids()[0], now=NOW)
    differences = list_admin.get("/borgere/forskelle/").content.decode()
    assert "Bent H. Holm" in differences
    assert BADGE in differences
