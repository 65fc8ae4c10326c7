"""Files with random damage end as read or as refused with a sentence: never as an exception, never as a hang."""

import io
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from outreach.errors import UserError
from registry.imports.child import reading
from registry.services.file_kinds import kind_of
from registry.services.received_files import zip_limits
from tests.factories.bad_files import ods_file, packed, parts_of, text_file, xls_file
from tests.factories.registry import row, xlsx_file

ROUNDS = 600 if os.environ.get("OUTREACH_DRILLS") == "1" else 50
PEOPLE = [row(serial, name=f"Åse Ørsted {serial}") for serial in range(40)]
FILES = {
    "xlsx": xlsx_file(PEOPLE).getvalue(),
    "csv": text_file(PEOPLE).getvalue(),
    "ods": ods_file(PEOPLE).getvalue(),
    "xls": xls_file(PEOPLE).getvalue(),
}


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The file with some bytes changed, cut off, taken out or doubled; or the same inside what is packed."""
    if content.startswith(b"PK") and chance.random() < 0.5:
        # Most damage to a packed file is found by its checksums; what is packed anew has right ones.
        parts = parts_of(file_of(content))
        name = chance.choice(sorted(parts))
        return packed({**parts, name: damaged(parts[name], chance)}).getvalue()
    changed = bytearray(content)
    start = chance.randrange(len(changed))
    length = chance.choice((1, 4, 100, 2000))
    way = chance.randrange(5)
    if way == 0:
        return bytes(changed[:start])
    if way == 1:
        del changed[start : start + length]
    elif way == 2:
        changed[start:start] = changed[start : start + length]
    elif way == 3:
        changed[start : start + length] = chance.randbytes(min(length, len(changed) - start))
    else:
        for _ in range(chance.randint(1, 20)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def file_of(content: bytes) -> io.BytesIO:
    """The bytes as a file."""

    return io.BytesIO(content)


def outcome(path: Path) -> str:
    """`read`, or the code of the refusal; its sentence is one line that says what to do."""
    try:
        kind = kind_of(path, path.name, zip_limits())
        with reading(path, kind=kind, specification="list", mapping={}, patience_seconds=10) as file:
            rows = sum(len(chunk.row_numbers) for chunk in file.chunks()) if not file.header.missing else 0
            assert rows == file.rows
            return "read"
    except UserError as error:
        told = error
    assert told.message.endswith(".")
    assert told.message.isprintable()
    return told.code


@pytest.mark.parametrize("kind", FILES)
def test_damaged_file_is_read_or_refused(kind: str, tmp_path: Path) -> None:
    chance = random.Random(f"{kind} 183")
    path = tmp_path / f"liste.{kind}"
    path.write_bytes(FILES[kind])
    assert outcome(path) == "read"
    outcomes: Counter[str] = Counter()
    for _ in range(ROUNDS):
        path.write_bytes(damaged(FILES[kind], chance))
        outcomes[outcome(path)] += 1
    assert outcomes.total() == ROUNDS
    assert outcomes["too_slow"] == 0
    # Damage that nobody finds would make this a test of nothing.
    assert outcomes["read"] < ROUNDS
