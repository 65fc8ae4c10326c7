"""Reading uptake files: kinds by header, encodings, delimiters, hidden and unknown cells (D1, D2)."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import UserError
from reports.models import UptakeKind
from reports.uptake_files.cells import Figure, UnreadableCell, read_count, read_share
from reports.uptake_files.columns import recognise
from reports.uptake_files.rows import UptakeFile, read_uptake
from reports.uptake_files.sheets import file_rows
from reports.uptake_files.tables import csv_rows
from tests.factories.reports import GROUP_FILE

PARISH = """Bo_kom_today;Sognekode;Sogn;Inviterede_i_sognet;Antal_inviteret_ikke_booket;Andel_inviteret_ikke_booket;\
Andel_booket;Andel_påbegyndt;Andel_færdigvaccineret
Ishøj;7151;Ishøj;14210;2488;17.5;3.1;8.4;71.0
Ishøj;7150;Torslunde;1480;<10;;;;
Ishøj;;;212;71;33.5;1.9;6.6;58.0
"""
MUNICIPALITY = """"Kommunenavn","Antal første vacc.","Antal faerdigvacc.","Vacc.dækning foerste vacc. (%)",\
"Vacc.dækning faerdigvacc. (%)","Antal borgere"
Ishøj,2314,1274,10.0,5.5,23095
Hele landet,700000,400000,12.0,6.8,5840045
"""
AGE = '"Aldersgruppe";"Køn";"Antal første vacc.";"Antal færdigvacc.";"Antal borgere"\n40-64;K;891387;886886;952633\n'
REGION = "Region;Antal første vacc.;Antal borgere\nHovedstaden;200.000;1.850.000\n"
INSTITUTION = (
    "Institutionsnummer;Institutionsnavn;Antal elever;Påbegyndt;Færdigvaccinerede\n101001;Vejleåskolen;200;150;140\n"
)


def is_header(cells: list[str]) -> bool:
    return recognise(cells) is not None


def read(text: str, encoding: str = "utf-8") -> UptakeFile:
    return read_uptake(csv_rows(text.encode(encoding), is_header))


@pytest.mark.parametrize(
    ("text", "kind", "rows"),
    [
        (GROUP_FILE, UptakeKind.GROUP, 7),
        (PARISH, UptakeKind.PARISH, 3),
        (MUNICIPALITY, UptakeKind.MUNICIPALITY, 2),
        (AGE, UptakeKind.AGE, 1),
        (REGION, UptakeKind.REGION, 1),
        (INSTITUTION, UptakeKind.INSTITUTION, 1),
    ],
)
def test_kind_is_read_from_the_header(text: str, kind: UptakeKind, rows: int) -> None:
    file = read(text)
    assert (file.kind, len(file.rows), file.warnings) == (kind, rows, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_give_the_same_rows(encoding: str) -> None:
    text = GROUP_FILE.replace("–", "-") if encoding == "latin-1" else GROUP_FILE
    assert read(text, encoding) == read(GROUP_FILE)


@pytest.mark.parametrize("delimiter", [",", "\t", "|"])
def test_delimiters_give_the_same_rows(delimiter: str) -> None:
    assert read(GROUP_FILE.replace(";", delimiter)) == read(GROUP_FILE)


def test_decimal_comma_and_rows_above_the_header_are_read() -> None:
    drifted = "Vaccinationstilslutning pr. sogn\n\n" + PARISH.replace("17.5", "17,5 %").replace("14210", "14.210")
    assert read(drifted).rows[0].shares == read(PARISH).rows[0].shares
    assert read(drifted).rows[0].counts == read(PARISH).rows[0].counts


def test_hidden_is_neither_zero_nor_unknown() -> None:
    ishoj, torslunde, without = read(PARISH).rows
    assert not ishoj.suppressed
    assert not without.suppressed
    assert torslunde.suppressed
    assert torslunde.counts == {"invited": 1480, "not_booked": None}


def test_dash_is_unknown_and_not_hidden() -> None:
    group_9 = read(GROUP_FILE).rows[5]
    assert group_9.counts == {"population": 2055, "invited": None, "started": None, "complete": None}
    assert not group_9.suppressed


def test_total_and_country_rows_are_told_apart() -> None:
    assert [row.is_total for row in read(GROUP_FILE).rows] == [False] * 6 + [True]
    assert [row.is_country for row in read(MUNICIPALITY).rows] == [False, True]


def test_position_is_the_row_number_of_the_spreadsheet() -> None:
    assert [row.position for row in read("\n" + AGE).rows] == [3]


def test_a_cell_that_is_no_figure_is_said_with_its_row() -> None:
    with pytest.raises(UserError, match="Række 3: »mange« er ikke et tal") as error:
        read(GROUP_FILE.replace("2;325", "2;mange"))
    assert error.value.code == "bad_number"


@pytest.mark.parametrize(("text", "code"), [("Navn;By\nA;B\n", "unknown_uptake_file"), (AGE.split("\n")[0], "no_rows")])
def test_files_without_figures_are_refused(text: str, code: str) -> None:
    with pytest.raises(UserError) as error:
        read(text)
    assert error.value.code == code


def test_a_binary_file_is_refused() -> None:
    with pytest.raises(UserError) as error:
        csv_rows(b"\x7fELF\x00\x00", is_header)
    assert error.value.code == "not_text"


def test_a_row_without_figures_is_skipped_and_said() -> None:
    file = read(GROUP_FILE + "Kilde: FLIS;;;;\n")
    assert file.warnings == ["Række 9 har ingen tal og er sprunget over."]


def test_spreadsheet_gives_the_same_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Vejledning"])
    sheet = book.create_sheet("Tal")
    for index, line in enumerate(GROUP_FILE.splitlines()):
        cells = line.split(";")
        sheet.append([cells[0], *(int(cell) if index and cell.isdigit() else cell for cell in cells[1:])])
    book.save(tmp_path / "tal.xlsx")
    assert read_uptake(file_rows(tmp_path / "tal.xlsx", is_header)) == read(GROUP_FILE)


def test_a_broken_spreadsheet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tal.xlsx").write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(UserError) as error:
        file_rows(tmp_path / "tal.xlsx", is_header)
    assert error.value.code == "bad_spreadsheet"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2.015", 2015),
        ("2 015", 2015),
        ("2\u00a0015", 2015),
        ("2,015", 2015),
        ("2015.0", 2015),
        ("0", 0),
        ("1.850.000", 1850000),
    ],
)
def test_counts(text: str, number: int) -> None:
    assert read_count(text) == Figure(number)


@pytest.mark.parametrize("text", ["1.5", "-3", "12a", "9999999999"])
def test_unreadable_counts(text: str) -> None:
    with pytest.raises(UnreadableCell):
        read_count(text)


@pytest.mark.parametrize("text", ["<10", "< 10", "<5", "under 10", "*"])
def test_hidden_counts(text: str) -> None:
    assert read_count(text) == Figure(hidden=True)


@given(st.decimals(min_value=0, max_value=120, places=1))
def test_shares_survive_either_decimal_sign(share: Decimal) -> None:
    assert read_share(str(share)).value == share
    assert read_share(f"{share} %".replace(".", ",")).value == share


@given(st.integers(0, 10**7))
def test_counts_survive_danish_thousands(number: int) -> None:
    assert read_count(f"{number:,}".replace(",", ".")).value == number
