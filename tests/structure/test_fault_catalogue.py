"""Every fault of the catalogue that concerns imports or contact has a test that carries its id, and kills something
real.
"""

import csv
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
CATALOGUE = TESTS.parent.parent / "shared" / "reliability" / "faults.csv"
MARK = re.compile(r"mark\.case\(([^)]*)\)")
OF_CONTACT = {f"F{number}" for number in range(10, 30)}
OF_IMPORTS = {*(f"F0{number}" for number in range(1, 10)), "F30", "F31", "F36", "F37", "F39", "F44", "F45", "F48"}


def marked_faults() -> set[str]:
    """The ids that tests carry."""
    return {
        fault
        for path in TESTS.rglob("test_*.py")
        for arguments in MARK.findall(path.read_text(encoding="utf-8"))
        for fault in re.findall(r'"(F\d{2})"', arguments)
    }


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the catalogue is not at hand")
def test_each_fault_of_imports_and_contact_has_a_test_and_no_test_names_an_unknown_one() -> None:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    wanted = OF_IMPORTS | OF_CONTACT
    assert known >= wanted
    assert sorted(wanted - marked_faults()) == []
    assert sorted(marked_faults() - known) == []
