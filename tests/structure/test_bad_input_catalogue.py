"""Every case of the catalogue of bad inputs that concerns imports or messages has a test that carries its id."""

import csv
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
CATALOGUE = TESTS.parent.parent / "shared" / "reliability" / "bad_inputs.csv"
MARK = re.compile(r"mark\.case\(([^)]*)\)")
AREAS = ("import-", "phone", "sms-send", "sms-webhook")


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the catalogue is not at hand")
def test_each_case_of_imports_and_messages_has_a_test() -> None:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        wanted = {row["id"] for row in csv.DictReader(file) if row["area"].startswith(AREAS)}
    marked = {
        case
        for path in TESTS.rglob("test_*.py")
        for arguments in MARK.findall(path.read_text(encoding="utf-8"))
        for case in re.findall(r'"([A-Z]{2}\d{2})"', arguments)
    }
    assert sorted(wanted - marked) == []
