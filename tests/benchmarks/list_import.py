"""An SSI list from file to planned follow-ups, beside raw COPY and beside django-import-export, in one run.

    OUTREACH_VAR=/tmp/bench .venv/bin/python tests/benchmarks/list_import.py [rows] [citizens]

The folder's database is filled anew. Prints one JSON object: seconds, megabytes and ratios.
"""

import csv
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

from contact_data import django  # noqa: F401  starts the servers and sets Django up
from django.core.management import call_command
from django.db import connections, transaction
from import_export import resources
from openpyxl import Workbook
from tablib import Dataset

from outreach.access.data_context import data_context, job_context
from outreach.access.models import Membership, Organisation, OrganisationKind, User
from outreach.access.roles import Role
from outreach.access.selectors import actor_by_username
from outreach.privacy.sealing import blind_index, seal_many
from registry.imports.child import reading
from registry.imports.lists import advance
from registry.models import Citizen, FollowUp, Municipality, NonresponderList, Programme
from registry.services.file_kinds import FileKind
from registry.services.lists import approve, receive_list
from registry.services.received_files import stored_path

ISHOEJ = 183
USERNAME = "bench-listeadmin"
# In the evening: every SMS waits for the morning, so that planning is measured and not the queue of the gateway.
NOW = datetime(2021, 4, 20, 19, 30, tzinfo=UTC)
HEADER = ["CPR-nummer", "Navn", "Målgruppe", "Inviteret"]
SMALL, SAMPLE = 2_000, 2_000
CITIZEN_COLUMNS = (
    "municipality_id, cpr_ciphertext, cpr_index, cpr_kind, name, sort_name, search_name, birth_date, sex, address,"
    " postal_code, city, household_key, email, language, needs_interpreter, care_home, personal_care, practical_help,"
    " home_nursing, digital_post_exempt, protected, status, created_at, updated_at"
)
PHONES = """
INSERT INTO registry_phone (municipality_id, citizen_id, number_ciphertext, number_index, kind, source, found_by_name,
    found_at, wrong_reason)
SELECT 183, id, sha256(id::text::bytea), sha256(id::text::bytea),
    CASE WHEN id % 5 = 0 THEN 'landline' ELSE 'mobile' END, 'system', '', '2021-04-01', ''
FROM registry_citizen WHERE id % 10 <> 9
"""


def numbers() -> Iterator[str]:
    """Day + 60 numbers of people born 1931–1990: 63 million, in an order that scatters."""
    for serial in range(4000):
        for year in range(31, 91):
            for month in range(1, 13):
                for day in range(61, 89):
                    yield f"{day}{month:02d}{year}{serial:04d}"


def fill(citizens: int) -> list[str]:
    """An empty installation with one municipality, one list administrator and so many citizens; their numbers."""
    call_command("migrate", verbosity=0, interactive=False)
    known = [number for number, _ in zip(numbers(), range(citizens), strict=False)]
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "TRUNCATE registry_citizen, registry_nonresponderlist, registry_listrow, registry_followupchange,"
            " campaigns_calltask CASCADE"
        )
        for start in range(0, citizens, 100_000):
            part = known[start : start + 100_000]
            with cursor.copy(f"COPY registry_citizen ({CITIZEN_COLUMNS}) FROM STDIN") as copy:
                copy.write(_citizen_lines(part, start))
        cursor.execute(PHONES)
        cursor.execute("VACUUM ANALYZE")
    organisation, _ = Organisation.objects.get_or_create(
        kind=OrganisationKind.MUNICIPALITY, code=ISHOEJ, defaults={"name": "Ishøj"}
    )
    user, _ = User.objects.get_or_create(username=USERNAME)
    Membership.objects.get_or_create(user=user, organisation=organisation, role=Role.LIST_ADMIN)
    return known


def _citizen_lines(part: list[str], start: int) -> str:
    return "".join(
        f"183\t\\\\x{ciphertext.hex()}\t\\\\x{index.hex()}\treplacement\tBo Prøve {serial}\tbo prøve {serial}"
        f"\tbo prøve {serial}\t19{number[4:6]}-{number[2:4]}-{int(number[:2]) - 60:02d}\tM\tPrøvevej {serial // 2}"
        f"\t2635\tIshøj\tprøvevej {serial // 2}|2635\t\tda\tf\tf\tf\tf\tf\tf\tf\tactive\t2021-04-01\t2021-04-01\n"
        for serial, (number, ciphertext, index) in enumerate(
            zip(part, *seal_many("cpr", part), strict=True), start=start
        )
    )


