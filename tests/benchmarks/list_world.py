"""A country for the list benchmark: millions of citizens with sealed numbers, and list files that name some of them.

Day + 60 numbers only. Numbers are sealed by two processes of this script; everything else is made in SQL.
"""

import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from contact_data import django  # noqa: F401  starts the servers and sets Django up
from django.core.management import call_command
from django.db import connections

from outreach.access.models import Membership, Organisation, OrganisationKind, User
from outreach.access.roles import Role
from outreach.privacy.sealing import seal_many
from registry.models import Municipality

ISHOEJ = 183
USERNAME = "bench-listeadmin"
HEADER = ["CPR-nummer", "Navn", "Målgruppe", "Inviteret"]
AT_ONCE = 50_000
STRANGERS = 92  # the year of birth of those whom no registry knows; the known are born 1931–1990

PEOPLE = "CREATE UNLOGGED TABLE bench_people (serial int, cpr_ciphertext bytea, cpr_index bytea)"
CITIZENS = """
INSERT INTO registry_citizen (municipality_id, cpr_ciphertext, cpr_index, cpr_kind, name, sort_name, search_name,
    birth_date, sex, address, postal_code, city, household_key, email, language, needs_interpreter, care_home,
    personal_care, practical_help, home_nursing, digital_post_exempt, protected, status, created_at, updated_at)
SELECT CASE WHEN serial < %(home)s THEN 183 ELSE others.codes[1 + serial %% cardinality(others.codes)] END,
    cpr_ciphertext, cpr_index, 'replacement', 'Bo Prøve ' || serial, 'bo prøve ' || serial, 'bo prøve ' || serial,
    make_date(1931 + serial / 336 %% 60, 1 + serial / 28 %% 12, 1 + serial %% 28), 'M', 'Prøvevej ' || serial / 2,
    '2635', 'Ishøj', 'prøvevej ' || serial / 2 || '|2635', '', 'da', false, false, false, false, false, false, false,
    'active', '2021-04-01', '2021-04-01'
FROM bench_people, (SELECT %(others)s::int[] AS codes) others
"""
PHONES = """
INSERT INTO registry_phone (municipality_id, citizen_id, number_ciphertext, number_index, kind, source, found_by_name,
    found_at, wrong_reason)
SELECT municipality_id, id, sha256(id::text::bytea), sha256(id::text::bytea),
    CASE WHEN id % 5 = 0 THEN 'landline' ELSE 'mobile' END, 'system', '', '2021-04-01', ''
FROM registry_citizen WHERE id % 10 <> 9
"""
LISTS = "registry_nonresponderlist, registry_listrow, registry_followup, registry_followupchange, campaigns_calltask"


def number(serial: int) -> str:
    """The `serial`-th day + 60 number of somebody born 1931–1990; 80 million of them."""
    rest, day = divmod(serial, 28)
    rest, month = divmod(rest, 12)
    last, year = divmod(rest, 60)
    return f"{day + 61}{month + 1:02d}{year + 31}{last:04d}"


def stranger(serial: int) -> str:
    """The `serial`-th number that no registry knows; 1.3 million of them."""
    rest, day = divmod(serial, 28)
    last, month = divmod(rest, 12)
    return f"{day + 61}{month + 1:02d}{STRANGERS}{last:04d}"


def fill(citizens: int, home: int) -> float:
    """An installation with all municipalities, `home` of the `citizens` in Ishøj, the others spread evenly; seconds.

    A folder that holds just these citizens already is only emptied of lists.
    """
    started = time.monotonic()
    call_command("migrate", verbosity=0, interactive=False)
    others = list(Municipality.objects.filter(kind="kommune").exclude(pk=ISHOEJ).values_list("pk", flat=True))
    _people_at_work([ISHOEJ, *others])
    forget_lists()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE municipality_id = 183) FROM registry_citizen")
        if cursor.fetchone() == (citizens, home):
            return time.monotonic() - started
        cursor.execute("TRUNCATE registry_citizen RESTART IDENTITY CASCADE")
        cursor.execute("DROP TABLE IF EXISTS bench_people")
        cursor.execute(PEOPLE)
        _in_two_processes(citizens)
        with _bare(cursor, "registry_citizen"):
            cursor.execute(CITIZENS, {"home": home, "others": others})
        with _bare(cursor, "registry_phone"):
            cursor.execute(PHONES)
        cursor.execute("DROP TABLE bench_people")
        cursor.execute("VACUUM ANALYZE")
    return time.monotonic() - started


