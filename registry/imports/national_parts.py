"""Write a national file's rows into one file per municipality, and count how they fall. No database here."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..services.national_gates import Shares
from .child import Chunk, Reading
from .cleaning import mapped, municipality_code
from .columns import SSI_LIST

UNPLACED_KEPT = 1000
TITLES = {column.name: column.title for column in SSI_LIST}


@dataclass
class Parts:
    """The files by municipality code, and every row's place: here, elsewhere, or unknown."""

    paths: dict[int, Path] = field(default_factory=dict)
    placed: Counter[int] = field(default_factory=Counter)
    not_served: Counter[int] = field(default_factory=Counter)
    unplaced_rows: int = 0
    unplaced: list[int] = field(default_factory=list)

    @property
    def shares(self) -> Shares:
        """Rows by municipality, served here or not."""
        return Shares({**self.placed, **self.not_served}, self.unplaced_rows)


def write_parts(file: Reading, folder: Path, *, known: Mapping[int, str], served: frozenset[int]) -> Parts:
    """Share the rows out into `folder`, one CSV file per served municipality, in the national file's order.

    `known`: code → name of every municipality. Rows of those not served here are counted and not written; a row with
    cells too many or too few, or no known municipality, is placed nowhere. Raises UserError and ReaderKilled as
    `Reading.chunks` does.
    """
    parts = Parts()
    names = [name for name in TITLES if name in file.header.mapping]
    with _Writers(folder, [TITLES[name] for name in names]).opened() as writers:
        for chunk in file.chunks():
            _share_out(chunk, names, parts, writers, known, served)
    parts.paths = writers.paths
    return parts


def _share_out(
    chunk: Chunk, names: list[str], parts: Parts, writers: _Writers, known: Mapping[int, str], served: frozenset[int]
) -> None:
    codes = mapped(chunk.columns["municipality"], lambda text: municipality_code(text, known))
    rows = zip(*(chunk.columns[name] for name in names), strict=True)
    for number, code, cells in zip(chunk.row_numbers, codes, rows, strict=True):
        if not code or number in chunk.uneven:
            parts.unplaced_rows += 1
            if len(parts.unplaced) < UNPLACED_KEPT:
                parts.unplaced.append(number)
        elif code in served:
            parts.placed[code] += 1
            writers.row(code, cells)
        else:
            parts.not_served[code] += 1


class _Writers:
    """One open file per municipality that has rows: at most 99."""

    def __init__(self, folder: Path, header: list[str]) -> None:
        self.folder, self.header = folder, header
        self.paths: dict[int, Path] = {}
        self._writers: dict[int, Any] = {}
        self._stack = ExitStack()

    @contextmanager
    def opened(self) -> Iterator[_Writers]:
        with self._stack:
            yield self

    def row(self, code: int, cells: tuple[str, ...]) -> None:
        if code not in self._writers:
            path = self.folder / f"{code:04d}.csv"
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            target = self._stack.enter_context(os.fdopen(descriptor, "w", encoding="utf-8", newline=""))
            self._writers[code] = csv.writer(target, delimiter=";", lineterminator="\r\n")
            self._writers[code].writerow(self.header)
            self.paths[code] = path
        self._writers[code].writerow(cells)
