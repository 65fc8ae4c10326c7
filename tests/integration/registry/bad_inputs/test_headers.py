"""Bad headers, each with its case of the catalogue: nothing is guessed, and no number is told as a name."""

import io
from collections.abc import Sequence

import pytest

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import ListState, NonresponderList
from tests.factories.bad_files import text_file
from tests.factories.cast import actor_with_role
from tests.factories.refusals import refusal, rows_of
from tests.factories.registry import HEADER, cpr_number, csv_file, reviewed_list, row, xlsx_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def everything_kept(admin: Actor, found: NonresponderList) -> str:
    """All that is stored of a list but its rows, as text."""
    with data_context(admin):
        current = NonresponderList.objects.get(pk=found.pk)
        return " ".join(str(getattr(current, field.attname)) for field in current._meta.concrete_fields)


@pytest.mark.case("IH01")
def test_row_of_data_is_no_header_and_its_number_is_not_told(
    admin: Actor, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    code, sentence = refusal(admin, text_file([row(2)], row(1)), "liste.csv")
    assert code == "no_header"
    assert all(title in sentence for title in ("CPR-nummer", "Navn", "Inviteret"))
    assert cpr_number(1) not in sentence + caplog.text + "".join(capfd.readouterr())


@pytest.mark.case("IH01")
@pytest.mark.parametrize("written", ["{}", "{0:.6}-{0:.4}", "{0:.6} {0:.4}", "{}.0", "'{}"])
def test_file_of_numbers_tells_none_of_them(
    admin: Actor, written: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    number = cpr_number(1)
    cells = [written.format(number)] * 4
    failed = reviewed_list(admin, csv_file([cells] * 3, cells))
    assert failed.state == ListState.FAILED
    said = everything_kept(admin, failed) + caplog.text + "".join(capfd.readouterr())
    assert number not in said
    assert number[:6] not in said


@pytest.mark.case("IH01")
def test_number_among_headers_is_not_told(admin: Actor) -> None:
    header = (*HEADER, cpr_number(7), f"Nr. {cpr_number(8)[:6]}-{cpr_number(8)[6:]} x")
    reviewed = reviewed_list(admin, csv_file([(*row(1), "a", "b")], header))
    assert reviewed.state == ListState.REVIEWED
    kept = everything_kept(admin, reviewed)
    assert cpr_number(7) not in kept
    assert cpr_number(8)[:6] not in kept


@pytest.mark.case("IH02")
def test_missing_column_is_named(admin: Actor) -> None:
    code, sentence = refusal(admin, csv_file([row(1)[:3]], HEADER[:3]), "liste.csv")
    assert code == "no_header"
    assert "»Inviteret«" in sentence


@pytest.mark.case("IH02")
def test_missing_column_is_asked_for_while_one_is_left_to_choose(admin: Actor) -> None:
    waiting = reviewed_list(admin, csv_file([row(1)], ("CPR-nummer", "Navn", "Målgruppe", "Kontaktet")))
    assert (waiting.state, waiting.waits_for) == (ListState.UPLOADED, "mapping")


@pytest.mark.case("IH03")
@pytest.mark.parametrize(
    "header", [("CPR", "CPR", "Navn", "Inviteret"), ("CPR-nummer", "Personnummer", "Navn", "Inviteret")]
)
def test_same_column_twice_is_refused(admin: Actor, header: Sequence[str]) -> None:
    file = csv_file([(cpr_number(1), cpr_number(2), "Åse", "08-03-2021")], header)
    code, sentence = refusal(admin, file, "liste.csv")
    assert code == "duplicate_header"
    assert header[1] in sentence


@pytest.mark.case("IH04")
@pytest.mark.parametrize("written", [" cpr-nr ", "CPR\u00a0NR", "Cpr_Nr.", "\u200bcpr nr", "CPRNR"])
def test_headers_are_compared_without_case_and_space(admin: Actor, written: str) -> None:
    assert len(rows_of(admin, csv_file([row(1)], (written, *HEADER[1:])))) == 1


@pytest.mark.case("IH04")
def test_header_on_no_list_of_aliases_is_asked_about(admin: Actor) -> None:
    waiting = reviewed_list(admin, csv_file([row(1)], ("Cepeer", *HEADER[1:])))
    assert waiting.waits_for == "mapping"


@pytest.mark.case("IH05")
def test_unknown_column_is_dropped_and_said(admin: Actor) -> None:
    file = csv_file([(*row(1), "hemmelig diagnose")], (*HEADER, "Diagnose"))
    reviewed = reviewed_list(admin, file)
    warning = next(each for each in reviewed.warnings if each["code"] == "dropped_columns")
    assert "Diagnose" in warning["message"]
    assert "hemmelig" not in everything_kept(admin, reviewed)


@pytest.mark.case("IH10")
@pytest.mark.parametrize("name", ["SSI-2021-03-23.csv", "liste 23.03.2021.csv", "covid uge 12.csv"])
def test_another_date_or_week_in_the_name_is_a_warning(admin: Actor, name: str) -> None:
    # Stated: 30 March 2021, week 13.
    reviewed = reviewed_list(admin, csv_file([row(1)]), display_name=name)
    assert reviewed.state == ListState.REVIEWED
    assert [each["code"] for each in reviewed.warnings] == ["name_differs"]


@pytest.mark.case("IH10")
def test_the_stated_date_or_week_in_the_name_is_none(admin: Actor) -> None:
    for serial, name in enumerate(("SSI-2021-03-30.csv", "covid uge 13.csv", "liste.csv")):
        assert reviewed_list(admin, csv_file([row(serial)]), display_name=name).warnings == []


def test_titles_above_and_columns_in_any_order_are_read(admin: Actor) -> None:
    """L1: the header on row 15, its columns turned round, empty columns behind it."""
    listed = [tuple(reversed(row(serial))) for serial in (1, 2)]
    above = "Udtræk fra SSI\r\n" + "\r\n" * 12 + "Trukket 30-03-2021;;\r\n"
    rows = rows_of(admin, text_file([(*each, "", "") for each in listed], (*reversed(HEADER), "", ""), above=above))
    assert [(each.row_number, each.name, each.target_group) for each in rows] == [
        (16, "Testperson 1", "7"),
        (17, "Testperson 2", "7"),
    ]


def test_line_that_names_the_delimiter_counts_for_no_row(admin: Actor) -> None:
    """Spreadsheets swallow `sep=,`: the header is row 1."""
    rows = rows_of(admin, text_file([row(1, name="Holm; Bo")], delimiter=",", above="sep=,\r\n"))
    assert [(each.row_number, each.name) for each in rows] == [(2, "Holm; Bo")]


@pytest.mark.parametrize("odd", ["k" * 30_000, "Na\x07vn \x1b[31m", "linje\r\nto", "=HYPERLINK(1)"])
def test_odd_header_is_cut_to_one_clean_line(admin: Actor, odd: str) -> None:
    people = [(*row(serial), "x") for serial in range(50)]
    reviewed = reviewed_list(admin, text_file(people, (*HEADER, odd)))
    assert reviewed.state == ListState.REVIEWED, reviewed.error_message
    assert all(len(name) <= 80 and name.isprintable() for name in reviewed.header)


def test_sheet_with_a_hundred_names_of_columns_too_many_is_refused(admin: Actor) -> None:
    wide = xlsx_file([row(1)], (*HEADER, *(f"k{number}" for number in range(600))))
    assert refusal(admin, io.BytesIO(wide.getvalue()), "liste.xlsx")[0] == "too_many_columns"
