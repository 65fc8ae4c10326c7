"""Citizen files: added, changed, left alone, left out; phones, relatives, changed numbers, death."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.danish_order import sort_key
from registry.imports.citizens import import_citizens
from registry.models import (
    Citizen,
    CitizenImport,
    FollowUp,
    Municipality,
    Phone,
    PreviousNumber,
    Relative,
)
from registry.selectors.citizens import best_phone, by_cpr, by_name, by_phone, household_of, sms_phone
from tests.factories.cast import actor_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.registry import FIRST_WEEK, committed_list, cpr_number, csv_file, moment, row, xlsx_file

pytestmark = pytest.mark.django_db
TODAY = date(2021, 3, 29)
FULL = (
    "cpr", "navn", "adresse", "postnr", "by", "sognekode", "telefon", "mobil", "email", "sprog", "tolk", "plejehjem",
    "personlig_pleje", "praktisk_hjaelp", "hjemmesygepleje", "vaerge_navn", "vaerge_telefon", "paaroerende_navn",
    "paaroerende_telefon", "digital_post_fritaget", "adressebeskyttet_til", "cpr_status",
)  # fmt: skip
FIRST = {
    "cpr": cpr_number(1), "navn": "Aase Prøve", "adresse": "Prøvevej 1, 2. tv", "postnr": "2635", "by": "Ishøj",
    "sognekode": "7167", "telefon": "43 11 11 11", "mobil": "+45 20 11 11 11", "email": "aase@example.dk",
    "sprog": "tr", "tolk": "ja", "plejehjem": "nej", "personlig_pleje": "ja", "praktisk_hjaelp": "ja",
    "vaerge_navn": "Vera Værge", "vaerge_telefon": "20222222", "paaroerende_navn": "Poul Pårørende",
    "paaroerende_telefon": "20333333", "digital_post_fritaget": "ja", "adressebeskyttet_til": "01-06-2021",
    "cpr_status": "01",
}  # fmt: skip


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def lines(*people: dict[str, str], header: tuple[str, ...] = FULL) -> list[list[str]]:
    return [[person.get(name, "") for name in header] for person in people]


def taken_in(admin: Actor, file: BytesIO, tmp_path: Path, name: str = "borgere.csv", **options: Any) -> CitizenImport:
    path = tmp_path / name
    path.write_bytes(file.getvalue())
    with data_context(admin):
        return import_citizens(
            by=admin,
            municipality=Municipality.objects.get(pk=ISHOEJ),
            path=path,
            display_name=name,
            now=moment(TODAY),
            **options,
        )


def test_every_column_of_the_contract_is_stored(admin: Actor, tmp_path: Path) -> None:
    receipt = taken_in(admin, csv_file(lines(FIRST), FULL), tmp_path)
    assert receipt.counts == {
        "added": 1, "changed": 0, "unchanged": 0, "unreadable": 0, "duplicate": 0, "phones": 2
    }  # fmt: skip
    assert receipt.errors == []
    with data_context(admin):
        citizen = by_cpr(admin, cpr_number(1), today=TODAY)
        assert citizen is not None
        assert (citizen.name, citizen.sort_name, citizen.search_name) == (
            "Aase Prøve",
            sort_key("Aase Prøve"),
            "aase prøve",
        )
        assert (citizen.postal_code, citizen.city, citizen.parish_id) == ("2635", "Ishøj", 7167)
        assert (citizen.language, citizen.needs_interpreter, citizen.care_home) == ("tr", True, False)
        assert (citizen.personal_care, citizen.practical_help, citizen.home_nursing) == (True, True, False)
        assert (citizen.protected, citizen.protected_until) == (True, date(2021, 6, 1))
        assert (citizen.digital_post_exempt, citizen.email, citizen.status) == (True, "aase@example.dk", "active")
        best, sms = best_phone(citizen), sms_phone(citizen)
        assert best is not None
        assert sms is not None
        assert best.number == sms.number == "+4520111111"
        assert {(each.kind, each.name, each.phone) for each in citizen.relatives.all()} == {
            ("guardian", "Vera Værge", "+4520222222"),
            ("relative", "Poul Pårørende", "+4520333333"),
        }
        assert by_phone(admin, "20 33 33 33") == [citizen]
        assert by_phone(admin, "43111111") == [citizen]
        assert by_name(admin, "aase") == [citizen]


def test_same_file_again_changes_nothing(admin: Actor, tmp_path: Path) -> None:
    taken_in(admin, csv_file(lines(FIRST), FULL), tmp_path)
    again = taken_in(admin, xlsx_file(lines(FIRST), FULL), tmp_path, "borgere.xlsx")
    assert again.counts == {
        "added": 0, "changed": 0, "unchanged": 1, "unreadable": 0, "duplicate": 0, "phones": 0
    }  # fmt: skip
    with data_context(admin):
        assert Phone.objects.count() == 2
        assert Relative.objects.count() == 2


def test_absent_columns_are_left_alone_and_blank_cells_clear(admin: Actor, tmp_path: Path) -> None:
    taken_in(admin, csv_file(lines(FIRST), FULL), tmp_path)
    taken_in(admin, csv_file([[cpr_number(1), "Aase Prøve", ""]], ("cpr", "navn", "email")), tmp_path)
    with data_context(admin):
        citizen = Citizen.objects.get()
        assert (citizen.email, citizen.language, citizen.protected) == ("", "tr", True)


def test_what_cannot_be_read_is_listed_and_the_rest_imported(admin: Actor, tmp_path: Path) -> None:
    people = [
        {"cpr": cpr_number(1), "navn": "God Prøve"},
        {"cpr": "9913390001", "navn": "Umulig Dato"},
        {"cpr": cpr_number(2), "navn": ""},
        {"cpr": cpr_number(1), "navn": "Igen Prøve"},
        {
            "cpr": cpr_number(3), "navn": "Fejl Prøve", "mobil": "12", "email": "ingen", "sognekode": "1",
            "tolk": "måske", "sprog": "dansk", "cpr_status": "99", "postnr": "26355", "adressebeskyttet_til": "snart",
        },
    ]  # fmt: skip
    receipt = taken_in(admin, csv_file(lines(*people), FULL), tmp_path)
    assert (receipt.rows, receipt.counts["added"], receipt.counts["unreadable"]) == (5, 2, 2)
    found = {(each["row"], each["column"], each["code"]) for each in receipt.errors}
    assert found == {
        (3, "cpr", "cpr_date"),
        (4, "navn", "citizen_name_missing"),
        (5, "cpr", "duplicate"),
        (6, "mobil", "phone_format"),
        (6, "email", "email_format"),
        (6, "sognekode", "parish_unknown"),
        (6, "tolk", "yes_no"),
        (6, "sprog", "language_unknown"),
        (6, "cpr_status", "status_unknown"),
        (6, "postnr", "postal_code"),
        (6, "adressebeskyttet_til", "date_format"),
    }
    with data_context(admin):
        assert Citizen.objects.get(name="Fejl Prøve").protected, "an unreadable date must not uncover an address"
        assert Citizen.objects.filter(name="God Prøve").count() == 1


def test_death_closes_all_work(admin: Actor, tmp_path: Path) -> None:
    taken_in(admin, csv_file(lines(FIRST), FULL), tmp_path)
    committed_list(admin, csv_file([row(1)]), as_of=FIRST_WEEK)
    taken_in(admin, csv_file(lines({**FIRST, "cpr_status": "90"}), FULL), tmp_path)
    with data_context(admin):
        follow_up = FollowUp.objects.get()
        assert (follow_up.status, follow_up.closed_reason, follow_up.next_step_kind) == ("closed", "status", "")


def test_number_in_a_new_file_ends_the_look_up(admin: Actor, tmp_path: Path) -> None:
    committed_list(admin, csv_file([row(1)]), as_of=FIRST_WEEK)
    with data_context(admin):
        assert FollowUp.objects.get().next_step_kind == "lookup"
    taken_in(admin, csv_file([[cpr_number(1), "Aase", "20111111"]], ("cpr", "navn", "mobil")), tmp_path)
    with data_context(admin):
        assert FollowUp.objects.get().next_step_kind != "lookup"


def test_changed_number_follows_to_the_valid_one(admin: Actor, tmp_path: Path) -> None:
    taken_in(admin, csv_file(lines(FIRST), FULL), tmp_path)
    header = ("cpr", "navn", "tidligere_cpr")
    taken_in(admin, csv_file([[cpr_number(9), "Aase Prøve", cpr_number(1)]], header), tmp_path)
    with data_context(admin):
        citizen = Citizen.objects.get()
        assert citizen.cpr == cpr_number(9)
        assert PreviousNumber.objects.get().citizen == citizen
    listed = committed_list(admin, csv_file([row(1)]), as_of=FIRST_WEEK)
    assert listed.counts == {"other_number": 1}


def test_landline_never_replaces_a_mobile(admin: Actor, tmp_path: Path) -> None:
    taken_in(admin, csv_file([[cpr_number(1), "A", "20111111"]], ("cpr", "navn", "mobil")), tmp_path)
    taken_in(admin, csv_file([[cpr_number(1), "A", "20111111"]], ("cpr", "navn", "fastnet")), tmp_path)
    with data_context(admin):
        assert [phone.kind for phone in Phone.objects.all()] == ["mobile"]


def test_one_address_is_one_household_but_a_care_home_is_not(admin: Actor, tmp_path: Path) -> None:
    header = ("cpr", "navn", "adresse", "postnr", "plejehjem")
    people = [
        [cpr_number(1), "Aage", "Prøvevej 1, 2. tv", "2635", "nej"],
        [cpr_number(2), "Bodil", "prøvevej 1 2 tv.", "2635", "nej"],
        [cpr_number(3), "Carl", "Hjemmet 3", "2635", "ja"],
        [cpr_number(4), "Dora", "Hjemmet 3", "2635", "ja"],
    ]
    taken_in(admin, csv_file(people, header), tmp_path)
    with data_context(admin):
        named = {citizen.name: citizen for citizen in Citizen.objects.all()}
        assert household_of(named["Aage"]) == [named["Bodil"]]
        assert household_of(named["Carl"]) == []


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"PK\x03\x04 not a workbook", "borgere.xlsx", "file_truncated"),
        (b"navn;adresse\r\nA;B\r\n", "borgere.csv", "no_header"),
        (b"", "borgere.csv", "file_empty"),
        (b"cpr;navn\r\n", "borgere.csv", "no_rows"),
        (b"\x7fELF\x00\x00", "borgere.csv", "file_type"),
    ],
)
def test_file_that_is_no_citizen_list_writes_nothing(
    admin: Actor, tmp_path: Path, content: bytes, name: str, code: str
) -> None:
    with pytest.raises(UserError) as refusal:
        taken_in(admin, BytesIO(content), tmp_path, name)
    assert refusal.value.code == code
    assert not CitizenImport.objects.exists()
