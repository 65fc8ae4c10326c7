"""Bad rows, each with its case of the catalogue: the row is listed with its number, the others are read."""

from datetime import date
from typing import Any

import pytest

from campaigns.message_texts import render
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import Citizen, FollowUp, ListRow, ListState
from registry.services.lists import decide
from tests.factories.bad_files import ods_file, text_file, xls_file
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.refusals import problems, rows_of
from tests.factories.registry import (
    HEADER,
    INVITED,
    committed_list,
    cpr_number,
    csv_file,
    make_citizen,
    moment,
    reviewed_list,
    row,
    xlsx_file,
)

pytestmark = pytest.mark.django_db
AS_OF = date(2021, 3, 30)


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def with_number(written: Any) -> tuple[Any, ...]:
    return (written, "Åse Prøve", "7", INVITED)


def problem_of(admin: Actor, *cells: Any, header: tuple[str, ...] = HEADER) -> str:
    """The problem of one row of a CSV file."""
    (found,) = rows_of(admin, csv_file([cells], header))
    assert found.row_number == 2
    return found.problem_code


@pytest.mark.case("IR03")
@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls", "ods"])
def test_lost_zero_is_proposed_and_confirmed_in_bulk(admin: Actor, kind: str) -> None:
    # 1 January 1939 written without its zero; these serials are of a test's own.
    nine = ["101390001", "101390002"]
    make = {"csv": csv_file, "ods": ods_file}.get(kind)
    file = make([with_number(each) for each in nine]) if make else (
        {"xlsx": xlsx_file, "xls": xls_file}[kind]([with_number(int(each)) for each in nine])
    )  # fmt: skip
    reviewed = reviewed_list(admin, file, display_name=f"liste.{kind}")
    warning = next(each for each in reviewed.warnings if each["code"] == "leading_zero")
    assert warning["message"].startswith("2 ")
    with data_context(admin):
        waiting = ListRow.objects.filter(nonresponder_list=reviewed, row_class="needs_decision", decision="")
        assert waiting.count() == 2
        decided = decide(
            by=admin, nonresponder_list=reviewed, row_ids=None, problem_code="leading_zero", decision="import",
            now=moment(AS_OF),
        )  # fmt: skip
        assert (decided, waiting.count()) == (2, 0)


@pytest.mark.case("IR04")
def test_whole_float_is_read_and_rounded_text_is_not(admin: Actor) -> None:
    written = ["101390001.0", "101390002,00", "7101390003.0", "1.01011E+08", "1,01E+09"]
    rows = rows_of(admin, csv_file([with_number(each) for each in written]))
    assert [each.problem_code for each in rows] == ["leading_zero", "leading_zero", "", "cpr_rounded", "cpr_rounded"]
    (half,) = rows_of(admin, xlsx_file([with_number(101390004.5)]))
    assert half.row_class == "unreadable"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        pytest.param("3102011234", "cpr_date", marks=pytest.mark.case("IR05")),
        pytest.param("9902391234", "cpr_date", marks=pytest.mark.case("IR05")),
        pytest.param("6104214000", "cpr_future", marks=pytest.mark.case("IR08")),
        pytest.param("6101586000", "cpr_age", marks=pytest.mark.case("IR08")),
        pytest.param("0000000000", "cpr_placeholder", marks=pytest.mark.case("IR10")),
        pytest.param("1111111111", "cpr_placeholder", marks=pytest.mark.case("IR10")),
        pytest.param("1234567890", "cpr_placeholder", marks=pytest.mark.case("IR10")),
        pytest.param("", "cpr_missing", marks=pytest.mark.case("IR09")),
        pytest.param("#I/T", "cpr_format", marks=pytest.mark.case("IR09")),
        pytest.param("71013900011", "cpr_length", marks=pytest.mark.case("IR05")),
    ],
)
def test_number_that_cannot_be_is_a_row_error(admin: Actor, written: str, problem: str) -> None:
    assert problem_of(admin, *with_number(written)) == problem


@pytest.mark.case("IR06")
def test_number_failing_modulus_11_is_accepted_and_counted(admin: Actor) -> None:
    # 010150-0001: 4·0+3·1+2·0+7·1+6·5+5·0+4·0+3·0+2·0+1·1 = 41, not a multiple of 11; nobody can have it (day 1, 0001
    # is the first of its series and fails the check).
    reviewed = reviewed_list(admin, csv_file([with_number("0101500001")]))
    assert reviewed.counts == {"new": 1}
    assert [each["code"] for each in reviewed.warnings] == ["modulus_11"]


