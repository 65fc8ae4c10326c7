"""An SSI list from file to planned follow-ups, at growing sizes, beside raw COPY and beside django-import-export.

    OUTREACH_VAR=/tmp/bench .venv/bin/python tests/benchmarks/list_import.py [rows] [citizens] [citizens in Ishøj]

Without arguments 1,000,000 rows, 5,900,000 citizens, 1,200,000 of them in the list's municipality: about ten minutes.
Fills the folder's database (a second run finds its citizens there), prints Markdown and writes the picture of growth.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from contact_data import django  # noqa: F401  starts the servers and sets Django up
from django.db import connection
from list_report import PICTURE, markdown, picture
from list_rivals import BulkFollowUpResource, FollowUpResource, raw_copy, row_by_row
from list_world import ISHOEJ, USERNAME, csv_bytes, fill, forget_lists, list_rows, number, xlsx_bytes

from outreach.access.data_context import data_context
from outreach.access.selectors import actor_by_username
from registry.imports.child import reading
from registry.imports.lists import advance
from registry.models import Municipality, NonresponderList, Programme
from registry.services.file_kinds import FileKind
from registry.services.lists import approve, receive_list
from registry.services.received_files import stored_path

# In the evening: every SMS waits for the morning, so that planning is measured and not the queue of the gateway.
NOW = datetime(2021, 4, 20, 19, 30, tzinfo=UTC)
SMALL, SAMPLE = 2_000, 2_000
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
SHORT = (30, 3_000)
SHOWN = 12


def hand_in(file: BytesIO, name: str) -> NonresponderList:
    with data_context(actor_by_username(USERNAME)) as by:
        return receive_list(
            by=by,
            municipality=Municipality.objects.get(pk=ISHOEJ),
            programme=Programme.objects.get(code="covid-19"),
            as_of=NOW.date(),
            waiting_days=22,
            groups=["7", "8", "9"],
            order=None,
            file=file,
            display_name=name,
            now=NOW,
        )


def small_list(home: int) -> float:
    """Seconds from an uploaded workbook of 2,000 rows to its review."""
    file = xlsx_bytes(list_rows(SMALL, home))
    started = time.monotonic()
    reviewed = advance(hand_in(file, "lille.xlsx").pk, now=NOW)
    seconds = time.monotonic() - started
    if reviewed.state != "reviewed":
        raise RuntimeError(reviewed.error_message)
    return seconds


def short_lists(home: int) -> dict[int, float]:
    """Seconds from file to committed and planned for short lists in the same municipality, in a warm process."""
    seconds = {}
    for size in (SHORT[0], *SHORT):
        forget_lists()
        received = hand_in(csv_bytes(list_rows(size, home)), "kort.csv")
        started = time.monotonic()
        reviewed = advance(received.pk, now=NOW)
        with data_context(actor_by_username(USERNAME)) as by:
            committed = approve(by=by, nonresponder_list=reviewed, now=NOW)
        seconds[size] = time.monotonic() - started  # the first one has only warmed the process up
        if committed.state != "committed":
            raise RuntimeError(f"{committed.state}: {committed.gates} {committed.error_message}")
    return seconds


def pipeline(list_id: int) -> dict[str, Any]:
    """Run in a process of its own, as a worker does, so that its memory is its own."""
    statements: Counter[str] = Counter()

    def timed(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        began = time.monotonic()
        try:
            return execute(sql, parameters, many, context)
        finally:
            statements[_title(str(sql))] += time.monotonic() - began

    started = time.monotonic()
    with connection.execute_wrapper(timed):
        reviewed = advance(list_id, now=NOW)
        to_review = time.monotonic() - started
        with data_context(actor_by_username(USERNAME)) as by:
            committed = approve(by=by, nonresponder_list=reviewed, now=NOW)
    in_all = time.monotonic() - started
    if committed.state != "committed":
        raise RuntimeError(f"{committed.state}: {committed.gates} {committed.error_message}")
    # As the reading child says it: getrusage would count what the parent held before the exec.
    held = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    worker_mb = int(held.split()[1]) // 1024
    return {
        "rows": committed.rows,
        "to_review": to_review,
        "in_all": in_all,
        "stages": committed.seconds,
        "statements": statements.most_common(SHOWN),
        "worker_mb": worker_mb,
        "child_mb": _child_megabytes(committed),
    }


def _title(sql: str) -> str:
    """A statement by its last comment line that opens a part, or by its beginning."""
    titles = [line[3:] for line in sql.splitlines() if line.startswith("-- ")]
    return (titles[0] if titles else " ".join(sql.split()))[:90].replace("|", "/")


def _child_megabytes(committed: NonresponderList) -> int:
    """What the reading child held, by reading the file once more."""
    path = stored_path("lists", committed.stored_name)
    kind = FileKind(path.suffix.lstrip("."))
    with reading(path, kind=kind, specification="list", mapping={}) as file:
        for _chunk in file.chunks():
            pass
    return file.peak_bytes // 1024**2


def in_own_process(rows: list[list[str]], kind: str) -> dict[str, Any]:
    """One list through the whole pipeline, on tables whose statistics know nothing of it."""
    forget_lists()
    received = hand_in({"csv": csv_bytes, "xlsx": xlsx_bytes}[kind](rows), f"stor.{kind}")
    output = subprocess.run(
        [sys.executable, __file__, "--pipeline", str(received.pk)], check=True, stdout=subprocess.PIPE, env=os.environ
    )
    answer: dict[str, Any] = json.loads(output.stdout.splitlines()[-1])
    print(f"{len(rows):,} rows, {kind}: {answer['in_all']:.1f} s", file=sys.stderr)
    return answer


def measure(row_count: int, citizens: int, home: int) -> dict[str, Any]:
    filled = fill(citizens, home)
    load = os.getloadavg()[0]
    small, short = small_list(home), short_lists(home)
    sizes = [size for size in SIZES if size < row_count] + [row_count]
    growth = [in_own_process(list_rows(size, home), "csv") for size in sizes]
    rows = list_rows(row_count, home)
    xlsx = in_own_process(rows, "xlsx")
    forget_lists()
    # Row by row, one bad row undoes all the others: the sample holds known citizens only, once each.
    people = {number(position * max(1, home // row_count) % home) for position in range(SAMPLE * 2)}
    sample = {row[0]: row for row in rows[: SAMPLE * 2] if row[0] in people}
    bare, raw = raw_copy(rows)
    sampled = list(sample.values())[:SAMPLE]
    return {
        "citizens": citizens,
        "home": home,
        "fill_seconds": filled,
        "load": load,
        "small_list_seconds": small,
        "short_lists_seconds": short,
        "growth": growth,
        "xlsx": xlsx,
        "raw_copy_and_join_seconds": raw,
        "raw_into_a_bare_table_seconds": bare,
        "sample": SAMPLE,
        "import_export_rows_per_second": row_by_row(sampled, FollowUpResource, "influenza"),
        "import_export_bulk_rows_per_second": row_by_row(sampled, BulkFollowUpResource, "pneumococcal"),
    }


if __name__ == "__main__":
    if "--pipeline" in sys.argv:
        print(json.dumps(pipeline(int(sys.argv[2]))))
    else:
        given = [int(text) for text in sys.argv[1:]]
        measured = measure(*given, *[1_000_000, 5_900_000, 1_200_000][len(given) :])
        PICTURE.write_text(picture(measured["growth"]), encoding="utf-8")
        print(markdown(measured))
