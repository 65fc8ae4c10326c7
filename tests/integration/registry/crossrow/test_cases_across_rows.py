"""The catalogue's cases across rows (IC01–IC08): what each file gets, and that a held one closes nobody."""

from datetime import timedelta
from pathlib import Path

import pytest

from campaigns.services.messages import dispatch_due
from campaigns.services.planning import plan
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.imports.citizens import import_citizens
from registry.models import Citizen, FollowUp, ListRow, ListState, Municipality, NonresponderList, RowClass
from registry.services.lists import approve, decide
from tests.factories.campaigns import CountingGateway
from tests.factories.cast import actor_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.registry import (
    FIRST_WEEK,
    HEADER,
    committed_list,
    cpr_number,
    csv_file,
    moment,
    reviewed_list,
    row,
    xlsx_file,
)

pytestmark = pytest.mark.django_db
NEXT_WEEK = FIRST_WEEK + timedelta(days=7)
WITH_PLACE = (*HEADER, "Kommunekode")


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


@pytest.fixture
def colleague(admin: Actor) -> Actor:
    return actor_with_role(Role.TEAM_LEAD)


def codes(reviewed: NonresponderList) -> list[str]:
    return [gate["code"] for gate in reviewed.gates]


def let_pass(by: Actor, reviewed: NonresponderList, code: str) -> NonresponderList:
    with data_context(by):
        return approve(by=by, nonresponder_list=reviewed, now=moment(NEXT_WEEK), override=code, reason="SSI bekræfter")


@pytest.mark.case("IC01")
def test_identical_rows_count_once(admin: Actor) -> None:
    committed = committed_list(admin, csv_file([row(1), row(2), row(1), row(1)]))
    assert committed.counts == {"new": 2, "duplicate": 2}
    with data_context(admin):
        assert FollowUp.objects.count() == Citizen.objects.count() == 2


@pytest.mark.case("IC02")
@pytest.mark.parametrize(
    "other",
    [(*row(1, group="8"), "183"), (*row(1, invited="09-03-2021"), "183")],
    ids=["group", "date"],
)
def test_rows_of_one_number_that_differ_wait_for_a_person(admin: Actor, other: tuple[str, ...]) -> None:
    reviewed = reviewed_list(admin, csv_file([(*row(1), "183"), other, (*row(2), "183")], WITH_PLACE))
    assert reviewed.counts == {"needs_decision": 2, "new": 1}
    now = moment(FIRST_WEEK)
    with data_context(admin):
        rows = list(ListRow.objects.filter(row_class=RowClass.NEEDS_DECISION).order_by("row_number"))
        assert [(each.row_number, each.same_as_row) for each in rows] == [(2, 2), (3, 2)]
        decide(by=admin, nonresponder_list=reviewed, row_ids=[rows[1].pk], problem_code=None, decision="import",
               now=now)  # fmt: skip
        approve(by=admin, nonresponder_list=reviewed, now=now)
        chosen = FollowUp.objects.get(citizen__cpr_index=rows[1].cpr_index)
        assert (chosen.target_group, chosen.invited_on) == (rows[1].target_group, rows[1].invited_on)
        assert FollowUp.objects.count() == 2


@pytest.mark.case("IC02")
def test_rows_of_one_number_that_nobody_chose_between_are_not_imported(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1), row(1, group="8"), row(2)]))
    with data_context(admin):
        assert FollowUp.objects.get().citizen.name == "Testperson 2"


@pytest.mark.case("IC04")
def test_forty_citizens_with_one_phone_get_one_message(admin: Actor, tmp_path: Path) -> None:
    path = tmp_path / "borgere.csv"
    lines = [f"{cpr_number(serial)};Testperson {serial};20304050" for serial in range(40)]
    path.write_text("CPR-nummer;Navn;Mobil\r\n" + "\r\n".join(lines), encoding="utf-8")
    ten = moment(FIRST_WEEK)
    with data_context(admin):
        receipt = import_citizens(by=admin, municipality=Municipality.objects.get(pk=ISHOEJ), path=path,
                                  display_name="borgere.csv", now=ten)  # fmt: skip
        assert receipt.counts["added"] == 40
    assert "phone_shared" in {each["code"] for each in [*receipt.warnings, *receipt.errors]}
    committed_list(admin, csv_file([row(serial) for serial in range(40)]))
    with data_context(admin):
        plan(by=admin, now=ten)
    gateway = CountingGateway()
    dispatch_due(now=ten, gateway=gateway)
    assert len(gateway.sent) == 1


@pytest.mark.case("IC05")
def test_nine_in_ten_fewer_rows_need_a_second_person(admin: Actor, colleague: Actor) -> None:
    committed_list(admin, csv_file([row(serial) for serial in range(40)]))
    small = reviewed_list(admin, csv_file([row(serial) for serial in range(4)]), as_of=NEXT_WEEK)
    assert codes(small) == ["fewer_rows"]
    assert "har 4 rækker, den forrige havde 40" in small.gates[0]["message"]
    with pytest.raises(UserError) as refusal:
        let_pass(admin, small, "fewer_rows")
    assert refusal.value.code == "override_own"
    passed = let_pass(colleague, small, "fewer_rows")
    assert passed.state == ListState.COMMITTED
    assert [(each["by"], each["reason"]) for each in passed.overrides] == [(colleague.name, "SSI bekræfter")]


