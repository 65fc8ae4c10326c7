"""The pages of figures through the browser's door: who may, what they see, what is logged."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from registry.models import Outcome, RowClass
from reports.models import UptakeSnapshot
from reports.services.summaries import refresh
from tests.factories.cast import client_with_role
from tests.factories.reports import GROUP_FILE, HOJE_TAASTRUP, NOW, WeeklyList, covid, imported, ishoj, job
from tests.unit.reports.test_uptake_files import AGE, MUNICIPALITY, PARISH, REGION

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo_day(db: None) -> datetime:
    """20 April 2021, the day of the memo."""
    set_demo_clock(NOW)
    return NOW


@pytest.fixture
def figures(tmp_path: Path) -> None:
    """A week's figures and list in Ishøj."""
    imported(tmp_path, GROUP_FILE, municipality=ishoj())
    for name, text in (("s.csv", PARISH), ("k.csv", MUNICIPALITY), ("a.csv", AGE), ("r.csv", REGION)):
        imported(tmp_path, text, name=name)
    with data_context(job()) as by:
        week = WeeklyList(covered=["2", "7"])
        for _ in range(12):
            week.person("7", parish=7151)
        week.person("2", parish=7150, outcome=Outcome.DECLINED, row_class=RowClass.WAITING)
        week.list.counts = {"new": 12, "waiting": 1, "gone": 0}
        week.list.save(update_fields=["counts"])
        refresh(by=by, municipality=ishoj(), programme=covid(), now=NOW)


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("kind", ["parish", "institution", "group", "age", "municipality", "region"])
@pytest.mark.usefixtures("figures")
def test_every_breakdown_shows_for_own_and_foreign_eyes(kind: str) -> None:
    for role in (Role.CASEWORKER, Role.MANAGER, Role.REGION_PLANNER, Role.NATIONAL_MONITOR):
        page = text_of(client_with_role(role), f"/tilslutning/?opgjort={kind}&kommune=0183")
        assert page.count("<h1") == 1


@pytest.mark.usefixtures("figures")
def test_own_municipality_sees_working_figures_and_the_region_shared_ones() -> None:
    own = text_of(client_with_role(Role.MANAGER), "/tilslutning/?opgjort=group")
    assert "96,6 %" in own
    shared = text_of(client_with_role(Role.REGION_PLANNER), "/tilslutning/?opgjort=group&kommune=0183")
    assert "96,6 %" not in shared
    assert "skjult" in shared


@pytest.mark.usefixtures("figures")
def test_hidden_is_explained_and_the_source_is_named() -> None:
    page = text_of(client_with_role(Role.CASEWORKER), "/tilslutning/")
    assert "Skjult er ikke nul" in page
    assert "Opgjort pr. 20.04.2021" in page
    assert "Statens Serum Institut, s.csv" in page


def test_foreign_municipality_is_not_found() -> None:
    assert client_with_role(Role.CASEWORKER).get("/tilslutning/?kommune=0169").status_code == 404
    assert client_with_role(Role.REGION_PLANNER).get("/tilslutning/?kommune=0751").status_code == 404
    assert client_with_role(Role.CASEWORKER, username="b").get("/tilslutning/?opgjort=hus").status_code == 404


def test_invented_figures_are_labelled(tmp_path: Path) -> None:
    imported(tmp_path, PARISH, invented=True)
    assert "Opdigtede tal" in text_of(client_with_role(Role.CASEWORKER), "/tilslutning/")


@pytest.mark.usefixtures("figures")
def test_exports_are_files_and_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[dict] = []
    for view in ("uptake", "status_note"):
        monkeypatch.setattr(f"reports.views.{view}.record", lambda **row: logged.append(row))
    client = client_with_role(Role.TEAM_LEAD)
    csv = client.get("/tilslutning.csv?opgjort=parish")
    assert csv["Content-Disposition"] == 'attachment; filename="tilslutning-0183-parish.csv"'
    assert csv.content.decode().startswith("\ufeffKode;Navn")
    note = json.loads(client.get("/statusnotat.json").content)
    assert note["total"]["invited"] == 2015
    assert client.get("/statusnotat.csv").content.decode().startswith("\ufeffOpgjort pr.;Målgruppe")
    assert [(row["action"], row["subject_kind"]) for row in logged] == [
        ("export", "uptake"), ("export", "status_note"), ("export", "status_note"),
    ]  # fmt: skip


@pytest.mark.usefixtures("figures")
def test_status_note_reads_like_the_memo() -> None:
    for role in (Role.TEAM_LEAD, Role.MANAGER, Role.LIST_ADMIN):
        page = text_of(client_with_role(role), "/statusnotat/")
        assert "Ishøj Kommune har pr. 20.04.2021 2.015 borgere, der har fået invitation til vaccinen." in page
        assert "13 borgere (0,6 %) i målgrupper, som opfølgningspligten dækker" in page
        assert "Målgruppe 8" not in page.split("Noter")[0] or "frivillig" in page
        assert "Listen dækker ikke målgruppe 1, 3, 8 og 9" in page


