"""Hostile and damaged files that the catalogue does not list: a sentence, nothing written, the next file is read."""

import gzip
import io
import re
import struct
from datetime import date

import pytest
from openpyxl import Workbook

from outreach.access.actor import Actor
from outreach.access.roles import Role
from tests.factories.bad_files import ODS_TYPE, ods_file, ole_file, packed, parts_of, text_file, with_parts, xls_file
from tests.factories.cast import actor_with_role
from tests.factories.refusals import refusal, rows_of
from tests.factories.registry import HEADER, csv_file, row, xlsx_file

pytestmark = pytest.mark.django_db
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
PEOPLE = [row(1), row(2)]
FAR_CELL = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
REPEATED = (
    '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"'
    ' office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
)
REPEATED_BLANKS = (
    '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)
# One text of 32,000 letters that every cell of a million points to.
SHARED = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"x" * 32_000}</t></si></sst>'


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def changed(part: str, old: str, new: str) -> io.BytesIO:
    """A workbook of two people with some XML of one part replaced, by pattern."""
    file = xlsx_file(PEOPLE)
    text, count = re.subn(old, lambda _: new, parts_of(file)[part].decode(), count=1)
    assert count == 1
    return with_parts(file, {part: text})


def sheets(count: int) -> str:
    """`count` sheets in a workbook that has one file of rows."""
    each = (f'<sheet name="Ark{n}" sheetId="{n}" state="visible" r:id="rId1"/>' for n in range(1, count + 1))
    return f"<sheets>{''.join(each)}</sheets>"


def damaged_xls(at: int, content: bytes) -> bytes:
    file = bytearray(xls_file([row(serial) for serial in range(300)]).getvalue())
    file[at : at + len(content)] = content
    return bytes(file)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (packed({"liste.xlsx": xlsx_file(PEOPLE).getvalue()}), "liste.xlsx", "file_type"),
        (packed({f"{n}": b"" for n in range(1001)}), "liste.xlsx", "file_bomb"),
        (packed({"mimetype": ODS_TYPE, "Basic/Standard/x.xml": b"x"}), "liste.ods", "file_macros"),
        (packed({"mimetype": ODS_TYPE}), "liste.ods", "broken_file"),
        (packed({BOOK: b"<workbook/>"}), "liste.xlsx", "broken_file"),
        (with_parts(xlsx_file(PEOPLE), {"xl/macrosheets/sheet1.xml": b"x"}), "liste.xlsx", "file_macros"),
        (with_parts(xlsx_file(PEOPLE), {SHEET: b"<worksheet><sheetData><row><c"}), "liste.xlsx", "broken_file"),
        (changed(BOOK, "<sheets>.*</sheets>", sheets(100_000)), "liste.xlsx", "too_many_sheets"),
        (changed(BOOK, "<sheets>.*</sheets>", sheets(2)), "liste.xlsx", "several_lists"),
        (changed(BOOK, 'state="visible"', 'state="hidden"'), "liste.xlsx", "hidden_sheet"),
        (changed(SHEET, "</sheetData>", FAR_CELL), "liste.xlsx", "unreadable"),
        (ods_file(PEOPLE, rest=REPEATED), "liste.ods", "broken_file"),
        (damaged_xls(512, struct.pack("<128I", *([1] * 128))), "liste.xls", "unreadable"),
        (damaged_xls(512, b"\x77" * 512), "liste.xls", None),
        (damaged_xls(3000, b"\xff" * 20_000), "liste.xls", None),
        (xls_file([row(serial) for serial in range(300)]).getvalue()[:-5000], "liste.xls", "broken_file"),
        (ole_file("WordDocument"), "liste.xls", "file_type"),
        (b"<html><table><tr><td>CPR-nummer</td></tr></table></html>", "liste.xls", "file_web_page"),
        (b"\xef\xbb\xbf \r\n<?xml version='1.0'?><Workbook/>", "liste.xls", "file_web_page"),
        (gzip.compress(csv_file([row(serial) for serial in range(500)]).getvalue()), "liste.csv", "file_type"),
        (b"\x7fELF\x02\x01\x01" + bytes(100), "liste.csv", "file_type"),
        (text_file(PEOPLE, encoding="utf-32"), "liste.csv", "file_encoding"),
        (text_file(PEOPLE, encoding="utf-16").getvalue()[:-1], "liste.csv", "truncated"),
        (text_file(PEOPLE).getvalue() + "7101390009;Å".encode()[:-1], "liste.csv", "truncated"),
        (text_file(PEOPLE * 40_000).getvalue() + b"7101390009;A\0;7;08-03-2021\r\n", "liste.csv", "not_text"),
        (b"CPR-nummer;Navn;Inviteret;" + b"x" * 5_000_000, "liste.csv", "long_line"),
        (text_file(PEOPLE, (*HEADER, *(f"k{n}" for n in range(100_000)))), "liste.csv", "too_many_columns"),
        (text_file([(*row(1)[:3], '"' * 40_000)]), "liste.csv", "quotes"),
        (b"\r\n" * 100_000, "liste.csv", "no_header"),
        (b";" * 900_000, "liste.csv", "no_header"),
    ],
)  # fmt: skip
def test_hostile_file_gets_a_sentence(admin: Actor, content: bytes | io.BytesIO, name: str, code: str | None) -> None:
    found, sentence = refusal(admin, content, name)
    assert found == code or code is None
    assert len(sentence) > 30