@pytest.mark.case("IC05")
def test_one_row_more_than_a_tenth_passes(admin: Actor) -> None:
    committed_list(admin, csv_file([row(serial) for serial in range(40)]))
    assert codes(reviewed_list(admin, csv_file([row(serial) for serial in range(5)]), as_of=NEXT_WEEK)) == []


@pytest.mark.case("IC06")
def test_another_municipalitys_list_closes_nobody(admin: Actor, colleague: Actor) -> None:
    committed_list(admin, csv_file([(*row(serial), "183") for serial in range(30)], WITH_PLACE))
    wrong = reviewed_list(admin, csv_file([(*row(serial), "169") for serial in range(100, 130)], WITH_PLACE),
                          as_of=NEXT_WEEK)  # fmt: skip
    assert (codes(wrong), wrong.counts) == (["another_municipality"], {"moved": 30})
    with pytest.raises(UserError):
        let_pass(colleague, wrong, "another_municipality")
    with data_context(admin):
        assert FollowUp.objects.filter(status="open").count() == 30


@pytest.mark.case("IC06")
def test_group_that_emptied_in_a_week_is_held(admin: Actor, colleague: Actor) -> None:
    both = [row(serial, group="7" if serial < 25 else "8") for serial in range(50)]
    committed_list(admin, csv_file(both))
    half = reviewed_list(admin, csv_file(both[:25]), as_of=NEXT_WEEK)
    assert codes(half) == ["group_vanished"]
    assert half.gates[0]["message"].startswith("Målgruppe 8 havde 25 rækker på den forrige liste og har ingen på denne")
    assert half.counts == {"waiting": 25, "gone": 25}
    # Said to cover group 7 only, the same rows say nothing about group 8.
    stated = reviewed_list(admin, xlsx_file(both[:25]), as_of=NEXT_WEEK, groups=["7"])
    assert (codes(stated), stated.counts) == ([], {"waiting": 25})
    assert let_pass(colleague, half, "group_vanished").state == ListState.COMMITTED


@pytest.mark.case("IC07")
@pytest.mark.parametrize(("moved", "held"), [(5, []), (6, ["many_moved"])])
def test_more_than_one_in_twenty_moved_is_held(admin: Actor, moved: int, held: list[str]) -> None:
    places = [(*row(serial), "169" if serial < moved else "183") for serial in range(100)]
    reviewed = reviewed_list(admin, csv_file(places, WITH_PLACE))
    assert (codes(reviewed), reviewed.counts["moved"]) == (held, moved)


@pytest.mark.case("IC08")
def test_another_programmes_list_is_refused_and_closes_nobody(admin: Actor, colleague: Actor) -> None:
    header = (*HEADER, "Vaccinationsprogram")
    committed_list(admin, csv_file([(*row(1), "covid-19")], header))
    wrong = reviewed_list(admin, csv_file([(*row(2), "Influenza")], header), as_of=NEXT_WEEK)
    assert (codes(wrong), wrong.counts) == (["another_programme"], {"unreadable": 1})
    with pytest.raises(UserError):
        let_pass(colleague, wrong, "another_programme")


SHIFTS = {
    # The numbers and the names have changed places.
    "cpr": ([(f"Testperson {n}", cpr_number(n), "7", "08-03-2021") for n in range(12)], "CPR-nummer", "navne", False),
    # Dates where the groups should be.
    "group": ([(cpr_number(n), "Åse", "08-03-2021", "08-03-2021") for n in range(12)], "Målgruppe", "datoer", True),
}


@pytest.mark.parametrize("kind", SHIFTS)
def test_shifted_columns_are_named_with_what_they_hold(admin: Actor, colleague: Actor, kind: str) -> None:
    rows, column, holds, may_pass = SHIFTS[kind]
    committed_list(admin, csv_file([row(serial) for serial in range(20, 40)]))
    shifted = reviewed_list(admin, csv_file([*rows, row(99)]), as_of=NEXT_WEEK)
    gate = next(each for each in shifted.gates if each["code"] == "shifted_columns")
    assert gate["message"].startswith(f"12 af 13 rækker har samme fejl i kolonnen »{column}«. Den ser ud til at")
    assert holds in gate["message"]
    assert gate["overridable"] is may_pass
    if not may_pass:
        assert shifted.counts.get("gone", 0) == 0, "without numbers nobody is gone"


def test_a_few_faults_in_one_column_are_no_shift(admin: Actor) -> None:
    faults = [("Navn", "Bo", "7", "08-03-2021")] * 2
    assert codes(reviewed_list(admin, csv_file([*faults, *(row(n) for n in range(8))]))) == []
