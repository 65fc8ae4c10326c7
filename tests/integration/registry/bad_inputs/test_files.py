"""Bad files, each with its case of the catalogue: refused as a whole with a sentence, or read as it should be."""

import io
import re
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings as current_settings
from django.test import Client
from openpyxl import Workbook

from outreach.access.actor import Actor
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.imports import child
from registry.models import ListState, NonresponderList
from tests.factories.bad_files import (
    ods_file,
    ods_manifest,
    ole_file,
    packed,
    parts_of,
    text_file,
    with_parts,
    xls_file,
)
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.list_pages import ROWS, list_file, upload
from tests.factories.refusals import refusal, rows_of
from tests.factories.registry import HEADER, csv_file, receive, reviewed_list, row, xlsx_file

pytestmark = pytest.mark.django_db
SHEET = "xl/worksheets/sheet1.xml"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def book() -> io.BytesIO:
    return xlsx_file([row(1), row(2)])


def sheet_with(old: str, new: str) -> io.BytesIO:
    """A workbook whose sheet has some of its XML replaced."""
    file = book()
    text = parts_of(file)[SHEET].decode()
    assert old in text
    return with_parts(file, {SHEET: text.replace(old, new, 1)})


@pytest.mark.case("IF03")
def test_file_over_the_limit_is_refused_by_form_and_proxy(settings: object) -> None:
    list_admin = client_with_role(Role.LIST_ADMIN)
    settings.UPLOAD_MAX_BYTES = 100  # type: ignore[attr-defined]
    response = upload(list_admin, ROWS)
    assert (response.status_code, NonresponderList.objects.count()) == (422, 0)
    assert "Filen er større end" in response.content.decode()
    proxy = Path(current_settings.BASE_DIR, "docker", "Caddyfile").read_text()
    most = int(re.search(r"max_size (\d+)MB", proxy)[1])  # type: ignore[index]
    # Caddy's megabyte is a million bytes; the form's own fields need a little room.
    assert 200 * 1024**2 < most * 10**6 < 220 * 1024**2


@pytest.mark.case("IF04")
def test_part_sent_as_base64_is_refused_within_bounded_memory(settings: object) -> None:
    assert django.VERSION[:3] >= (5, 2, 19)
    list_admin = client_with_role(Role.LIST_ADMIN)
    head = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="liste.csv"\r\n'
        b"Content-Type: text/csv\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    # Spaces are what made the old parser copy the rest of the part again and again.
    body = head + (b"QUFB" + b" " * 60) * 400_000 + b"\r\n--x--\r\n"
    settings.UPLOAD_MAX_BYTES = 100_000  # type: ignore[attr-defined]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    response = list_admin.generic("POST", "/lister/indlaes/", body, content_type="multipart/form-data; boundary=x")
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert (response.status_code, NonresponderList.objects.count()) == (422, 0)
    assert peak < 2 * len(body)


@pytest.mark.parametrize(
    ("content", "name", "code", "words"),
    [
        pytest.param(text_file([row(1, name="Åse")], encoding="cp1252"), "liste.xlsx", "file_type_mismatch",
            "ikke en Excel-fil", marks=pytest.mark.case("IF05")),
        pytest.param(book(), "liste.csv", "file_type_mismatch", "i virkeligheden en Excel-fil",
            marks=pytest.mark.case("IF06")),
        pytest.param(book().getvalue()[:3000], "liste.xlsx", "file_truncated", "Filen er ikke hel",
            marks=pytest.mark.case("IF07")),
        pytest.param(csv_file([row(1), row(2)]).getvalue()[:-20], "liste.csv", "truncated",
            "sidste række er ufuldstændig", marks=pytest.mark.case("IF08")),
        pytest.param(sheet_with("<sheetData>", "<sheetData>" + " " * 20_000_000), "liste.xlsx", "file_bomb",
            "fylder alt for meget", marks=pytest.mark.case("IF09")),
        pytest.param(sheet_with("<worksheet", '<!DOCTYPE x [<!ENTITY e "x">]><worksheet'), "liste.xlsx", "unsafe_xml",
            "sikkerheden", marks=pytest.mark.case("IF14")),
        pytest.param(ole_file("EncryptedPackage"), "liste.xlsx", "file_password", "beskyttet med adgangskode",
            marks=pytest.mark.case("IF16")),
        pytest.param(xls_file([], locked=True), "liste.xls", "password", "beskyttet med adgangskode",
            marks=pytest.mark.case("IF16")),
        pytest.param(with_parts(ods_file([]), {"META-INF/manifest.xml": ods_manifest("<manifest:encryption-data/>")}),
            "liste.ods", "password", "beskyttet med adgangskode", marks=pytest.mark.case("IF16")),
        pytest.param(with_parts(book(), {"xl/vbaProject.bin": b"x"}), "liste.xlsm", "file_macros", "makroer",
            marks=pytest.mark.case("IF18")),
        pytest.param(xls_file([row(1)], macros=True), "liste.xls", "file_macros", "makroer",
            marks=pytest.mark.case("IF18")),
        pytest.param(EICAR, "liste.csv", "file_type", "ikke en liste", marks=pytest.mark.case("IF35")),
    ],
)  # fmt: skip
def test_whole_file_is_refused(admin: Actor, content: bytes | io.BytesIO, name: str, code: str, words: str) -> None:
    found, sentence = refusal(admin, content, name)
    assert found == code
    assert words in sentence