@pytest.mark.case("IR09")
def test_blank_rows_are_skipped_and_counted_and_shift_no_number(admin: Actor) -> None:
    file = csv_file([row(1), ("", "", "", ""), (" ", "\t", "\u00a0", ""), row(2)])
    reviewed = reviewed_list(admin, file)
    warning = next(each for each in reviewed.warnings if each["code"] == "blank_rows")
    assert (reviewed.rows, warning["message"][:2]) == (2, "2 ")
    with data_context(admin):
        assert set(ListRow.objects.values_list("row_number", flat=True)) == {2, 5}


@pytest.mark.case("IR11")
@pytest.mark.parametrize(
    ("name", "problem"), [("", "name_missing"), ("   ", "name_missing"), ("x" * 1000, "name_long"), ("x" * 200, "")]
)
def test_name_is_neither_missing_nor_endless(admin: Actor, name: str, problem: str) -> None:
    assert problem_of(admin, cpr_number(1), name, "7", INVITED) == problem


@pytest.mark.case("IR11")
def test_name_may_be_missing_where_the_registry_knows_it(admin: Actor) -> None:
    with data_context(admin):
        make_citizen(1)
    assert problem_of(admin, cpr_number(1), "", "7", INVITED) == ""


@pytest.mark.case("IR12", "IR13")
@pytest.mark.parametrize(
    "name",
    ["=HYPERLINK(http://x)", "+cmd|' /C calc'!A0", "@SUM(1)", "-1", "<script>alert(1)</script>", "{{7*7}}",
     "'; DROP TABLE registry_citizen; --", "%(x)s \\N {0}"],
)  # fmt: skip
def test_dangerous_name_is_a_text_and_shown_as_it_is(name: str) -> None:
    client = client_with_role(Role.LIST_ADMIN, username="listeadmin")
    by = actor_with_role(Role.LIST_ADMIN)
    (found,) = rows_of(by, csv_file([(cpr_number(1), name, "7", INVITED)]))
    assert found.name == name
    committed = committed_list(by, csv_file([(cpr_number(2), name, "7", INVITED)]), as_of=date(2021, 4, 6))
    with data_context(by):
        assert [each.name for each in Citizen.objects.all()] == [name]
    pages = [client.get(f"/lister/{each}/") for each in (found.nonresponder_list_id, committed.pk)]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
    for ending in ("csv", "xlsx"):
        export = client.get(f"/lister/{found.nonresponder_list_id}/fejl.{ending}")
        assert export.status_code == 200
        assert b"=HYPERLINK" not in export.content


@pytest.mark.case("IR13")
@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{7*7}}", "{telefon}", "'; DROP TABLE"])
def test_dangerous_name_is_no_template_in_a_message(name: str) -> None:
    assert render("Hej {fornavn}. Ring til os.", {"fornavn": name}) == f"Hej {name}. Ring til os."


@pytest.mark.case("IR12")
def test_tab_and_line_end_before_a_name_are_gone(admin: Actor) -> None:
    (found,) = rows_of(admin, csv_file([(cpr_number(1), "\t\r=1+1", "7", INVITED)]))
    assert found.name == "=1+1"


@pytest.mark.case("IR14")
def test_name_is_normalised_without_losing_letters(admin: Actor) -> None:
    (found,) = rows_of(admin, csv_file([(cpr_number(1), "A\u030ase\u200b \u202eمحمد\u200f 🙂", "7", INVITED)]))
    assert found.name == "Åse محمد 🙂"


@pytest.mark.case("IR16")
@pytest.mark.parametrize(
    ("written", "problem"),
    [("0183", ""), ("183", ""), ("183.0", ""), ("0183 Ishøj", ""), ("", ""), ("0101", "other_municipality"),
     ("101.0", "other_municipality"), ("0", "municipality_unknown"), ("999", "municipality_unknown"),
     ("411", "municipality_unknown"), ("Koebenhavn", "municipality_unknown")],
)  # fmt: skip
def test_municipality_is_one_of_the_98(admin: Actor, written: str, problem: str) -> None:
    assert problem_of(admin, *row(1), written, header=(*HEADER, "Kommunekode")) == problem


