"""The institution register through its command: encodings, kinds, closings, moves, scope, history."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import call_command

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from registry.imports.child import reading
from registry.imports.institutions_rows import closing_date, degrees, institution_number
from registry.models import Institution, InstitutionKind, ReferenceChange
from registry.services.file_kinds import FileKind
from tests.factories.cast import user_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.reference_data import REGISTER_HEADER, boundary_file, register_file, register_row
from tests.factories.world import job

pytestmark = pytest.mark.django_db
NOW = "2021-04-20T09:20"
PUBLISHED_HEADER = Path(__file__).resolve().parents[4] / "shared/data/institutions/institutionsregisteret_header.csv"


def run(path: Path, command: str = "import_institutions", **options: Any) -> Any:
    output = StringIO()
    call_command(command, str(path), json=True, now=NOW, stdout=output, stderr=StringIO(), **options)
    return json.loads(output.getvalue())


def refused(path: Path, **options: Any) -> dict[str, str]:
    output = StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("import_institutions", str(path), json=True, stdout=output, stderr=StringIO(), **options)
    assert exit_.value.code == 2
    error: dict[str, str] = json.loads(output.getvalue())["error"]
    return error


ROWS = [
    register_row(
        "101001", "Ærøskolen", INST_ADR="Skolevej 1", POSTNR="2635", POSTDISTRIKT="Ishøj",
        GEO_BREDDE_GRAD="55,6151", GEO_LAENGDE_GRAD="12,3402",
    ),
    register_row("101002", "SOSU Vest", INST_TYPE_NAVN="Social- og sundhedsskoler", BEL_KOMMUNE="0169"),
    register_row("101003", "Prøvegymnasiet", INST_TYPE_NAVN="Gymnasieskoler"),
    register_row("101004", "Rumskolen", INST_TYPE_NAVN="Rumfartsskoler"),
]  # fmt: skip


def test_the_register_has_the_published_header() -> None:
    if not PUBLISHED_HEADER.exists():
        pytest.skip("the published header is not on this machine")
    published = PUBLISHED_HEADER.read_text("utf-8-sig").strip().split(";")
    assert published == REGISTER_HEADER
    assert len(published) == 28


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-16", ";"), ("utf-8", ";"), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-8", ",")],
)
def test_every_form_of_the_register_is_read_alike(tmp_path: Path, encoding: str, delimiter: str) -> None:
    receipt = run(register_file(tmp_path / "reg.csv", ROWS, encoding=encoding, delimiter=delimiter))
    assert receipt["kind"] == "institutions"
    assert (receipt["rows"], receipt["added"], receipt["changed"], receipt["errors"]) == (4, 4, 0, [])
    school = Institution.objects.get(number="101001")
    assert (school.name, school.address) == ("Ærøskolen", "Skolevej 1, 2635 Ishøj")
    assert (school.latitude, school.longitude) == (55.6151, 12.3402)
    assert school.municipality_id == ISHOEJ
    assert Institution.objects.get(number="101002").municipality_id == HOEJE_TAASTRUP


def test_types_become_kinds_and_unknown_ones_are_counted_and_named(tmp_path: Path) -> None:
    receipt = run(register_file(tmp_path / "reg.csv", ROWS))
    kinds = dict(Institution.objects.values_list("number", "kind"))
    assert kinds == {"101001": "school", "101002": "sosu", "101003": "upper_secondary", "101004": "other"}
    assert receipt["unknown_types"] == [{"name": "Rumfartsskoler", "rows": 1}]


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = register_file(tmp_path / "reg.csv", ROWS)
    run(path)
    receipt = run(path)
    assert (receipt["added"], receipt["changed"], receipt["unchanged"]) == (0, 0, 4)
    assert ReferenceChange.objects.count() == 4


def test_renamed_and_moved_institutions_are_changed_with_their_history(tmp_path: Path) -> None:
    run(register_file(tmp_path / "first.csv", ROWS))
    Institution.objects.filter(number="101001").update(parish=7151)
    moved = {**ROWS[0], "INST_NAVN": "Fjordskolen", "BEL_KOMMUNE": "0169"}
    receipt = run(register_file(tmp_path / "second.csv", [moved, *ROWS[1:]]))
    assert (receipt["changed"], receipt["unchanged"]) == (1, 3)
    school = Institution.objects.get(number="101001")
    assert (school.name, school.municipality_id, school.parish_id) == ("Fjordskolen", HOEJE_TAASTRUP, None)
    change = ReferenceChange.objects.get(row_key=str(school.pk), action="changed")
    assert change.changes["name"] == ["Ærøskolen", "Fjordskolen"]
    assert change.changes["municipality_id"] == [ISHOEJ, HOEJE_TAASTRUP]
    assert change.by_name == "institution-import"
    with data_context(job(HOEJE_TAASTRUP)):
        logged = AccessEvent.objects.filter(subject_kind="institution").order_by("pk")
        assert sorted(str(event.detail) for event in logged) == ["{'added': 1}", "{'changed': 1}"]


def test_a_closed_institution_is_marked_and_kept(tmp_path: Path) -> None:
    run(register_file(tmp_path / "first.csv", ROWS))
    closed = {**ROWS[0], "NEDLAGT_DATO": "31.07.2021"}
    receipt = run(register_file(tmp_path / "second.csv", [closed, *ROWS[1:]], extra=["NEDLAGT_DATO"]))
    assert receipt["closed"] == 1
    school = Institution.objects.get(number="101001")
    assert school.closed_on == date(2021, 7, 31)
    assert school in Institution.objects.open_on(date(2021, 7, 30))
    assert school not in Institution.objects.open_on(date(2021, 7, 31))


def test_left_out_is_counted_and_closed_only_by_a_complete_register(tmp_path: Path) -> None:
    own = Institution.objects.create(
        number="990101", name="Egen", kind=InstitutionKind.WORKPLACE, municipality_id=ISHOEJ, invented=True
    )
    run(register_file(tmp_path / "first.csv", ROWS))
    part = register_file(tmp_path / "second.csv", ROWS[:1])
    receipt = run(part)
    # 101003 and 101004 lie in Ishøj, which the file names; 101002 lies in Høje-Taastrup, which it does not.
    assert (receipt["missing"], receipt["closed"]) == (2, 0)
    assert run(part, complete=True)["closed"] == 2
    still_open = Institution.objects.filter(closed_on=None).values_list("number", flat=True)
    assert sorted(still_open) == ["101001", "101002", own.number]


def test_rows_that_cannot_be_used_are_listed_with_their_number(tmp_path: Path) -> None:
    rows = [
        *ROWS[:1],
        register_row("101001", "Samme nummer"),
        register_row("101005", "Ingen steder", BEL_KOMMUNE="999"),
        register_row("ABC", "Intet nummer"),
        register_row("101006", "Langt væk", GEO_BREDDE_GRAD="12,3402", GEO_LAENGDE_GRAD="55,6151"),
        register_row("101007", ""),
    ]
    receipt = run(register_file(tmp_path / "reg.csv", rows))
    assert [(error["row"], error["code"]) for error in receipt["errors"]] == [
        (3, "duplicate"),
        (4, "unknown_municipality"),
        (5, "bad_number"),
        (6, "bad_coordinates"),
        (7, "no_name"),
    ]
    assert (receipt["rows"], receipt["added"]) == (6, 2)
    assert receipt["unknown_municipalities"] == [{"code": "999", "rows": 1}]
    assert Institution.objects.get(number="101006").latitude is None


def test_an_invented_institution_stays_marked(tmp_path: Path) -> None:
    Institution.objects.create(
        number="101001", name="Opdigtet", kind=InstitutionKind.SCHOOL, municipality_id=ISHOEJ, invented=True
    )
    run(register_file(tmp_path / "reg.csv", ROWS))
    assert Institution.objects.get(number="101001").invented


def test_a_person_changes_the_own_municipality_only(tmp_path: Path) -> None:
    user_with_role(Role.LIST_ADMIN, username="listeadmin")
    receipt = run(register_file(tmp_path / "reg.csv", ROWS), by="listeadmin")
    assert (receipt["added"], receipt["outside"]) == (3, 1)
    assert not Institution.objects.filter(number="101002").exists()


def test_a_caseworker_may_not(tmp_path: Path) -> None:
    user_with_role(Role.CASEWORKER, username="sagsbehandler")
    assert refused(register_file(tmp_path / "reg.csv", ROWS), by="sagsbehandler")["code"] == "not_allowed"


def test_the_parish_follows_from_the_place(tmp_path: Path) -> None:
    box = shapely.box(12.33, 55.61, 12.35, 55.62)
    run(boundary_file(tmp_path / "sogne.geojson", [(7151, box)], system="EPSG:4326"), "import_boundaries")
    run(register_file(tmp_path / "reg.csv", ROWS))
    assert Institution.objects.get(number="101001").parish_id == 7151
    assert Institution.objects.get(number="101003").parish_id is None


def test_names_of_heads_never_leave_the_reading_child(tmp_path: Path) -> None:
    path = register_file(tmp_path / "reg.csv", ROWS)
    with reading(path, kind=FileKind.TEXT, specification="institutions", mapping={}) as file:
        cells = [cell for chunk in file.chunks() for column in chunk.columns.values() for cell in column]
    assert "Ærøskolen" in cells
    assert "Opdigtet Leder" not in cells


def test_uptake_per_institution_is_taken_by_the_same_command(tmp_path: Path) -> None:
    run(register_file(tmp_path / "reg.csv", ROWS))
    path = tmp_path / "tilslutning_2021-04-19.csv"
    path.write_text(
        "Institutionsnummer;Institution;Indskrevne;Inviterede;Påbegyndt;Færdigvaccinerede\n101001;Ærøskolen;80;60;40;20\n"
    )
    receipt = run(path)
    assert (receipt["kind"], receipt["as_of"], receipt["stored"]) == ("institution", "2021-04-19", 1)


def test_another_file_is_told_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "andet.csv"
    path.write_text("Frugt;Farve\nÆble;Rød\n")
    error = refused(path)
    assert error["code"] == "no_header"
    assert "INST_NR" in error["message"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("101001", "101001"), ("1001", "001001"), ("1234567", None), ("", None), ("0", None), ("1²", None)],
)
def test_institution_numbers(text: str, number: str | None) -> None:
    assert institution_number(text) == number


def test_degrees_from_metres() -> None:
    # On the zone's central meridian, nine degrees east, the easting is 500,000 m by definition.
    place = degrees("6200000", "500000")
    assert place is not None
    assert place[1] == 9.0
    # A degree of latitude is about 111.3 km here, scaled by 0.9996: 6,200 km north is close to 55.94 degrees.
    assert place[0] == pytest.approx(55.94, abs=0.02)
    assert degrees("500000", "6200000") == place
    assert degrees("", "") is None
    assert degrees("0", "0") is None
    for elsewhere in (("12,34", "55,61"), ("55.6", ""), ("91", "9")):
        with pytest.raises(ValueError, match=r"^$"):
            degrees(*elsewhere)


def test_closing_dates() -> None:
    assert closing_date("31-07-2021") == closing_date("2021-07-31") == closing_date("31.07.2021") == date(2021, 7, 31)
    assert closing_date("") is None
    with pytest.raises(ValueError, match="i sommer"):
        closing_date("i sommer")
