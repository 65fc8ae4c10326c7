"""Reference data in pages: own municipality only, files tried before they change anything, every change remembered."""

import io
import re
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.clock.services import set_demo_clock
from outreach.command import parse_moment
from registry.models import DeadlineRule, HousingArea, Institution, InstitutionKind, Programme, ReferenceChange
from registry.resources import files
from registry.services.reference_data import save_reference_row
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.world import job

pytestmark = pytest.mark.django_db
NOW = parse_moment("2021-04-20T09:20")
INSTITUTIONS = "/stamdata/institutioner/"


@pytest.fixture
def list_admin() -> Client:
    set_demo_clock(NOW)
    return client_with_role(Role.LIST_ADMIN)


@pytest.fixture
def school() -> Institution:
    return make("101001", "Prøveskolen")


@pytest.fixture
def foreign() -> Institution:
    return make("201001", "Taastrupskolen", HOEJE_TAASTRUP)


def make(number: str, name: str, code: int = ISHOEJ) -> Institution:
    return Institution.objects.create(number=number, name=name, kind=InstitutionKind.SCHOOL, municipality_id=code)


def hand_in(client: Client, lines: list[str], address: str = INSTITUTIONS, name: str = "skoler.csv") -> HttpResponse:
    file = SimpleUploadedFile(name, ("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
    return client.post(f"{address}indlaes/", {"file": file})  # type: ignore[return-value]


def ticket(page: HttpResponse) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def confirm(client: Client, page: HttpResponse, address: str = INSTITUTIONS) -> str:
    answer = client.post(f"{address}indlaes/bekraeft/", {"ticket": ticket(page)}, follow=True)
    return answer.content.decode()


HEADER = "Institutionsnummer;Navn;Type;Adresse;Breddegrad;Længdegrad"


def test_a_list_admin_sees_own_rows_only(list_admin: Client, school: Institution, foreign: Institution) -> None:
    page = list_admin.get(INSTITUTIONS).content.decode()
    assert school.name in page
    assert foreign.name not in page
    assert list_admin.get(f"{INSTITUTIONS}{foreign.pk}/").status_code == 404


def test_search_finds_by_name_and_number(list_admin: Client, school: Institution) -> None:
    make("101002", "Fjordskolen")
    for text, found, hidden in (("fjord", "Fjordskolen", "Prøveskolen"), ("101001", "Prøveskolen", "Fjordskolen")):
        page = list_admin.get(INSTITUTIONS, {"q": text}).content.decode()
        assert found in page
        assert hidden not in page
    assert "Ingen rækker passer" in list_admin.get(INSTITUTIONS, {"q": "Findes ikke"}).content.decode()


def test_rows_stand_in_danish_order(list_admin: Client) -> None:
    for number, name in (("1", "Åskolen"), ("2", "Aaskolen"), ("3", "Øskolen"), ("4", "Ærøskolen"), ("5", "Zskolen")):
        make(f"10100{number}", name)
    page = list_admin.get(INSTITUTIONS).content.decode()
    found = re.findall(r">(\w+skolen)</a>", page)
    assert found[:3] == ["Zskolen", "Ærøskolen", "Øskolen"]
    assert set(found[3:]) == {"Aaskolen", "Åskolen"}  # "aa" counts as å


def test_a_change_on_the_page_is_saved_logged_and_shown(list_admin: Client, school: Institution) -> None:
    values = {"name": "Fjordskolen", "kind": "school", "address": "", "latitude": "55,6151", "longitude": "12,3402"}
    answer = list_admin.post(f"{INSTITUTIONS}{school.pk}/", values, follow=True)
    assert "»Fjordskolen« er gemt." in answer.content.decode()
    school.refresh_from_db()
    assert (school.name, school.number, school.latitude) == ("Fjordskolen", "101001", 55.6151)
    page = list_admin.get(f"{INSTITUTIONS}{school.pk}/").content.decode()
    assert "Navn: Prøveskolen → Fjordskolen" in page
    assert "Mette Holm · Rettet på siden" in page
    assert "20.04.2021 kl. 9.20" in re.sub(r"(?s).*Hvem har ændret hvad", "", page)
    with data_context(job(ISHOEJ)):
        event = AccessEvent.objects.get(subject_kind="institution", subject_id=str(school.pk))
    assert (event.action, event.detail) == ("change", {"fields": ["latitude", "longitude", "name"]})


def test_saving_without_a_change_writes_nothing(list_admin: Client, school: Institution) -> None:
    values = {"name": school.name, "kind": "school"}
    assert (
        "Der var intet at gemme" in list_admin.post(f"{INSTITUTIONS}{school.pk}/", values, follow=True).content.decode()
    )
    assert not ReferenceChange.objects.exists()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [(("55,6", ""), "Skriv både breddegrad og længdegrad"), (("12,3", "55,6"), "Koordinaterne ligger ikke i Danmark")],
)
def test_a_place_outside_denmark_is_refused(list_admin: Client, place: tuple[str, str], sentence: str) -> None:
    values = {"number": "101009", "name": "Ny", "kind": "school", "latitude": place[0], "longitude": place[1]}
    answer = list_admin.post(f"{INSTITUTIONS}opret/", values)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Institution.objects.exists()


def test_a_new_row_belongs_to_the_own_municipality(list_admin: Client) -> None:
    list_admin.post("/stamdata/boligomraader/opret/", {"name": "Vejleåparken"})
    assert HousingArea.objects.get().municipality_id == ISHOEJ
    again = list_admin.post("/stamdata/boligomraader/opret/", {"name": "Vejleåparken"})
    assert again.status_code == 422


def test_a_number_of_another_municipality_cannot_be_taken(list_admin: Client, foreign: Institution) -> None:
    answer = list_admin.post(f"{INSTITUTIONS}opret/", {"number": foreign.number, "name": "Min", "kind": "school"})
    assert answer.status_code == 422
    foreign.refresh_from_db()
    assert foreign.name == "Taastrupskolen"


def test_a_file_is_shown_row_by_row_and_changes_nothing(list_admin: Client, school: Institution) -> None:
    make("101002", "Fjordskolen")
    lines = [HEADER, "101001;Prøveskolen Nord;Skole;;;", "101002;Fjordskolen;Skole;;;", "101003;Nyskolen;SOSU-skole;;;"]
    page = hand_in(list_admin, lines).content.decode()
    for words in ("Navn: Prøveskolen → Prøveskolen Nord", "Uændret", "Nyskolen", "Indlæs filen"):
        assert words in page
    school.refresh_from_db()
    assert school.name == "Prøveskolen"
    assert Institution.objects.count() == 2
    assert not ReferenceChange.objects.exists()
    with data_context(job(ISHOEJ)):
        assert not AccessEvent.objects.filter(subject_kind="institution").exists()


def test_a_confirmed_file_is_taken_in_whole_and_removed(list_admin: Client, school: Institution) -> None:
    lines = [HEADER, "101001;Prøveskolen Nord;Skole;;;", "101003;Nyskolen;SOSU-skole;;55,6151;12,3402"]
    page = confirm(list_admin, hand_in(list_admin, lines))
    assert "Filen er indlæst: 1 nye og 1 ændrede rækker." in page
    new = Institution.objects.get(number="101003")
    assert (new.kind, new.municipality_id, new.longitude) == ("sosu", ISHOEJ, 12.3402)
    assert {change.origin for change in ReferenceChange.objects.all()} == {"skoler.csv"}
    assert list((Path(settings.UPLOAD_ROOT) / files.FOLDER).iterdir()) == []


def test_one_wrong_row_holds_the_whole_file_back(list_admin: Client, foreign: Institution) -> None:
    lines = [
        HEADER + ";Kommunekode",
        "101003;Nyskolen;Skole;;;;0183",
        "101004;Rumskolen;Rumskib;;;;",
        "101003;Igen;Skole;;;;",
        "201001;Overtaget;Skole;;;;",
        "101005;Nabo;Skole;;;;0169",
        ";Uden nummer;Skole;;;;",
        "101006;Halv;Skole;;55,6;;",
    ]
    answer = hand_in(list_admin, lines)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in (
        "Type: »Rumskib« kendes ikke.",
        "Rækken står også tidligere i filen.",
        "Institutionen hører til en anden kommune.",
        "Rækken hører til en anden kommune (0169).",
        "Rækken mangler Institutionsnummer.",
        "Skriv både breddegrad og længdegrad",
        "Intet er ændret.",
    ):
        assert words in page, words
    assert 'name="ticket"' not in page
    assert list(Institution.objects.values_list("name", flat=True)) == ["Taastrupskolen"]


def test_a_row_that_became_wrong_meanwhile_stops_the_confirmation(list_admin: Client) -> None:
    page = hand_in(list_admin, [HEADER, "101003;Nyskolen;Skole;;;", "101004;Anden;Skole;;;"])
    make("101004", "Naboen", HOEJE_TAASTRUP)
    assert "Institutionen hører til en anden kommune." in confirm(list_admin, page)
    assert not Institution.objects.filter(number="101003").exists()


def test_a_ticket_holds_for_its_holder_and_for_a_while(list_admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = hand_in(list_admin, [HEADER, "101003;Nyskolen;Skole;;;"])
    neighbour = client_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP)
    assert "Filen venter ikke længere." in confirm(neighbour, page)
    other_table = "/stamdata/boligomraader/"
    assert "Filen venter ikke længere." in confirm(list_admin, page, other_table)
    monkeypatch.setattr("registry.views.reference_data_files.WAITS_SECONDS", timedelta(seconds=-1).total_seconds())
    assert "Filen venter ikke længere." in confirm(list_admin, page)
    assert not Institution.objects.exists()


def test_an_export_carries_no_formula_and_can_be_read_back(list_admin: Client) -> None:
    make("001001", '=HYPERLINK("http://example.org")')
    make("101002", "-Minus")
    content = list_admin.get(f"{INSTITUTIONS}hent/", {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(content.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("Institutionsnummer", "Navn", "Type")
    assert {row[1] for row in rows[1:]} == {'\'=HYPERLINK("http://example.org")', "'-Minus"}
    assert {row[0] for row in rows[1:]} == {"001001", "101002"}
    file = SimpleUploadedFile("tilbage.xlsx", content.content)
    page = list_admin.post(f"{INSTITUTIONS}indlaes/", {"file": file}).content.decode()
    assert "Filen ændrer ikke noget" in page
    text = list_admin.get(f"{INSTITUTIONS}hent/", {"format": "csv"}).content.decode()
    assert text.startswith("\ufeffInstitutionsnummer;Navn;Type")
    assert ";'-Minus;Skole;" in text
    with data_context(job(ISHOEJ)):
        assert AccessEvent.objects.filter(subject_kind="institution", action="export").count() == 2


def test_an_export_holds_own_rows_only(list_admin: Client, school: Institution, foreign: Institution) -> None:
    text = list_admin.get(f"{INSTITUTIONS}hent/", {"format": "csv"}).content.decode()
    assert school.name in text
    assert foreign.name not in text
    assert list_admin.get(f"{INSTITUTIONS}hent/", {"format": "exe"}).status_code == 404


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["Navn;Type", "Skolen;Skole"], "Filen mangler kolonnen »Institutionsnummer«."),
        (["Frugt;Farve", "Æble;Rød"], "Filen mangler kolonnen »Institutionsnummer«."),
        (["101001;12345", "101002;12346"], "Filen mangler kolonnen »Institutionsnummer«."),
        ([HEADER], "Filen har ingen rækker under overskriften."),
    ],
)
def test_a_file_of_no_use_is_told_so(list_admin: Client, lines: list[str], sentence: str) -> None:
    answer = hand_in(list_admin, lines)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_too_many_rows_are_refused(list_admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 2)
    lines = [HEADER, *(f"10100{n};Skole {n};Skole;;;" for n in range(3))]
    assert "Filen har over 2 rækker." in hand_in(list_admin, lines).content.decode()


def test_columns_a_file_has_not_are_left_alone(list_admin: Client, school: Institution) -> None:
    Institution.objects.update(address="Skolevej 1")
    page = hand_in(list_admin, ["Institutionsnummer;Navn;Elever", "101001;Nyt navn;300"])
    assert "Disse kolonner bruges ikke: Elever" in page.content.decode()
    confirm(list_admin, page)
    school.refresh_from_db()
    assert (school.name, school.address, school.kind) == ("Nyt navn", "Skolevej 1", "school")


def test_common_deadlines_are_shown_and_own_ones_set(list_admin: Client) -> None:
    address = "/stamdata/frister/"
    programme = Programme.objects.get(code="covid-19")
    common = DeadlineRule.objects.get(programme=programme, municipality=None)
    assert "kan kun ses her" in list_admin.get(f"{address}{common.pk}/").content.decode()
    assert list_admin.post(f"{address}{common.pk}/", {"answer_days": "99"}).status_code == 403
    wrong = {"programme": programme.pk, "first_contact_days": "10", "answer_days": "5"}
    assert "kan ikke ligge før" in list_admin.post(f"{address}opret/", wrong).content.decode()
    list_admin.post(f"{address}opret/", {"programme": programme.pk, "first_contact_days": "3", "answer_days": "12"})
    own = DeadlineRule.objects.get(municipality=ISHOEJ)
    assert (own.first_contact_days, own.answer_days) == (3, 12)
    assert "I har allerede egne frister" in list_admin.post(
        f"{address}opret/", {"programme": programme.pk, "first_contact_days": "4", "answer_days": "12"}
    ).content.decode()  # fmt: skip
    lines = ["Program;Arbejdsdage til første kontakt;Arbejdsdage til svar", "covid-19;4;14", "influenza;2;9"]
    confirm(list_admin, hand_in(list_admin, lines, address, "frister.csv"), address)
    days = dict(DeadlineRule.objects.filter(municipality=ISHOEJ).values_list("programme__code", "answer_days"))
    assert days == {"covid-19": 14, "influenza": 9}
    common.refresh_from_db()
    assert common.answer_days == 15


def test_the_service_refuses_rows_of_others_also_when_they_would_move(foreign: Institution) -> None:
    by = actor_with_role(Role.LIST_ADMIN)
    foreign.municipality_id = ISHOEJ
    with pytest.raises(PermissionDenied):
        save_reference_row(by=by, table="institutions", row=foreign, origin="prøve", now=NOW, purpose="prøve")
    foreign.refresh_from_db()
    assert foreign.municipality_id == HOEJE_TAASTRUP


def test_the_index_counts_what_one_sees(list_admin: Client, school: Institution, foreign: Institution) -> None:
    page = " ".join(list_admin.get("/stamdata/").content.decode().split())
    assert re.search(r'href="/stamdata/institutioner/".{0,400}figures">1</td>', page)
