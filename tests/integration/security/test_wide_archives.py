"""A packed file that lists parts by the hundred thousand is refused before an object is made of each (IF09, A26)."""

import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.errors import UserError
from registry.services.file_kinds import kind_of
from registry.services.received_files import zip_limits
from reports.uptake_files.sheets import file_rows

PARTS = 100_000
# One part's line in the list at the end of the file, and the list's own end; all parts share one empty content.
PART = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
CONTENT = b"PK\x03\x04" + bytes(36)


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, PARTS * len(PART), len(CONTENT), 0)
    path = tmp_path / "liste.xlsx"
    path.write_bytes(CONTENT + PART * PARTS + end)
    return path


@pytest.mark.parametrize(
    "open_it",
    [lambda path: kind_of(path, path.name, zip_limits()), lambda path: file_rows(path, lambda _row: True)],
    ids=["list", "figures"],
)
def test_a_list_of_parts_that_is_too_long_is_not_read(wide: Path, open_it: Callable[[Path], object]) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(UserError) as refusal:
            open_it(wide)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refusal.value.code == "file_bomb"
    assert peak < 10 * 1024**2