def list_rows(known: list[str], rows: int) -> list[list[str]]:
    """Every 50th is unknown to the registry, every 1000th stands twice, every 1000th cannot be read."""
    step = max(1, len(known) // rows)
    strangers = (
        f"{day}{month:02d}92{serial:04d}" for serial in range(4000) for month in range(1, 13) for day in range(61, 89)
    )
    listed: list[list[str]] = []
    for position in range(rows):
        number = known[position * step % len(known)]
        if position % 50 == 49:
            number = next(strangers)
        elif position % 1000 == 500:
            number = listed[-1][0]
        elif position % 1000 == 501:
            number = "9913500001"
        listed.append([number, f"Bo Prøve {position}", ("7", "8", "9")[position % 3], "22-03-2021"])
    return listed


def csv_bytes(rows: list[list[str]]) -> BytesIO:
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return BytesIO(text.getvalue().encode())


def xlsx_bytes(rows: list[list[str]]) -> BytesIO:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    for row in rows:
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    return BytesIO(file.getvalue())


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


def small_list(known: list[str]) -> float:
    """Seconds from an uploaded workbook of 2,000 rows to its review."""
    file = xlsx_bytes(list_rows(known, SMALL))
    started = time.monotonic()
    reviewed = advance(hand_in(file, "lille.xlsx").pk, now=NOW)
    seconds = time.monotonic() - started
    if reviewed.state != "reviewed":
        raise RuntimeError(reviewed.error_message)
    return seconds


def pipeline(list_id: int) -> dict[str, Any]:
    """Run in a process of its own, as a worker does, so that its memory is its own."""
    started = time.monotonic()
    reviewed = advance(list_id, now=NOW)
    to_review = time.monotonic() - started
    with data_context(actor_by_username(USERNAME)) as by:
        committed = approve(by=by, nonresponder_list=reviewed, now=NOW)
    in_all = time.monotonic() - started
    return {
        "state": committed.state,
        "rows": committed.rows,
        "counts": committed.counts,
        "gates": committed.gates,
        "seconds_to_review": round(to_review, 2),
        "seconds_in_all": round(in_all, 2),
        "stages": committed.seconds,
        "worker_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "child_mb": _child_megabytes(committed),
    }


def _child_megabytes(committed: NonresponderList) -> int:
    """What the reading child held, by reading the file once more."""
    path = stored_path("lists", committed.stored_name)
    with reading(path, kind=FileKind.TEXT, specification="list", mapping={}) as file:
        for _chunk in file.chunks():
            pass
    return file.peak_bytes // 1024**2


def raw_copy(rows: list[list[str]]) -> tuple[float, float]:
    """Seconds for COPY of rows that are indexed already and one INSERT that joins them to the citizens.

    First into a bare table, then into the follow-ups themselves, with their indexes and keys; undone afterwards.
    """
    lines = "".join(
        f"\\\\x{blind_index('cpr', number).hex()}\t{name}\t{group}\t2021-03-22\n" for number, name, group, _day in rows
    )
    programme = Programme.objects.get(code="pneumococcal")
    join = (
        " FROM bench_raw AS r JOIN registry_citizen AS c ON c.municipality_id = 183 AND c.cpr_index = r.cpr_index"
        " ON CONFLICT DO NOTHING"
    )
    seconds = []
    for insert in (
        "INSERT INTO bench_rows SELECT c.id, r.name, r.target_group, r.invited_on",
        "INSERT INTO registry_followup (municipality_id, citizen_id, programme_id, target_group, mandatory, invited_on,"
        " weeks_on_list, status, closed_reason, opened_at, outcome, barrier, call_attempts, sms_sent, letters_sent,"
        " next_step_kind, next_step_at, next_step_reason, next_step_detail, updated_at) SELECT 183, c.id,"
        f" {programme.pk}, r.target_group, true, r.invited_on, 1, 'open', '', now(), '', '', 0, 0, 0, 'wait', now(),"
        " 'to_be_planned', '{}', now()",
    ):
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            cursor.execute("CREATE TABLE bench_rows (citizen_id bigint, name text, target_group text, invited_on date)")
            cursor.execute(
                "CREATE TEMP TABLE bench_raw (cpr_index bytea, name text, target_group text, invited_on date)"
            )
            started = time.monotonic()
            with cursor.copy("COPY bench_raw FROM STDIN") as copy:
                copy.write(lines)
            cursor.execute(insert + join)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            seconds.append(time.monotonic() - started)
            transaction.set_rollback(True, "owner")
    return seconds[0], seconds[1]


class FollowUpResource(resources.ModelResource):
    """The same work row by row: find the citizen by number, make the follow-up."""

    class Meta:
        model = FollowUp
        import_id_fields = ("citizen", "programme")
        fields = (
            "municipality", "citizen", "programme", "target_group", "invited_on", "weeks_on_list", "opened_at",
            "next_step_kind", "next_step_at", "next_step_reason", "updated_at",
        )  # fmt: skip

    def after_import(self, dataset: Dataset, result: Any, **options: Any) -> None:
        """Leave the sequences alone, which belong to the owner."""

    def before_import_row(self, row: dict[str, Any], **options: Any) -> None:
        citizen = Citizen.objects.filter(municipality=ISHOEJ, cpr_index=blind_index("cpr", row["citizen"])).first()
        row |= {
            "municipality": ISHOEJ,
            "citizen": None if citizen is None else citizen.pk,
            "programme": options["programme"].pk,
            "weeks_on_list": 1,
            "opened_at": NOW,
            "next_step_kind": "wait",
            "next_step_at": NOW,
            "next_step_reason": "to_be_planned",
            "updated_at": NOW,
        }


def row_by_row(rows: list[list[str]]) -> float:
    """Rows per second of django-import-export over a sample."""
    data = Dataset(headers=["citizen", "programme", "target_group", "invited_on"])
    for number, _name, group, _day in rows:
        data.append([number, "", group, "2021-03-22"])
    programme = Programme.objects.get(code="influenza")
    with job_context("bench", [ISHOEJ]):
        started = time.monotonic()
        FollowUpResource().import_data(data, programme=programme, raise_errors=False, use_transactions=True)
        seconds = time.monotonic() - started
        made = FollowUp.objects.filter(programme=programme).count()
    if made < len(rows) * 0.9:
        raise RuntimeError(f"only {made} of {len(rows)} rows were imported row by row")
    return made / seconds


def measure(row_count: int, citizen_count: int) -> dict[str, Any]:
    known = fill(citizen_count)
    rows = list_rows(known, row_count)
    answer: dict[str, Any] = {
        "rows": row_count,
        "citizens": citizen_count,
        "small_list_seconds": round(small_list(known), 2),
    }
    received = hand_in(csv_bytes(rows), "stor.csv")
    output = subprocess.run(
        [sys.executable, __file__, "--pipeline", str(received.pk)], check=True, stdout=subprocess.PIPE, env=os.environ
    )
    whole = json.loads(output.stdout.splitlines()[-1])
    # Row by row, one bad row undoes all the others: the sample holds known citizens only, once each.
    people = set(known)
    sample = {row[0]: row for row in rows if row[0] in people}
    (bare, raw), rate = raw_copy(rows), row_by_row(list(sample.values())[:SAMPLE])
    stages = whole["stages"]
    in_database = stages["match"] + stages["commit"]
    return answer | {
        "pipeline": whole,
        "raw_copy_and_join_seconds": round(raw, 2),
        "raw_copy_and_join_into_a_bare_table_seconds": round(bare, 2),
        "import_export_rows_per_second": round(rate),
        "times_raw_copy": round(whole["seconds_in_all"] / raw, 1),
        "times_import_export": round(row_count / whole["seconds_in_all"] / rate, 1),
        "match_and_insert_times_import_export": round(row_count / in_database / rate, 1),
    }


if __name__ == "__main__":
    if "--pipeline" in sys.argv:
        print(json.dumps(pipeline(int(sys.argv[2]))))
    else:
        wanted = [int(text) for text in sys.argv[1:]] + [200_000, 1_000_000][len(sys.argv) - 1 :]
        print(json.dumps(measure(*wanted), ensure_ascii=False, indent=2))
