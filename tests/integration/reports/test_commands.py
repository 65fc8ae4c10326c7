"""The commands of the contract: one JSON object out, Danish sentences for what the user can mend."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import Outcome
from tests.factories.cast import user_with_role
from tests.factories.reports import GROUP_FILE, WeeklyList, job
from tests.unit.reports.test_uptake_files import PARISH

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """Standard output of a command that ends with `code`."""
    if code:
        with pytest.raises(SystemExit) as stop:
            call_command(*arguments)
        assert stop.value.code == code
    else:
        call_command(*arguments)
    return capsys.readouterr().out


@pytest.fixture
def group_file(tmp_path: Path) -> str:
    path = tmp_path / "maalgrupper.csv"
    path.write_text(GROUP_FILE, encoding="utf-8")
    return str(path)


def test_import_then_note(capsys: pytest.CaptureFixture[str], group_file: str, tmp_path: Path) -> None:
    arguments = ("import_uptake", group_file, "--municipality", "0183", "--as-of", "2021-04-20", "--json")
    receipt = json.loads(run(capsys, *arguments))
    assert (receipt["kind"], receipt["as_of"], receipt["stored"]) == ("group", "2021-04-20", 7)
    assert json.loads(run(capsys, *arguments)) == receipt
    with data_context(job()):
        week = WeeklyList(covered=["2"])
        week.people("2", 2, outcome=Outcome.DECLINED)
    note = ("status_note", "--municipality", "0183", "--programme", "covid-19", "--as-of", "2021-04-20", "--format")
    shape = json.loads(run(capsys, *note, "json"))
    assert shape["total"] == {
        "invited": 2015,
        "not_reacted": 2,
        "not_reacted_share": 0.1,
        "declined": 2,
        "undecided": 0,
    }
    assert "20.04.2021;2;325;300;92,3;2;0,6;2;0" in run(capsys, *note, "csv")
    run(capsys, *note, "csv", "--output", str(tmp_path / "note.csv"))
    assert (tmp_path / "note.csv").read_text(encoding="utf-8").startswith("\ufeffOpgjort pr.;")
    run(capsys, *note, "json", "--output", str(tmp_path / "note.json"))
    assert json.loads((tmp_path / "note.json").read_text(encoding="utf-8")) == shape


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_note_says_which_formats_there_are(capsys: pytest.CaptureFixture[str], kind: str) -> None:
    out = run(
        capsys, "status_note", "--municipality", "0183", "--programme", "covid-19", "--format", kind, "--json", code=2
    )
    assert json.loads(out)["error"]["code"] == "format_not_yet"


def test_uptake_rows(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "sogne.csv"
    path.write_text(PARISH, encoding="utf-8")
    run(capsys, "import_uptake", str(path), "--json")
    arguments = ("uptake", "--by", "parish", "--municipality", "183", "--format")
    rows = json.loads(run(capsys, *arguments, "json"))
    assert [row["code"] for row in rows] == ["7151", "7150", ""]
    assert [row["suppressed"] for row in rows] == [False, True, False]
    shared = json.loads(run(capsys, *arguments, "json", "--shared"))
    assert set(shared[0]) == set(rows[0])
    assert run(capsys, *arguments, "csv").splitlines()[0].startswith("Kode;Navn;Opgjort pr.")


def test_mistakes_are_said_in_danish(capsys: pytest.CaptureFixture[str], tmp_path: Path, group_file: str) -> None:
    user_with_role(Role.CASEWORKER, username="sagsbehandler")
    for arguments, code in (
        ((str(tmp_path / "findes-ikke.csv"),), "no_such_file"),
        ((group_file,), "municipality_missing"),
        ((group_file, "--municipality", "9999"), "unknown_municipality"),
        ((group_file, "--municipality", "0183", "--as-of", "i går"), "bad_date"),
        ((group_file, "--municipality", "0183", "--by", "sagsbehandler"), "not_allowed"),
        ((group_file, "--municipality", "0183", "--programme", "mæslinger"), "unknown_programme"),
    ):
        out = run(capsys, "import_uptake", *arguments, "--json", code=2)
        assert json.loads(out)["error"]["code"] == code


def test_a_list_administrator_imports(capsys: pytest.CaptureFixture[str], group_file: str) -> None:
    user_with_role(Role.LIST_ADMIN, username="listeadmin")
    receipt = json.loads(run(capsys, "import_uptake", group_file, "--by", "listeadmin", "--json"))
    assert receipt["stored"] == 7