@pytest.mark.case("IR18")
@pytest.mark.parametrize(
    ("written", "problem"),
    [("31-02-2021", "date_format"), ("2021-13-01", "date_format"), ("44263", "date_format"), ("3/4/21", "date_format"),
     ("03/04/2021", "date_format"), ("8-3-21", "date_format"), ("", "date_missing"), ("٠٨-٠٣-٢٠٢١", "date_format"),
     ("2021-03-08", ""), ("8.3.2021", ""), ("08-03-2021 00:00:00", ""), ("2021-03-08T09:30:00", ""),
     ("'08-03-2021", ""), ("\u00a008-03-2021\u200e", "")],
)  # fmt: skip
def test_only_declared_dates_are_read(admin: Actor, written: str, problem: str) -> None:
    assert problem_of(admin, *row(1)[:3], written) == problem


@pytest.mark.case("IR18")
def test_real_date_cells_are_read_and_bare_serials_are_not(admin: Actor) -> None:
    # 44263 days after 30 December 1899, and 42801 after 1 January 1904, are both 8 March 2021.
    old = rows_of(admin, xls_file([(*row(1)[:3], (44263.0,)), (*row(2)[:3], 44263.0)]), "liste.xls")
    mac = rows_of(admin, xls_file([(*row(3)[:3], (42801.0,))], dates_1904=True), "liste.xls")
    new = rows_of(admin, xlsx_file([(*row(4)[:3], date(2021, 3, 8)), (*row(5)[:3], 44263)]))
    assert [each.invited_on for each in (*old, *mac, *new)] == [
        date(2021, 3, 8), None, date(2021, 3, 8), date(2021, 3, 8), None,
    ]  # fmt: skip
    assert problems(old) == problems(new) == [(2, ""), (3, "date_format")]


@pytest.mark.case("IR19")
@pytest.mark.parametrize(
    ("written", "problem"), [("31-03-2021", "date_future"), ("30-03-2021", ""), ("31-12-1938", "date_before_birth")]
)
def test_date_lies_between_birth_and_the_list(admin: Actor, written: str, problem: str) -> None:
    assert problem_of(admin, *row(1)[:3], written) == problem


@pytest.mark.case("IR22")
def test_dead_is_not_followed_up_and_protection_is_kept(admin: Actor) -> None:
    with data_context(admin):
        make_citizen(1, status="deceased")
        make_citizen(2, protected=True)
    rows = rows_of(admin, csv_file([row(1), row(2)]))
    assert problems(rows) == [(2, "citizen_status"), (3, "")]
    committed_list(admin, csv_file([row(2), row(1)]), as_of=date(2021, 4, 6))
    with data_context(admin):
        # Every message belongs to an open follow-up.
        assert [each.citizen.name for each in FollowUp.objects.select_related("citizen")] == ["Testperson 2"]
        assert Citizen.objects.get(name="Testperson 2").protected


@pytest.mark.case("IR23")
def test_uneven_rows_shift_nothing(admin: Actor) -> None:
    above = csv_file([row(1)]).getvalue().decode("utf-8-sig").splitlines()
    lines = [
        *above,
        f"{cpr_number(2)};Bo;x;y;7;08-03-2021",
        f"{cpr_number(3)};7",
        f"{cpr_number(4)};Dan;7;08-03-2021;;",
    ]
    file = csv_file([])
    file.seek(0)
    file.write(("\r\n".join(lines) + "\r\n").encode())
    file.seek(0)
    rows = rows_of(admin, file)
    assert problems(rows) == [(2, ""), (3, "cells"), (4, "cells"), (5, "")]
    assert [each.target_group for each in rows if not each.problem_code] == ["7", "7"]
    with data_context(admin):
        # The number may be another column's: it is not kept.
        assert ListRow.objects.filter(problem_code="cells", cpr_index=None).count() == 2


def test_numbers_kept_as_text_by_an_apostrophe_or_a_hard_space_are_read(admin: Actor) -> None:
    written = [f"'{cpr_number(1)}", f"\u00a0{cpr_number(2)}\u00a0", f"{cpr_number(3)[:6]}–{cpr_number(3)[6:]}"]
    assert [code for _, code in problems(rows_of(admin, csv_file([with_number(each) for each in written])))] == [""] * 3


def test_line_of_a_text_file_that_is_huge_but_within_bounds_is_split_for_the_worker(admin: Actor) -> None:
    """Long cells: the worker never holds more than some megabytes of a file at once, and no row is lost."""
    people = [(cpr_number(serial), "x" * 1999, "7", INVITED) for serial in range(9000)]
    reviewed = reviewed_list(admin, text_file(people))
    assert (reviewed.state, reviewed.rows, reviewed.counts) == (ListState.REVIEWED, 9000, {"unreadable": 9000})
