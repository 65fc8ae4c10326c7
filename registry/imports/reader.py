"""The reading child, `python -m registry.imports.reader`: a job on standard input, JSON lines on standard output.

Runs without Django, keys or database, under memory and time limits, and may not write files: whatever a hostile file
does to the parser happens here. Only mapped columns leave this process (data minimisation, IH05).

Lines: {"header": …}; {"rows": [numbers], "columns": {name: [texts]}, "uneven": [numbers]} per chunk; last {"end": …}.
Or {"refused": code, "values": …} and nothing after it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from . import cpr_extract, sheets, texts
from .column_kinds import column_kinds
from .columns import HEADER_SEARCH_ROWS, Proposal, find_header, propose
from .refusals import MOST_COLUMNS, Refusal, tellable

CHUNK = 25_000  # rows; about 3 MB of JSON
MOST_CHARACTERS = 16 * 1024**2  # of JSON in one line: what the worker holds of a file at once
CELL_LIMIT = 2_000  # characters; longer cells are cut here and refused by the rules as too long


def main() -> int:
    """Read one file. The exit code is 0 also for a refused file; anything else is the child's death."""
    job = json.loads(sys.stdin.readline())
    _bound(job["memory_bytes"], job["cpu_seconds"])
    try:
        if job["specification"] == "cpr_extract":
            cpr_extract.read(Path(job["path"]), job["max_rows"], _say)
        else:
            _read(job)
    except Refusal as refusal:
        _say({"refused": refusal.code, "values": refusal.values})
    except MemoryError:
        _say({"refused": "too_large_to_read", "values": {}})
    return 0


def _bound(memory_bytes: int, cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(job: dict[str, Any]) -> None:
    started = time.monotonic()
    path, kind, mapping = Path(job["path"]), job["specification"], job["mapping"]
    is_text = job["kind"] == "csv"
    rows = texts.rows_of(path, kind, mapping) if is_text else sheets.rows_of(path, kind, mapping)
    first = list(islice(rows, HEADER_SEARCH_ROWS))
    position = find_header([row[:MOST_COLUMNS] for row in first], kind, mapping)
    if position is None:
        raise Refusal("no_header", missing=propose([], kind, mapping).missing)
    if sum(not (name == "" or name.isspace()) for name in first[position]) > MOST_COLUMNS:
        raise Refusal("too_many_columns", limit=MOST_COLUMNS)
    header = [tellable(name) for name in first[position]]
    while header and not header[-1]:
        header.pop()
    proposal = propose(header, kind, mapping)
    if proposal.duplicates:
        raise Refusal("duplicate_header", names=proposal.duplicates)
    _say(
        {
            "header": header,
            "header_row": position + 1,
            "mapping": {ours: header[at] for ours, at in proposal.positions.items()},
            "dropped": proposal.dropped,
            "missing": proposal.missing,
            "kinds": column_kinds(len(header), first[position + 1 :]),
        }
    )
    if proposal.missing:
        return
    numbered = enumerate(chain(first[position + 1 :], rows), start=position + 2)
    body = _Body(
        first[position], proposal, job["max_rows"], is_text=is_text, open_end=is_text and texts.ends_openly(path)
    )
    for chunk in body.chunks(numbered):
        _say_rows(chunk)
    _say(
        {
            "end": True,
            "rows": body.rows,
            "blank": body.blank,
            "seconds": round(time.monotonic() - started, 3),
            "peak_bytes": _peak_bytes(),
        }
    )


def _peak_bytes() -> int:
    """The most memory this program has held; getrusage would count what the parent held before the exec."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


class _Body:
    """The rows under the header, in columns; counts rows and blank ones on the way."""

    def __init__(
        self, header: Sequence[str], proposal: Proposal, max_rows: int, *, is_text: bool, open_end: bool
    ) -> None:
        self.width = max((at + 1 for at, name in enumerate(header) if name.strip()), default=0)
        self.positions = proposal.positions
        self.max_rows = max_rows
        self.is_text = is_text
        self.open_end = open_end
        self.rows = 0
        self.blank = 0

    def chunks(self, numbered: Iterator[tuple[int, list[str]]]) -> Iterator[dict[str, Any]]:
        """Chunks of columns. Raises Refusal `too_many_rows` or `truncated`."""
        last: list[str] = []
        while batch := list(islice(numbered, CHUNK)):
            kept = [(number, row) for number, row in batch if row and any(cell and not cell.isspace() for cell in row)]
            self.blank += len(batch) - len(kept)
            self.rows += len(kept)
            if self.rows > self.max_rows:
                raise Refusal("too_many_rows", limit=self.max_rows)
            last = batch[-1][1] or last
            if kept:
                yield self._columns(kept)
        if self.open_end and last and len(last) < self.width:
            raise Refusal("truncated", line=None)

    def _columns(self, kept: list[tuple[int, list[str]]]) -> dict[str, Any]:
        width = self.width
        # A sheet's cells cannot slip; a text's can, when a delimiter is missing or too many.
        uneven = [number for number, row in kept if self.is_text and len(row) != width and not self._even(row)]
        filled = [row if len(row) >= width else row + [""] * (width - len(row)) for _, row in kept]
        columns = {
            name: [row[at] if len(row[at]) <= CELL_LIMIT else row[at][:CELL_LIMIT] for row in filled]
            for name, at in self.positions.items()
        }
        return {"rows": [number for number, _ in kept], "columns": columns, "uneven": uneven}

    def _even(self, row: list[str]) -> bool:
        """Cells beyond the header are no matter while they are empty; missing ones are (IR23)."""
        return len(row) > self.width and not any(cell and not cell.isspace() for cell in row[self.width :])


def _say_rows(chunk: dict[str, Any]) -> None:
    """One line, or several where long cells would make one of hundreds of megabytes."""
    line = _json(chunk)
    numbers = chunk["rows"]
    if len(line) <= MOST_CHARACTERS or len(numbers) == 1:
        _say_line(line)
        return
    middle = len(numbers) // 2
    for part in (slice(None, middle), slice(middle, None)):
        within = set(numbers[part])
        columns = {name: texts[part] for name, texts in chunk["columns"].items()}
        uneven = [number for number in chunk["uneven"] if number in within]
        _say_rows({"rows": numbers[part], "columns": columns, "uneven": uneven})


def _say(message: dict[str, Any]) -> None:
    _say_line(_json(message))


def _json(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _say_line(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.write("\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
