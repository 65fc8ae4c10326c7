"""Files are what their bytes say, and packed ones are looked at before they are opened."""

import zipfile
from pathlib import Path

import pytest

from outreach.errors import UserError
from registry.services.file_kinds import FileKind, ZipLimits, kind_of
from registry.services.received_files import safe_name

LIMITS = ZipLimits(unpacked_bytes=10_000, ratio=100, entries=10)


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def code_of(path: Path, name: str, limits: ZipLimits = LIMITS) -> str:
    with pytest.raises(UserError) as refusal:
        kind_of(path, name, limits)
    assert refusal.value.message.endswith(".")
    return refusal.value.code


def test_workbook_and_document_are_told_apart(tmp_path: Path) -> None:
    xlsx = packed(tmp_path / "a", {"[Content_Types].xml": b"", "xl/workbook.xml": b"<a/>"})
    ods = packed(tmp_path / "b", {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})
    assert kind_of(xlsx, "liste.XLSX", LIMITS) == FileKind.XLSX
    assert kind_of(ods, "liste.ods", LIMITS) == FileKind.ODS
    assert code_of(ods, "liste.xlsx") == "file_type_mismatch"


def test_bombs_macros_and_other_archives_are_refused(tmp_path: Path) -> None:
    bomb = packed(tmp_path / "a", {"xl/workbook.xml": b"0" * 20_000})
    assert code_of(bomb, "a.xlsx") == "file_bomb"
    dense = packed(tmp_path / "b", {"xl/workbook.xml": b"0" * 9_000 + b"x"})
    assert code_of(dense, "a.xlsx", ZipLimits(10_000_000, 10, 10)) == "file_bomb"
    many = packed(tmp_path / "c", {f"{number}": b"" for number in range(11)})
    assert code_of(many, "a.xlsx") == "file_bomb"
    macros = packed(tmp_path / "d", {"xl/workbook.xml": b"", "xl/vbaProject.bin": b""})
    assert code_of(macros, "a.xlsm") == "file_macros"
    binary = packed(tmp_path / "e", {"xl/workbook.bin": b""})
    assert code_of(binary, "a.xlsb") == "file_type"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/x.xlsx", "x.xlsx"),
        ("C:\\lister\\uge 14.csv", "uge 14.csv"),
        ("liste\r\nSet-Cookie: a.csv", "listeSet-Cookie: a.csv"),
        ("\u202exslx.exe", "xslx.exe"),
        ("a\"b'c.csv", "abc.csv"),
        ("", "liste"),
    ],
)
def test_names_are_made_safe_to_show(sent: str, shown: str) -> None:
    assert safe_name(sent) == shown


def test_long_names_keep_their_extension() -> None:
    assert safe_name("a" * 300 + ".xlsx") == "a" * 115 + ".xlsx"