def test_status_note_of_a_day_without_anything_says_what_is_missing() -> None:
    page = text_of(client_with_role(Role.TEAM_LEAD), "/statusnotat/?dato=01.01.2021")
    assert "Notatet er tomt på denne dato" in page
    assert "Der er ingen indlæst liste på denne dato" in page


def test_status_note_takes_a_day_that_is_none_as_today() -> None:
    assert "20.04.2021" in text_of(client_with_role(Role.TEAM_LEAD), "/statusnotat/?dato=i+morgen")


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.REGION_PLANNER, Role.NATIONAL_MONITOR, Role.AUDITOR])
def test_status_note_is_the_municipalitys_own(role: Role) -> None:
    assert client_with_role(role).get("/statusnotat/").status_code == 403


def upload(client: Client, text: str, name: str = "tal.csv") -> tuple[int, str]:
    response = client.post(
        "/tilslutning/indlaes/",
        {"file": SimpleUploadedFile(name, text.encode()), "programme": covid().pk, "as_of": "20.04.2021", "source": ""},
        follow=True,
    )
    return response.status_code, " ".join(response.content.decode().split())


def test_list_administrator_uploads_a_file() -> None:
    client = client_with_role(Role.LIST_ADMIN)
    status, page = upload(client, GROUP_FILE)
    assert status == 200
    assert "7 rækker er gemt." in page
    assert UptakeSnapshot.objects.get().municipality == ishoj()
    assert "Kommunens opgørelse, tal.csv" in text_of(client, "/tilslutning/indlaes/")


def test_unknown_places_are_told() -> None:
    _, page = upload(client_with_role(Role.LIST_ADMIN), MUNICIPALITY + "Atlantis,1,1,1.0,1.0,100\n")
    assert "Steder, vi ikke kender, er ikke gemt: Atlantis." in page


def test_a_file_that_is_no_uptake_file_is_said_at_the_field() -> None:
    status, page = upload(client_with_role(Role.LIST_ADMIN), "Navn;By\nA;B\n")
    assert status == 422
    assert "Filen ligner ikke en tilslutningsfil" in page
    assert "<title>Fejl:" in page
    assert not UptakeSnapshot.objects.exists()


def test_upload_is_for_list_administrators() -> None:
    assert client_with_role(Role.TEAM_LEAD).get("/tilslutning/indlaes/").status_code == 403


@pytest.mark.usefixtures("figures")
def test_overview_by_role() -> None:
    caseworker = text_of(client_with_role(Role.CASEWORKER), "/")
    assert "God formiddag, Mette" in caseworker  # 10 o'clock in Copenhagen
    assert 'data-hotkey="n"' in caseworker
    assert "13 borgere i alt · 1 har sagt nej · 0 er i tvivl" in caseworker
    assert "Kvittering" not in caseworker
    assert "Kvittering" in text_of(client_with_role(Role.TEAM_LEAD), "/")
    assert "13 borgere i alt" in text_of(client_with_role(Role.MANAGER), "/")
    region = text_of(client_with_role(Role.REGION_PLANNER), "/")
    assert "Kommunernes opfølgning" in region
    assert "Ishøj" in region


@pytest.mark.parametrize("role", list(Role))
def test_overview_opens_for_every_role_and_says_something(role: Role) -> None:
    page = text_of(client_with_role(role), "/")
    assert page.count("<h1") == 1
    assert 'class="panel' in page


@pytest.mark.usefixtures("figures")
def test_neighbours_list_is_not_mine() -> None:
    page = text_of(client_with_role(Role.TEAM_LEAD, HOJE_TAASTRUP), "/")
    assert "13 borgere i alt" not in page
    assert "Ingen liste endnu" in page


def test_overview_names_what_waits() -> None:
    with data_context(job()):
        WeeklyList(state="reviewed")
    page = text_of(client_with_role(Role.LIST_ADMIN), "/")
    assert "liste til gennemsyn" in page
    assert "Intet venter på dig" in text_of(client_with_role(Role.CASEWORKER), "/")


@pytest.mark.usefixtures("figures")
def test_queries_do_not_grow_with_the_rows(django_assert_max_num_queries: object, tmp_path: Path) -> None:
    header = PARISH.split("\n")[0]
    from registry.models import Parish

    rows = "".join(
        f"Ishøj;{parish.code};{parish.name};1000;200;20.0;10.0;30.0;40.0\n" for parish in Parish.objects.all()[:300]
    )
    imported(tmp_path, f"{header}\n{rows}", name="mange.csv")
    client = client_with_role(Role.CASEWORKER)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        assert "Opgjort pr." in text_of(client, "/tilslutning/")
