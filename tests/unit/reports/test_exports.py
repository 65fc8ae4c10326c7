"""CSV cells: Danish figures, and nothing a spreadsheet would run (D8)."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.exports import cell, csv_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (Decimal("7.5"), "7,5"),
        (2015, "2015"),
        (date(2021, 4, 20), "20.04.2021"),
        (True, "ja"),
        ("Ishøj", "Ishøj"),
    ],
)
def test_values_are_written_as_danes_write_them(value: object, text: str) -> None:
    assert cell(value) == text


@pytest.mark.parametrize("text", ["=1+1", "+45", "-2", "@SUM(A1)", "\t=1", "  =1", "\r=1"])
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1, max_size=4))
def test_rows_survive_delimiters_and_quotes(values: list[str]) -> None:
    (_, row) = list(csv.reader(io.StringIO(csv_text(["a"], [values]), newline=""), delimiter=";"))
    assert [value.removeprefix("'") for value in row] == [value.removeprefix("'") for value in values]
    assert not any(value.startswith(("=", "+", "-", "@")) for value in row)