def forget_lists() -> None:
    """No list, no follow-up, no citizen that a list made; nothing left to vacuum while something is timed."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"TRUNCATE {LISTS} CASCADE")
        cursor.execute("DELETE FROM registry_citizen WHERE birth_date >= '1992-01-01'")
        cursor.execute("VACUUM ANALYZE registry_citizen")
        cursor.execute(f"ANALYZE {LISTS}")


def _people_at_work(codes: list[int]) -> None:
    for code in codes:
        Organisation.objects.get_or_create(
            kind=OrganisationKind.MUNICIPALITY, code=code, defaults={"name": f"Kommune {code}"}
        )
    user, _ = User.objects.get_or_create(username=USERNAME)
    ishoej = Organisation.objects.get(kind=OrganisationKind.MUNICIPALITY, code=ISHOEJ)
    Membership.objects.get_or_create(user=user, organisation=ishoej, role=Role.LIST_ADMIN)


def _in_two_processes(citizens: int) -> None:
    halves = [(0, citizens // 2), (citizens // 2, citizens)]
    processes = [subprocess.Popen([sys.executable, __file__, str(start), str(end)]) for start, end in halves]
    if any(process.wait() for process in processes):
        raise RuntimeError("the numbers could not be sealed")


def seal_people(start: int, end: int) -> None:
    """COPY the sealed numbers from `start` up to `end` into bench_people."""
    with (
        connections["owner"].cursor() as cursor,
        cursor.copy("COPY bench_people FROM STDIN") as copy,
    ):
        for first in range(start, end, AT_ONCE):
            serials = range(first, min(first + AT_ONCE, end))
            sealed = zip(serials, *seal_many("cpr", [number(serial) for serial in serials]), strict=True)
            copy.write("".join(f"{serial}\t\\\\x{text.hex()}\t\\\\x{index.hex()}\n" for serial, text, index in sealed))


@contextmanager
def _bare(cursor: Any, table: str) -> Iterator[None]:
    """The table without indexes and foreign keys meanwhile: 5.9 M rows are minutes faster in."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('f', 'u')",
        [table],
    )
    constraints = cursor.fetchall()
    for name, _definition in constraints:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT indisprimary",
        [table],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET maintenance_work_mem = '512MB'")
    for _name, definition in indexes:
        cursor.execute(definition)
    for name, definition in constraints:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def list_rows(rows: int, home: int) -> list[list[str]]:
    """Every 50th is unknown to the registry, every 1000th stands twice, every 1000th cannot be read."""
    step = max(1, home // rows)
    listed: list[list[str]] = []
    for position in range(rows):
        text = number(position * step % home)
        if position % 50 == 49:
            text = stranger(position // 50)
        elif position % 1000 == 500:
            text = listed[-1][0]
        elif position % 1000 == 501:
            text = "9913500001"
        listed.append([text, f"Bo Prøve {position}", ("7", "8", "9")[position % 3], "22-03-2021"])
    return listed


def csv_bytes(rows: list[list[str]]) -> BytesIO:
    return BytesIO("".join(";".join(row) + "\r\n" for row in [HEADER, *rows]).encode())


def xlsx_bytes(rows: list[list[str]]) -> BytesIO:
    """A workbook as Excel writes it, texts shared; by hand, since the libraries take a minute for a million rows."""
    shared: dict[str, int] = {}
    lines = []
    for position, row in enumerate([HEADER, *rows], start=1):
        cells = (
            f'<c r="{column}{position}" t="s"><v>{shared.setdefault(text, len(shared))}</v></c>'
            for column, text in zip("ABCD", row, strict=True)
        )
        lines.append(f'<row r="{position}">{"".join(cells)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{kind}.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" '
        f'ContentType="{kind}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Liste" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{"".join(f"<si><t>{text}</t></si>" for text in shared)}</sst>',
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}')
    return BytesIO(file.getvalue())


if __name__ == "__main__":
    seal_people(int(sys.argv[1]), int(sys.argv[2]))
