"""CPR extracts: every field from its place, every status code, files that are cut or out of order refused."""

import csv
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.imports.citizen_cells import STATUSES
from registry.imports.citizens import import_citizens
from registry.models import Citizen, CitizenImport, FollowUp, Municipality
from registry.selectors.citizens import by_cpr, household_of
from tests.factories.cast import actor_with_role
from tests.factories.cpr_extract import START, as_file, extract, person, record
from tests.factories.geography import ISHOEJ
from tests.factories.registry import committed_list, cpr_number, csv_file, moment, row

pytestmark = pytest.mark.django_db
TODAY = date(2021, 3, 29)
A, B = cpr_number(1), cpr_number(2)
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "cpr"


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


@pytest.fixture
def taken_in(admin: Actor, tmp_path: Path) -> Callable[..., CitizenImport]:
    def take(file: BytesIO, name: str = "d210329.l534902", day: date = TODAY) -> CitizenImport:
        path = tmp_path / "delivered"
        path.write_bytes(file.getvalue())
        with data_context(admin):
            return import_citizens(
                by=admin,
                municipality=Municipality.objects.get(pk=ISHOEJ),
                path=path,
                display_name=name,
                now=moment(day),
            )

    return take


def found(admin: Actor, number: str = A) -> Citizen:
    citizen = by_cpr(admin, number, today=TODAY)
    assert citizen is not None
    return citizen


def test_each_field_comes_from_its_place(admin: Actor, taken_in: Callable[..., CitizenImport]) -> None:
    receipt = taken_in(
        extract(
            person(A, CONVN="Hansen", BYNVN="Torslunde", protection=("0001", "2021-06-01")),
            [*person(B, name="Åse Øst"), record("012", PNR=B, CIVST="U")],
        )
    )
    assert (receipt.rows, receipt.counts["added"], receipt.errors, receipt.warnings) == (2, 2, [], [])
    with data_context(admin):
        first, second = found(admin), found(admin, B)
        assert first.name == "Aase Birthe Prøve"
        assert first.address == "c/o Hansen, Prøvevej 1, 2. tv, Torslunde"
        assert (first.postal_code, first.city, first.status) == ("2635", "Ishøj", "active")
        assert (first.protected, first.protected_until) == (True, date(2021, 6, 1))
        assert (second.name, second.protected) == ("Åse Øst", False)


def test_protection_ends_after_its_last_day(admin: Actor, taken_in: Callable[..., CitizenImport]) -> None:
    taken_in(extract(person(A, protection=("0001", "2021-06-01")), person(B, protection=("0003", ""))))
    with data_context(admin):
        citizen = found(admin)
        assert citizen.is_protected(date(2021, 6, 1))
        assert not citizen.is_protected(date(2021, 6, 2))
        assert not found(admin, B).protected, "0003 is protection against marketing only"
    taken_in(extract(person(A), person(B)))
    with data_context(admin):
        assert found(admin).protected, "a file without any protection record says nothing of protection"
    taken_in(extract(person(A), person(B, protection=("0001", ""))))
    with data_context(admin):
        assert not found(admin).protected
        assert found(admin, B).is_protected(date(2031, 1, 1)), "without an end date it does not lapse"


def test_what_a_person_has_no_record_of_is_kept(admin: Actor, taken_in: Callable[..., CitizenImport]) -> None:
    taken_in(extract(person(A)))
    with data_context(admin):
        Citizen.objects.update(parish_id=7167)
    taken_in(extract(person(A, name="", address=False, status="80")))
    with data_context(admin):
        citizen = found(admin)
        assert (citizen.name, citizen.address) == ("Aase Birthe Prøve", "Prøvevej 1, 2. tv")
        assert (citizen.parish_id, citizen.status) == (7167, "emigrated")
    taken_in(extract(person(A, status="03", STANDARDADR="")))
    with data_context(admin):
        citizen = found(admin)
        assert (citizen.status, citizen.address, citizen.parish_id) == ("active", "", None)
    nameless = taken_in(extract(person(B, name="")))
    assert [(each["row"], each["code"]) for each in nameless.errors] == [(2, "citizen_name_missing")]


def test_resident_of_another_municipality_is_outside(admin: Actor, taken_in: Callable[..., CitizenImport]) -> None:
    taken_in(extract(person(A, KOMKOD="0169"), person(B)))
    with data_context(admin):
        assert (found(admin).status, found(admin, B).status) == ("outside", "active")