@pytest.mark.case("IF09")
def test_unpacked_size_is_limited_whatever_the_ratio(admin: Actor, settings: object) -> None:
    settings.UPLOAD_MAX_UNPACKED_BYTES = 5000  # type: ignore[attr-defined]
    # The next file, which `refusal` hands in, is a text.
    assert refusal(admin, book(), "liste.xlsx")[0] == "file_bomb"


@pytest.mark.case("IF13")
def test_part_that_unpacks_to_more_than_declared_is_refused(admin: Actor) -> None:
    file = bytearray(sheet_with("<sheetData>", "<sheetData>" + " " * 50_000_000).getvalue())
    for mark, size_at, name_at in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        at = -1
        while (at := file.find(mark, at + 1)) >= 0:
            if file[at + name_at :].startswith(SHEET.encode()):
                file[at + size_at : at + size_at + 4] = struct.pack("<I", 1000)
    assert refusal(admin, bytes(file), "liste.xlsx")[0] == "broken_file"


@pytest.mark.case("IF14")
def test_nothing_of_the_machine_is_read_through_an_entity(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><worksheet'
    text = parts_of(book())[SHEET].decode().replace("<worksheet", declared, 1).replace("Testperson 1", "&e;", 1)
    assert "&e;" in text
    said: list[str] = []
    real = child._message

    def overheard(*arguments: Any) -> dict[str, Any]:
        message = real(*arguments)
        said.append(str(message))
        return message

    monkeypatch.setattr(child, "_message", overheard)
    code, sentence = refusal(admin, with_parts(book(), {SHEET: text}), "liste.xlsx")
    hostname = Path("/etc/hostname").read_text().strip()
    assert code == "unsafe_xml"
    assert hostname not in sentence + "".join(said)


@pytest.mark.case("IF15")
def test_entities_of_entities_are_refused_at_once(admin: Actor) -> None:
    laughs = "".join(f'<!ENTITY {chr(98 + step)} "{f"&{chr(97 + step)};" * 10}">' for step in range(10))
    declared = f'<!DOCTYPE l [<!ENTITY a "ha">{laughs}]><worksheet'
    text = parts_of(book())[SHEET].decode().replace("<worksheet", declared, 1).replace("Testperson 1", "&k;", 1)
    file = with_parts(book(), {SHEET: text})
    assert refusal(admin, file, "liste.xlsx")[0] == "unsafe_xml"


@pytest.mark.case("IF17")
@pytest.mark.parametrize(
    ("file", "name"),
    [(xls_file([row(1), row(2)]), "liste.xls"), (ods_file([row(1), row(2)]), "liste.ods"), (book(), "liste.xlsx")],
)
def test_each_kind_of_sheet_is_read_alike(admin: Actor, file: io.BytesIO, name: str) -> None:
    rows = rows_of(admin, file, name)
    assert [(each.row_number, each.name, each.target_group) for each in rows] == [
        (2, "Testperson 1", "7"),
        (3, "Testperson 2", "7"),
    ]


@pytest.mark.case("IF17")
@pytest.mark.parametrize("part", ["xl/workbook.bin", "Index/Document.iwa", "word/document.xml"])
def test_other_packed_files_are_refused_with_the_accepted_kinds(admin: Actor, part: str) -> None:
    parts = {name: content for name, content in parts_of(book()).items() if name != "xl/workbook.xml"}
    code, sentence = refusal(admin, packed({**parts, part: b"x"}), "liste.xlsb")
    assert code == "file_type"
    assert "XLSX, XLS, ODS, CSV, TSV" in sentence


@pytest.mark.case("IF21")
def test_merged_header_is_refused_with_its_cells(admin: Actor) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Liste"])
    sheet.append(["CPR-nummer", "Navn", "", "Inviteret"])
    sheet.append(list(row(1)))
    sheet.merge_cells("B2:C2")
    file = io.BytesIO()
    workbook.save(file)
    code, sentence = refusal(admin, io.BytesIO(file.getvalue()), "liste.xlsx")
    assert code == "merged_header"
    assert "B2:C2" in sentence


@pytest.mark.parametrize(
    "encoding",
    [
        pytest.param("utf-8-sig", marks=pytest.mark.case("IF23")),
        pytest.param("utf-16", marks=pytest.mark.case("IF24")),
        pytest.param("utf-16-le", marks=pytest.mark.case("IF24")),
        pytest.param("utf-16-be", marks=pytest.mark.case("IF24")),
        pytest.param("cp1252", marks=pytest.mark.case("IF25")),
        pytest.param("latin-1", marks=pytest.mark.case("IF25")),
        "utf-8",
    ],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_names_survive_every_encoding(admin: Actor, encoding: str, delimiter: str) -> None:
    name = "Ærø Sørensen-Åkjær"
    file = text_file([row(1, name=name)], encoding=encoding, delimiter=delimiter)
    reviewed = reviewed_list(admin, file, display_name="liste.tsv")
    assert reviewed.header == list(HEADER)
    assert [each.name for each in rows_of(admin, text_file([row(2, name=name)], encoding=encoding))] == [name]


@pytest.mark.case("IF24")
def test_utf_16_with_its_mark_in_big_endian_is_read(admin: Actor) -> None:
    file = io.BytesIO(b"\xfe\xff" + text_file([row(1, name="Åse")], encoding="utf-16-be").getvalue())
    assert [each.name for each in rows_of(admin, file)] == ["Åse"]


@pytest.mark.case("IF26")
def test_mixed_encodings_are_refused_with_the_line(admin: Actor) -> None:
    lines = text_file([row(serial % 10_000, name="Åse") for serial in range(70_100)]).getvalue().split(b"\r\n")
    lines[69_999] = lines[69_999].replace("Åse".encode(), b"\xc5se")  # line 70,000
    code, sentence = refusal(admin, b"\r\n".join(lines), "liste.csv")
    assert code == "encoding_mixed"
    assert "linje 70000" in sentence


@pytest.mark.case("IF28")
def test_delimiter_is_the_header_s_whatever_the_rows_hold(admin: Actor) -> None:
    file = text_file([row(1, name="Holm; Bo; Cai; Dan")], delimiter=",")
    assert [each.name for each in rows_of(admin, file)] == ["Holm; Bo; Cai; Dan"]
    code, sentence = refusal_without_rows(admin, text_file([row(1)], delimiter="|"))
    assert code == "no_header"
    assert "CPR-nummer" in sentence


def refusal_without_rows(admin: Actor, file: io.BytesIO) -> tuple[str, str]:
    failed = reviewed_list(admin, file)
    assert failed.state == ListState.FAILED
    return failed.error_code, failed.error_message


@pytest.mark.case("IF29")
def test_quoted_line_break_is_one_row_as_the_spreadsheet_shows_it(admin: Actor) -> None:
    rows = rows_of(admin, text_file([row(1, name="Åse;\r\nPrøve"), row(2)]))
    assert [(each.row_number, each.name) for each in rows] == [(2, "Åse; Prøve"), (3, "Testperson 2")]


@pytest.mark.case("IF31")
def test_every_line_end_gives_the_same_rows(admin: Actor) -> None:
    people = [row(1), row(2), row(3)]
    mixed = text_file(people, end="\n").getvalue().replace(b"\n", b"\r\n", 2).replace(b"Testperson 2", b"Testperson 4")
    files = [text_file(people, end=end).getvalue() for end in ("\n", "\r", "\r\n")] + [mixed]
    numbers = [[each.row_number for each in rows_of(admin, io.BytesIO(content))] for content in files]
    assert numbers == [[2, 3, 4]] * 4


@pytest.mark.case("IF32", "IF33")
@pytest.mark.parametrize(("make", "name"), [
    (text_file, "liste.csv"), (xlsx_file, "liste.xlsx"), (ods_file, "liste.ods"), (xls_file, "liste.xls"),
])  # fmt: skip
def test_row_limit_is_exact(admin: Actor, settings: object, make: object, name: str) -> None:
    settings.UPLOAD_MAX_ROWS = 5  # type: ignore[attr-defined]
    people = [row(serial) for serial in range(6)]
    code, sentence = refusal(admin, make(people), name)  # type: ignore[operator]
    assert code == "too_many_rows"
    assert "flere end 5 rækker" in sentence
    assert len(rows_of(admin, make(people[:5]), name)) == 5  # type: ignore[operator]


@pytest.mark.case("IF32")
def test_sheets_have_the_limit_of_a_sheet() -> None:
    assert (child.SHEET_ROWS, current_settings.UPLOAD_MAX_ROWS) == (1_048_576, 2_000_000)


@pytest.mark.case("IF32")
def test_reading_stops_at_the_limit(admin: Actor, settings: object) -> None:
    settings.UPLOAD_MAX_ROWS = 1000  # type: ignore[attr-defined]
    many = csv_file([row(1)]).getvalue() + b"7101390001;A;7;08-03-2021\r\n" * 200_000
    assert refusal(admin, many, "liste.csv")[0] == "too_many_rows"


@pytest.mark.case("IF34")
def test_name_of_a_file_is_shown_safely_and_never_used(admin: Actor) -> None:
    sent = "../../etc/\u202e" + "a" * 300 + '"\r\nSet-Cookie: x.csv'
    received = receive(admin, csv_file([row(1)]), display_name=sent)
    assert len(received.display_name) <= 120
    assert received.display_name.isprintable()
    assert not set(received.display_name) & set("/\\\"'\r\n\u202e")
    assert re.fullmatch(r"[0-9a-f]{32}\.csv", received.stored_name)
    assert Path(current_settings.UPLOAD_ROOT, "lists", received.stored_name).exists()


@pytest.mark.case("IF35")
@pytest.mark.parametrize(("exit_code", "code"), [(0, ""), (1, "file_infected"), (2, "scanner_failed")])
def test_scanner_that_is_installed_decides(
    admin: Actor, settings: object, tmp_path: Path, exit_code: int, code: str
) -> None:
    seen = tmp_path / "seen"
    settings.UPLOAD_SCANNER = ["sh", "-c", f'cp "$0" {seen}; exit {exit_code}']  # type: ignore[attr-defined]
    content = csv_file([row(1)])
    if code:
        with pytest.raises(UserError) as refused:
            receive(admin, content)
        assert refused.value.code == code
        assert list(Path(current_settings.UPLOAD_ROOT, "lists").iterdir()) == []
    else:
        receive(admin, content)
    assert seen.read_bytes() == content.getvalue()


@pytest.mark.case("IF35")
def test_missing_scanner_is_written_down_as_an_exception() -> None:
    assert current_settings.UPLOAD_SCANNER == []
    assert "UPLOAD_SCANNER" in Path(current_settings.BASE_DIR, "docs", "operations.md").read_text()


@pytest.mark.case("IF36")
def test_second_file_of_a_request_is_not_read() -> None:
    list_admin: Client = client_with_role(Role.LIST_ADMIN)
    upload(list_admin, ROWS, other=list_file(["x"], name="anden.csv"))
    assert [each.display_name for each in NonresponderList.objects.all()] == ["SSI_uge16.csv"]
