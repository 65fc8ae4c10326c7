"""Phones, flags and words of citizen files, each with its case of the catalogue."""

from pathlib import Path
from typing import Any

import pytest

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.messaging.numbers import is_sendable
from registry.imports.citizens import import_citizens
from registry.models import Citizen, CitizenImport, Municipality
from registry.selectors.citizens import by_phone, sms_phone
from tests.factories.cast import actor_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.registry import FIRST_WEEK, cpr_number, csv_file, moment, xlsx_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def taken_in(admin: Actor, tmp_path: Path, column: str, *cells: Any, kind: str = "csv") -> CitizenImport:
    """A citizen file with one cell of `column` for each person."""
    make = csv_file if kind == "csv" else xlsx_file
    people = [(cpr_number(serial), f"Person {serial}", cell) for serial, cell in enumerate(cells)]
    path = tmp_path / f"borgere.{kind}"
    path.write_bytes(make(people, ("cpr", "navn", column)).getvalue())
    with data_context(admin):
        return import_citizens(
            by=admin,
            municipality=Municipality.objects.get(pk=ISHOEJ),
            path=path,
            display_name=path.name,
            now=moment(FIRST_WEEK),
        )


def errors(receipt: CitizenImport) -> list[tuple[int, str]]:
    return [(each["row"], each["code"]) for each in receipt.errors]


@pytest.mark.case("PH01")
def test_every_way_to_write_a_number_is_one_number(admin: Actor, tmp_path: Path) -> None:
    receipt = taken_in(admin, tmp_path, "mobil", "20 12 34 56", "+45 20123456", "004520123456", "45 20123456")
    assert receipt.errors == []
    with data_context(admin):
        assert len(by_phone(admin, "+4520123456")) == 4


@pytest.mark.case("PH04")
def test_service_numbers_and_short_codes_are_never_sent_to(admin: Actor, tmp_path: Path) -> None:
    receipt = taken_in(admin, tmp_path, "mobil", "+4590123456", "1231", "90 12 34 56")
    with data_context(admin):
        assert [sms_phone(each) for each in Citizen.objects.all()] == [None] * 3
    assert (3, "phone_format") in errors(receipt)
    assert not is_sendable("+4590123456")


@pytest.mark.case("PH05")
def test_landline_gets_no_message(admin: Actor, tmp_path: Path) -> None:
    taken_in(admin, tmp_path, "fastnet", "43 57 75 75")
    with data_context(admin):
        citizen = Citizen.objects.get()
        assert len(by_phone(admin, "43577575")) == 1
        assert sms_phone(citizen) is None


@pytest.mark.case("PH08")
def test_whole_float_is_a_number_and_scientific_text_is_none(admin: Actor, tmp_path: Path) -> None:
    receipt = taken_in(admin, tmp_path, "mobil", "20123456.0", "2.0123456E7")
    assert errors(receipt) == [(3, "phone_format")]
    taken_in(admin, tmp_path, "mobil", 20123456, 20123456.0, kind="xlsx")
    with data_context(admin):
        assert len(by_phone(admin, "+4520123456")) == 2


@pytest.mark.case("PH09")
def test_invisible_marks_go_and_letters_make_a_number_invalid(admin: Actor, tmp_path: Path) -> None:
    receipt = taken_in(admin, tmp_path, "mobil", "\u200e20123456\u200b", "2012345O", "٢٠١٢٣٤٥٦", "20123456 / 20123457")
    assert errors(receipt) == [(3, "phone_format"), (4, "phone_format"), (5, "phone_format")]
    with data_context(admin):
        assert len(by_phone(admin, "+4520123456")) == 1


@pytest.mark.case("IR20")
def test_words_for_yes_and_no_are_a_table(admin: Actor, tmp_path: Path) -> None:
    receipt = taken_in(admin, tmp_path, "tolk", "Ja ", "ja", "", "nej", "YES", "måske")
    assert errors(receipt) == [(6, "yes_no"), (7, "yes_no")]
    with data_context(admin):
        flags = dict(Citizen.objects.values_list("name", "needs_interpreter"))
    assert [flags[f"Person {serial}"] for serial in range(4)] == [True, True, False, False]


@pytest.mark.case("IR20")
def test_unknown_status_is_a_row_error(admin: Actor, tmp_path: Path) -> None:
    receipt = taken_in(admin, tmp_path, "status", "01", "Ukendt", "90")
    assert errors(receipt) == [(3, "status_unknown")]


@pytest.mark.case("IR22")
def test_dead_and_protected_are_kept_as_such(admin: Actor, tmp_path: Path) -> None:
    taken_in(admin, tmp_path, "status", "90")
    taken_in(admin, tmp_path, "adressebeskyttet", "", "ja")
    with data_context(admin):
        found = dict(Citizen.objects.values_list("name", "status"))
        assert found["Person 0"] == "deceased"
        assert Citizen.objects.get(name="Person 1").protected
