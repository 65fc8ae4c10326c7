"""Ask before overwrite: what a person wrote by hand stays until somebody chooses; untouched fields go in as always."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import (
    Citizen,
    CitizenDifference,
    CitizenEdit,
    EditedField,
    Phone,
    PhoneKind,
    PhoneSource,
    Relative,
    RelativeKind,
)
from registry.services.citizen_differences import decide_differences
from registry.services.citizens import edit_citizen
from registry.services.phones import add_phone, clear_wrong, mark_wrong, set_kind
from registry.services.relatives import save_relative
from tests.factories.cast import actor_with_role
from tests.factories.registry import NOON, citizens_taken_in, cpr_number, csv_file

pytestmark = pytest.mark.django_db
HEADER = ("cpr", "navn", "adresse", "postnr", "by", "email", "tolk", "plejehjem", "adressebeskyttet")
FILED = {
    "cpr": cpr_number(1), "navn": "Aase Prøve", "adresse": "Prøvevej 1", "postnr": "2635", "by": "Ishøj",
    "email": "aase@example.dk", "tolk": "nej", "plejehjem": "nej", "adressebeskyttet": "nej",
}  # fmt: skip


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


@pytest.fixture
def known(admin: Actor, tmp_path: Path) -> Citizen:
    filed(admin, tmp_path)
    with data_context(admin):
        return Citizen.objects.get()


def filed(admin: Actor, folder: Path, **changes: str) -> dict[str, int]:
    line = FILED | changes
    receipt = citizens_taken_in(admin, csv_file([[line[name] for name in HEADER]], HEADER), folder)
    return receipt.counts  # type: ignore[no-any-return]


def edited(admin: Actor, citizen: Citizen, **values: Any) -> list[EditedField]:
    with data_context(admin):
        return edit_citizen(by=admin, citizen=citizen, values=values, now=NOON)


def stands(admin: Actor, *names: str) -> tuple[Any, ...]:
    with data_context(admin):
        citizen = Citizen.objects.get()
        return tuple(getattr(citizen, name) for name in names)


def test_edit_remembers_who_and_what_it_was(admin: Actor, known: Citizen) -> None:
    assert edited(admin, known, name="Åse Prøve", email="aase@example.dk") == ["name"]
    with data_context(admin):
        edit = CitizenEdit.objects.get()
        assert (edit.field, edit.old_value, edit.edited_by_name, edit.edited_at) == (
            "name", "Aase Prøve", admin.name, NOON
        )  # fmt: skip
    assert stands(admin, "name", "search_name") == ("Åse Prøve", "åse prøve")


def test_file_asks_for_edited_fields_and_writes_the_others(admin: Actor, known: Citizen, tmp_path: Path) -> None:
    edited(admin, known, name="Åse Prøve", address="Nyvej 2", needs_interpreter=True)
    counts = filed(admin, tmp_path, email="ny@example.dk")
    assert (counts["differences"], counts["changed"]) == (3, 1)
    assert stands(admin, "name", "address", "household_key", "needs_interpreter", "email") == (
        "Åse Prøve", "Nyvej 2", "nyvej 2|2635", True, "ny@example.dk"
    )  # fmt: skip
    with data_context(admin):
        assert {each.field: each.theirs for each in CitizenDifference.objects.filter(state="open")} == {
            "name": {"name": "Aase Prøve"},
            "address": {"address": "Prøvevej 1", "postal_code": "2635", "city": "Ishøj", "parish_id": None},
            "needs_interpreter": {"needs_interpreter": False},
        }


def test_same_value_is_asked_once_and_another_value_again(admin: Actor, known: Citizen, tmp_path: Path) -> None:
    edited(admin, known, name="Åse Prøve")
    assert filed(admin, tmp_path)["differences"] == 1
    assert "differences" not in filed(admin, tmp_path), "still open, not counted again"
    with data_context(admin):
        chosen = CitizenDifference.objects.all()
        assert decide_differences(by=admin, differences=chosen, choice="ours", now=NOON) == 1
    assert "differences" not in filed(admin, tmp_path), "answered; the file may repeat itself for years"
    assert filed(admin, tmp_path, navn="Aase Ny Prøve")["differences"] == 1
    assert stands(admin, "name") == ("Åse Prøve",)


def test_theirs_is_written_and_the_field_follows_the_file_again(admin: Actor, known: Citizen, tmp_path: Path) -> None:
    edited(admin, known, address="Nyvej 2", care_home=True)
    filed(admin, tmp_path)
    with data_context(admin):
        assert decide_differences(by=admin, differences=CitizenDifference.objects.all(), choice="theirs", now=NOON) == 2
        assert not CitizenEdit.objects.exists()
    assert stands(admin, "address", "care_home", "household_key") == ("Prøvevej 1", False, "prøvevej 1|2635")
    assert "differences" not in filed(admin, tmp_path, adresse="Tredjevej 3")
    assert stands(admin, "address") == ("Tredjevej 3",)


def test_file_that_comes_to_agree_settles_it(admin: Actor, known: Citizen, tmp_path: Path) -> None:
    edited(admin, known, name="Åse Prøve")
    filed(admin, tmp_path)
    assert "differences" not in filed(admin, tmp_path, navn="Åse Prøve")
    with data_context(admin):
        assert CitizenDifference.objects.get().state == "same"
        assert not CitizenEdit.objects.exists()
    filed(admin, tmp_path, navn="Åse Gift Prøve")
    assert stands(admin, "name") == ("Åse Gift Prøve",)


def test_person_who_comes_to_agree_settles_it_too(admin: Actor, known: Citizen, tmp_path: Path) -> None:
    edited(admin, known, name="Åse Prøve")
    filed(admin, tmp_path)
    edited(admin, known, name="Aase Prøve")
    with data_context(admin):
        assert CitizenDifference.objects.get().state == "same"
        assert not CitizenEdit.objects.exists()


def test_new_protection_is_never_held_back_and_an_end_of_it_is(admin: Actor, known: Citizen, tmp_path: Path) -> None:
    edited(admin, known, protected=True, protected_until=date(2022, 1, 1))
    assert filed(admin, tmp_path)["differences"] == 1
    assert stands(admin, "protected", "protected_until") == (True, date(2022, 1, 1))
    edited(admin, known, protected=False)
    filed(admin, tmp_path, adressebeskyttet="ja")
    assert stands(admin, "protected", "protected_until") == (True, None)


def test_relative_edited_by_hand_is_asked_about(admin: Actor, known: Citizen, tmp_path: Path) -> None:
    header = ("cpr", "navn", "vaerge_navn", "vaerge_telefon")
    with data_context(admin):
        guardian = save_relative(
            by=admin, citizen=known, kind=RelativeKind.GUARDIAN, name="Vera Prøve", phone="20111111", now=NOON
        )
    line = [cpr_number(1), "Aase Prøve", "Vera Prøve", "20222222"]
    assert citizens_taken_in(admin, csv_file([line], header), tmp_path).counts["differences"] == 1
    assert "differences" not in citizens_taken_in(admin, csv_file([line], header), tmp_path).counts
    with data_context(admin):
        guardian.refresh_from_db()
        assert guardian.phone == "+4520111111"
        difference = CitizenDifference.objects.get()
        assert "20222222" not in str(difference.theirs)
        decide_differences(by=admin, differences=CitizenDifference.objects.all(), choice="theirs", now=NOON)
        assert Relative.objects.get().phone == "+4520222222"


def test_what_a_person_said_of_a_number_holds_against_files(admin: Actor, known: Citizen, tmp_path: Path) -> None:
    header = ("cpr", "navn", "mobil")
    line = [cpr_number(1), "Aase Prøve", "20111111"]
    citizens_taken_in(admin, csv_file([line], header), tmp_path)
    with data_context(admin):
        phone = Phone.objects.get()
        mark_wrong(by=admin, phone=phone, reason="Forkert nummer", now=NOON)
        set_kind(by=admin, phone=phone, kind=PhoneKind.LANDLINE, now=NOON)
    again = citizens_taken_in(admin, csv_file([line], header), tmp_path)
    assert [each["code"] for each in again.errors] == ["phone_wrong_again"]
    with data_context(admin):
        phone.refresh_from_db()
        assert (phone.wrong_since, phone.wrong_by_name, phone.kind) == (NOON, admin.name, "landline")
        clear_wrong(by=admin, phone=phone, now=NOON)
        phone.refresh_from_db()
        assert (phone.wrong_since, phone.wrong_by_name) == (None, "")


def test_one_number_on_forty_citizens_is_taken_and_told(admin: Actor, tmp_path: Path) -> None:
    people = [[cpr_number(serial), "Aase Prøve", "20111111"] for serial in range(1, 41)]
    receipt = citizens_taken_in(
        admin, csv_file([*people, [cpr_number(41), "Bo", "20222222"]], ("cpr", "navn", "mobil")), tmp_path
    )
    assert receipt.counts["phones"] == 41
    assert [(each["code"], each["count"]) for each in receipt.warnings] == [("phone_shared", 40)]
    with data_context(admin):
        assert Phone.objects.count() == 41


def test_number_given_by_hand_stays_the_one_to_call(admin: Actor, known: Citizen, tmp_path: Path) -> None:
    from registry.selectors.citizens import best_phone

    with data_context(admin):
        add_phone(
            by=admin, citizen=known, number="20333333", kind=PhoneKind.MOBILE, source=PhoneSource.CITIZEN, now=NOON
        )
    citizens_taken_in(admin, csv_file([[cpr_number(1), "Aase Prøve", "20444444"]], ("cpr", "navn", "mobil")), tmp_path)
    with data_context(admin):
        best = best_phone(known)
        assert best is not None
        assert best.number == "+4520333333"
        assert known.phones.count() == 2