@pytest.mark.parametrize(
    "file",
    [
        changed(SHEET, '<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"'),
        changed(SHEET, '<dimension ref="[^"]*"', '<dimension ref="A1:A1"'),
        changed(SHEET, "<sheetData>", "<sheetData>" + "<a>" * 20_000 + "</a>" * 20_000),
        with_parts(xlsx_file(PEOPLE), {"../../../../tmp/evil.xml": b"<a/>"}),
        with_parts(xlsx_file(PEOPLE), {"xl/embeddings/inner.zip": packed({"x": b"x"}).getvalue()}),
        with_parts(ods_file(PEOPLE), {"../evil": b"x"}),
        ods_file(PEOPLE, rest=REPEATED_BLANKS),
    ],
)  # fmt: skip
def test_harmless_oddities_are_read_as_they_are(admin: Actor, file: io.BytesIO) -> None:
    kind = "ods" if "content.xml" in parts_of(file) else "xlsx"
    assert [each.name for each in rows_of(admin, file, f"liste.{kind}")] == ["Testperson 1", "Testperson 2"]


def test_text_shared_by_many_cells_does_not_fill_the_worker(admin: Actor) -> None:
    """120,000 cells of one text of 32,000 letters: 4 GB in the child, which dies of it; the worker does not notice."""
    cells = "".join(f'<c r="{column}{{n}}" t="s"><v>0</v></c>' for column in "ABCD")
    lines = "".join(f'<row r="{n}">{cells.format(n=n)}</row>' for n in range(4, 30_000))
    file = with_parts(changed(SHEET, "</sheetData>", f"{lines}</sheetData>"), {"xl/sharedStrings.xml": SHARED})
    relations = parts_of(file)["xl/_rels/workbook.xml.rels"].decode()
    shared = (
        '<Relationship Id="rId99" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/officeDocument/'
        '2006/relationships/sharedStrings"/></Relationships>'
    )
    file = with_parts(file, {"xl/_rels/workbook.xml.rels": relations.replace("</Relationships>", shared)})
    code, _ = refusal(admin, file, "liste.xlsx")
    assert code in {"unreadable", "too_large_to_read"}


def test_several_sheets_are_read_by_their_header_and_cached_values_are_used(admin: Actor) -> None:
    """A cover sheet and a sheet of figures beside the list; a formula without a stored value is an empty cell."""
    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["Ugens liste", "fra SSI"])
    figures = book.create_sheet("Tal")
    figures.append(["Målgruppe", "Antal"])
    figures.append(["7", 2])
    listed = book.create_sheet("Liste")
    listed.append(["CPR-nummer", "Navn", "Målgruppe", "Inviteret"])
    listed.append([*row(1)[:3], date(2021, 3, 8)])
    listed.append(["=1+1", "Bo", "7", "=TODAY()"])
    file = io.BytesIO()
    book.save(file)
    rows = rows_of(admin, io.BytesIO(file.getvalue()))
    assert [(each.row_number, each.problem_code) for each in rows] == [(2, ""), (3, "cpr_missing")]