def test_record_types_that_are_not_read_are_counted(taken_in: Callable[..., CitizenImport]) -> None:
    receipt = taken_in(extract([*person(A), f"011{A}NN", f"099{A}2021"], [*person(B), f"099{B}2021"]))
    assert receipt.counts["added"] == 2
    assert [(each["code"], each["count"]) for each in receipt.warnings] == [
        ("record_unknown", 1),
        ("record_unknown", 2),
    ]
    assert "011" in receipt.warnings[0]["message"]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (extract(person(A), counted=99), "cpr_count"),
        (extract(person(A), counted=4 - 2), "cpr_count"),
        (as_file([START, *person(A)]), "cpr_no_end"),
        (as_file([*person(A), "9999999999999" + "00000003"]), "cpr_no_start"),
        (extract(person(A)[1:] + person(A)[:1]), "cpr_order"),
        (extract(person(A), person(B)[1:]), "cpr_order"),
        (as_file([START, *person(A), START]), "cpr_order"),
        (extract([person(A)[0][:24], *person(A)[1:]]), "cpr_short"),
        (extract([person(A)[0], person(A)[1][:185], person(A)[2]]), "cpr_short"),
        (extract([person(A)[0], "00"]), "cpr_short"),
    ],
)
def test_broken_file_is_refused_whole(
    admin: Actor, taken_in: Callable[..., CitizenImport], file: BytesIO, code: str
) -> None:
    with pytest.raises(UserError) as refusal:
        taken_in(file)
    assert refusal.value.code == code
    assert A not in refusal.value.message
    with data_context(admin):
        assert not Citizen.objects.exists()


def test_trailing_blanks_may_be_cut_and_a_part_of_a_delivery_is_told(
    admin: Actor, taken_in: Callable[..., CitizenImport]
) -> None:
    receipt = taken_in(as_file([line.rstrip() for line in person(A)]))
    assert [each["code"] for each in receipt.warnings] == ["extract_unchecked"]
    with data_context(admin):
        assert found(admin).city == "Ishøj"


def test_c_o_lives_in_the_same_household(admin: Actor, taken_in: Callable[..., CitizenImport]) -> None:
    taken_in(extract(person(A, CONVN="C/O Hansen"), person(B, name="Bo Prøve")))
    with data_context(admin):
        assert household_of(found(admin)) == [found(admin, B)]
        Citizen.objects.filter(pk=found(admin).pk).update(care_home=True)
    taken_in(extract(person(A), person(B, name="Bo Prøve")))
    with data_context(admin):
        assert household_of(found(admin, B)) == [], "an extract says nothing of care homes; who lives in one is known"
    taken_in(extract(person(B, name="Bo Prøve", STANDARDADR="Nyvej 3")))
    with data_context(admin):
        assert found(admin, B).household_key == "nyvej 3|2635"


CODES: dict[str, Any] = {
    "01": "active", "03": "active", "05": "outside", "07": "outside", "20": "outside", "30": "cancelled",
    "50": "replaced", "60": "replaced", "70": "disappeared", "80": "emigrated", "90": "deceased",
}  # fmt: skip


def test_every_status_code_of_the_register_is_known() -> None:
    assert {code: str(STATUSES[code]) for code in CODES} == CODES
    published = SHARED / "cpr_status_codes.csv"
    if published.exists():
        with published.open(encoding="utf-8") as file:
            assert {line["kode"] for line in csv.DictReader(file)} == set(CODES)


@pytest.mark.parametrize("code", [code for code, status in CODES.items() if status not in ("active", "replaced")])
def test_status_ends_the_work_and_back_again_reopens_nothing(
    admin: Actor, taken_in: Callable[..., CitizenImport], code: str
) -> None:
    taken_in(extract(person(A)))
    committed_list(admin, csv_file([row(1)]), as_of=date(2021, 3, 30))
    taken_in(extract(person(A, status=code, address=int(code) < 30)), day=date(2021, 3, 31))
    with data_context(admin):
        follow_up = FollowUp.objects.get()
        assert (follow_up.status, follow_up.next_step_kind) == ("closed", "")
        assert follow_up.closed_reason == ("moved" if CODES[code] == "outside" else "status")
    taken_in(extract(person(A)), day=date(2021, 4, 1))
    with data_context(admin):
        assert found(admin).status == "active"
        assert FollowUp.objects.get().status == "closed"
