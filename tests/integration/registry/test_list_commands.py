"""The contract's commands for lists and citizens: one JSON object, exact shapes, clear exit codes."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from outreach.access.roles import Role
from tests.factories.cast import user_with_role
from tests.factories.geography import HOEJE_TAASTRUP
from tests.factories.registry import HEADER, cpr_number, csv_file, row

pytestmark = pytest.mark.django_db
STATED = {
    "municipality": "0183",
    "programme": "covid-19",
    "as_of": "2021-03-30",
    "waiting_days": 22,
    "by": "listeadmin",
}
NOW = "2021-03-30T09:05"


@pytest.fixture(autouse=True)
def users() -> None:
    user_with_role(Role.LIST_ADMIN, username="listeadmin")
    user_with_role(Role.TEAM_LEAD, username="teamleder")
    user_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP, username="listeadmin-2")


def run(command: str, *arguments: object, **options: object) -> Any:
    output = StringIO()
    call_command(command, *map(str, arguments), json=True, stdout=output, stderr=StringIO(), **options)
    return json.loads(output.getvalue())


def refused(command: str, *arguments: object, **options: object) -> dict[str, str]:
    output = StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command(command, *map(str, arguments), json=True, stdout=output, stderr=StringIO(), **options)
    assert exit_.value.code == 2
    answer = json.loads(output.getvalue())
    assert set(answer) == {"error"}
    return answer["error"]


def file(tmp_path: Path, rows: list[Any], header: tuple[str, ...] = HEADER, name: str = "liste.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(csv_file(rows, header).getvalue())
    return path


def test_import_list_to_review_then_approve_then_undo(tmp_path: Path) -> None:
    path = file(tmp_path, [row(1), row(2), ("3102011234", "Umulig", "7", "08-03-2021")])
    receipt = run("import_list", path, **STATED, now=NOW)
    assert set(receipt) == {"list_id", "state", "rows", "counts", "gates", "errors"}
    assert (receipt["state"], receipt["rows"], receipt["gates"]) == ("reviewed", 3, [])
    assert receipt["counts"] == {
        "new": 2, "waiting": 0, "gone": 0, "moved": 0, "other_number": 0, "duplicate": 0, "needs_decision": 0,
        "unreadable": 1,
    }  # fmt: skip
    assert receipt["errors"] == [
        {
            "row": 4,
            "column": "CPR-nummer",
            "code": "cpr_date",
            "message": "Datoen i CPR-nummeret findes ikke.",
        }
    ]
    approved = run("approve_list", receipt["list_id"], by="listeadmin", now=NOW)
    assert (approved["state"], approved["counts"]) == ("committed", receipt["counts"])
    assert run("approve_list", receipt["list_id"], by="listeadmin", now=NOW) == approved
    undone = run("undo_list", receipt["list_id"], by="listeadmin", now=NOW)
    assert undone["state"] == "undone"


def test_import_list_with_approve_commits_and_plans(tmp_path: Path) -> None:
    receipt = run("import_list", file(tmp_path, [row(1)]), **STATED, approve=True, now=NOW)
    assert (receipt["state"], receipt["counts"]["new"]) == ("committed", 1)


def test_ordered_list_with_expired_order_stays_reviewed_with_its_gate(tmp_path: Path) -> None:
    order = run(
        "create_list_order", "SST-DEMO-0", municipality="0183", programme="covid-19", purpose="Lav tilslutning",
        approved_on="2021-01-05", expires_on="2021-03-01", by="listeadmin", now=NOW,
    )  # fmt: skip
    assert (order["reference"], order["expires_on"]) == ("SST-DEMO-0", "2021-03-01")
    receipt = run("import_list", file(tmp_path, [row(1)]), **STATED, order="SST-DEMO-0", approve=True, now=NOW)
    assert receipt["state"] == "reviewed"
    assert [gate["code"] for gate in receipt["gates"]] == ["order_expired"]
    assert set(receipt["gates"][0]) == {"code", "message"}
    # Nothing lifts that gate, so the same file may come again as the standing list it perhaps was.
    assert run("import_list", file(tmp_path, [row(1)]), **STATED, approve=True, now=NOW)["state"] == "committed"
    again = refused("import_list", file(tmp_path, [row(1)]), **STATED, order="SST-DEMO-0", now=NOW)
    assert again["code"] == "same_file"


def test_role_without_the_permission_is_told_so(tmp_path: Path) -> None:
    user_with_role(Role.CASEWORKER, username="sagsbehandler")
    error = refused("import_list", file(tmp_path, [row(1)]), **(STATED | {"by": "sagsbehandler"}), now=NOW)
    assert error["code"] == "not_allowed"
    assert "»sagsbehandler«" in error["message"]


def test_held_gate_is_overridden_by_a_second_person(tmp_path: Path) -> None:
    run("import_list", file(tmp_path, [row(serial) for serial in range(30)]), **STATED, approve=True, now=NOW)
    week = STATED | {"as_of": "2021-04-06"}
    small = run("import_list", file(tmp_path, [row(1)]), **week, approve=True, now="2021-04-06T09:05")
    assert [gate["code"] for gate in small["gates"]] == ["fewer_rows"]
    override = {"override": "fewer_rows", "reason": "Ringede til SSI", "now": "2021-04-06T10:00"}
    assert refused("approve_list", small["list_id"], by="listeadmin", **override)["code"] == "override_own"
    assert run("approve_list", small["list_id"], by="teamleder", **override)["state"] == "committed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"municipality": "9999"}, "unknown_municipality"),
        ({"municipality": "Ishøj"}, "unknown_municipality"),
        ({"municipality": "0169"}, "no_membership"),
        ({"programme": "kopper"}, "unknown_programme"),
        ({"order": "SST-UKENDT"}, "unknown_order"),
        ({"as_of": "30-03-2021"}, "bad_date"),
        ({"as_of": "2021-13-01"}, "bad_date"),
        ({"groups": "7,99"}, "unknown_group"),
        ({"by": "ingen"}, "unknown_user"),
        ({"map": ["Kolonne"]}, "bad_mapping"),
    ],
)
def test_what_the_user_can_mend_is_exit_2_with_a_sentence(tmp_path: Path, changes: dict[str, Any], code: str) -> None:
    error = refused("import_list", file(tmp_path, [row(1)]), **(STATED | changes), now=NOW)
    assert error["code"] == code
    assert error["message"].endswith((".", "0183."))


def test_no_list_at_all(tmp_path: Path) -> None:
    assert refused("import_list", tmp_path / "findes-ikke.csv", **STATED, now=NOW)["code"] == "file_missing"
    path = tmp_path / "brev.csv"
    path.write_text("Kære kommune\nHer er vores brev.\n", encoding="utf-8")
    assert refused("import_list", path, **STATED, now=NOW)["code"] == "no_header"


def test_strange_headers_are_given_with_map(tmp_path: Path) -> None:
    path = file(tmp_path, [row(1)], ("Nummer", "Hvem", "Gr", "Hvornår"))
    assert refused("import_list", path, **STATED, now=NOW)["code"] == "mapping_needed"
    mapping = ["Nummer=CPR-nummer", "Hvem=navn", "Gr=målgruppe", "Hvornår=invited_on"]
    assert run("import_list", path, **STATED, map=mapping, now=NOW)["counts"]["new"] == 1


def test_same_file_twice_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path, [row(1)])
    run("import_list", path, **STATED, approve=True, now=NOW)
    error = refused("import_list", path, **STATED, approve=True, now=NOW)
    assert (error["code"], "allerede indlæst" in error["message"]) == ("same_file", True)


def test_citizens_are_scoped_by_municipality(tmp_path: Path) -> None:
    path = file(tmp_path, [(cpr_number(1), "Åse Prøve")], ("cpr", "navn"), "borgere.csv")
    receipt = run("import_citizens", path, municipality="0169", by="listeadmin-2", now=NOW)
    assert (receipt["rows"], receipt["counts"]["added"], receipt["errors"]) == (1, 1, [])
    # Ishøj's list names a citizen of Høje-Taastrup: moved, not imported (L8b).
    listed = run("import_list", file(tmp_path, [row(1)]), **STATED, approve=True, now=NOW)
    assert (listed["counts"]["moved"], listed["counts"]["new"]) == (1, 0)
    assert refused("import_citizens", path, municipality="0169", by="listeadmin", now=NOW)["code"] == "no_membership"
