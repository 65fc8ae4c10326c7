"""K12: the page of sums, the grant, and the file (D8). No citizens, no names."""

import csv
import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from campaigns.models import WorkBudget, WorkloadCount, WorkloadDay, WorkloadWaiting
from outreach.access.roles import Role
from outreach.audit.models import Action
from registry.models import Programme
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import NOW, clock_at, logged, queries_of
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ

pytestmark = pytest.mark.django_db
URL = "/arbejdsmaengde/"
TODAY = date(2021, 4, 20)
GRANT = {
    "name": "Opsøgende indsats", "reference": "=1+1", "amount": "400.000", "starts_on": "01.04.2021",
    "ends_on": "31.08.2021", "hourly_rate": "300", "segment_price": "0,40", "letter_price": "9", "ride_price": "250",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock() -> None:
    clock_at()


def _day(day: date, code: int = ISHOEJ, group: str = "7", **figures: int) -> None:
    programme = Programme.objects.get_or_create(code="covid-19", defaults={"name": "covid-19"})[0]
    WorkloadDay.objects.create(municipality_id=code, day=day, programme=programme, target_group=group, **figures)


def _grant() -> None:
    client_with_role(Role.TEAM_LEAD, username="bevilger").post(f"{URL}bevilling/", GRANT)


def test_the_figures_and_the_grant_counted_by_hand() -> None:
    # Two hours on Monday: 600 kr. 100 parts: 40 kr. 10 letters: 90 kr. One ride: 250 kr. Together 980 kr.
    _day(TODAY - timedelta(days=1), calls=30, reached=12, seconds=7200, messages=80, segments=100, letters=10, rides=1)
    _grant()
    grant = WorkBudget.objects.get()
    assert (grant.amount, grant.hourly_rate, grant.segment_price) == (40_000_000, 30_000, 40)
    page = client_with_role(Role.MANAGER).get(URL).content.decode()
    for words in (
        "400.000 kr.",
        "980 kr.",
        "399.020 kr.",
        "600 kr.",
        "40 kr.",
        "90 kr.",
        "250 kr.",
        "40\u00a0%",
        "120",
    ):
        assert words in page, words
    assert "Ret bevillingen" not in page


def test_the_pace_says_how_long_the_grant_lasts() -> None:
    # 100 hours a day cost 30.000 kr.; the ten working days before today are 6 to 9, 12 to 16 and 19 April.
    for day in (6, 7, 8, 9, 12, 13, 14, 15, 16, 19):
        _day(date(2021, 4, day), calls=100, reached=50, seconds=360_000)
    _grant()
    page = client_with_role(Role.TEAM_LEAD).get(URL).content.decode()
    # 100.000 kr. are left: 20, 21 and 22 April, and a little of the 23rd.
    assert "30.000 kr. om dagen er bevillingen brugt 23.04.2021" in page


def test_what_waits_is_said_with_what_it_rests_on() -> None:
    _day(TODAY, calls=20, reached=10, seconds=20 * 240)
    WorkloadWaiting.objects.create(municipality_id=ISHOEJ, deadline=TODAY, calls=120)
    page = client_with_role(Role.MANAGER).get(URL).content.decode()
    # Half is reached, three calls at most: 1.75 calls of 4 minutes each for 120 citizens are 14 hours, 3 people of 6.
    assert "120 borgere venter. Det svarer til 14 timers opringning." in page
    assert "skal 3 ringe hver dag" in page
    assert "1,8 opkald pr. borger, 4,0 minutter pr. opkald og 6 timer om dagen" in page


def test_nothing_known_is_said_and_not_invented() -> None:
    WorkloadWaiting.objects.create(municipality_id=ISHOEJ, deadline=None, calls=5)
    page = client_with_role(Role.MANAGER).get(URL).content.decode()
    assert "5 borgere venter. Vi kan regne tiden ud" in page
    assert "Ingen bevilling endnu" in page
    assert "Ingen kontakter i de dage" in page


def test_by_list_and_by_group_and_in_a_constant_number_of_queries() -> None:
    client = client_with_role(Role.MANAGER)
    _day(TODAY, group="7", calls=3)
    few = queries_of(lambda: client.get(f"{URL}?by=group"))
    for number in range(20):
        _day(TODAY - timedelta(days=number), group="2", calls=1)
    assert queries_of(lambda: client.get(f"{URL}?by=group")) == few
    assert "Covid-19, målgruppe 2" in client.get(f"{URL}?by=group").content.decode()
    assert "Uden liste" in client.get(f"{URL}?by=list").content.decode()
    assert "Uge 16" in client.get(f"{URL}?by=nonsense&first=x").content.decode()


def test_the_file_holds_no_formula_and_is_logged() -> None:
    _day(TODAY, group="=2+5", calls=3, seconds=90)
    client = client_with_role(Role.MANAGER)
    rows = list(csv.reader(io.StringIO(client.get(f"{URL}udtraek.csv").content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:5] == ["19.04.2021", "", "Covid-19", "'=2+5", "3"]
    assert rows[1][7] == "1,5"
    sheet = load_workbook(io.BytesIO(client.get(f"{URL}udtraek.xlsx").content)).active
    assert [cell.data_type for cell in sheet[2] if cell.value == "'=2+5"] == ["s"]
    assert [event.detail["format"] for event in logged(Action.EXPORT, subject_kind="workload")] == ["csv", "xlsx"]


def test_another_municipalitys_sums_are_not_shown() -> None:
    _day(TODAY, code=HOEJE_TAASTRUP, calls=777)
    WorkloadCount.objects.create(municipality_id=HOEJE_TAASTRUP, counted_at=NOW)
    page = client_with_role(Role.MANAGER).get(URL).content.decode()
    assert "777" not in page
    assert "Opgjort pr." not in page.split("<h1")[1].split("</p>")[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ends_on": "01.01.2021"}, "slutter, før den begynder"),
        ({"amount": "0"}, "hvor stort et beløb"),
        ({"amount": "mange"}, "Indtast et tal"),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused(change: dict[str, str], said: str) -> None:
    answer = client_with_role(Role.TEAM_LEAD).post(f"{URL}bevilling/", GRANT | change)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_grant_is_changed_and_a_manager_may_not() -> None:
    _grant()
    grant = WorkBudget.objects.get()
    lead = client_with_role(Role.TEAM_LEAD)
    assert 'value="400000"' in lead.get(f"{URL}bevilling/{grant.pk}/").content.decode().replace(".", "")
    lead.post(f"{URL}bevilling/{grant.pk}/", GRANT | {"amount": "500000"})
    grant.refresh_from_db()
    assert grant.amount == 50_000_000
    assert client_with_role(Role.MANAGER).get(f"{URL}bevilling/{grant.pk}/").status_code == 403
