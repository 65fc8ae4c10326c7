"""Ring-back: from a pasted number, a relative's number or a name to the citizen, among millions (K10).

    OUTREACH_VAR=/tmp/bench .venv/bin/python tests/benchmarks/ring_back.py [citizens] [of them in Ishøj] [keep]

`keep` measures again on the citizens that are there. Everybody has a telephone, every third a relative with one. The
citizens looked for have numbers sealed as the program seals them; what the others have only fills the indexes. Prints
the time of the whole selector (queries, unsealing, attempts) and the plans under row security.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from contact_data import django  # noqa: F401  starts the servers and sets Django up
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from campaigns.selectors.callers import callers_named, callers_of
from campaigns.selectors.search import search_citizens
from outreach.access.actor import system_actor
from outreach.access.data_context import data_context
from outreach.privacy.sealing import seal
from registry.models import Citizen, Municipality, Phone, Relative

CITIZENS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_500_000
HOME = int(sys.argv[2]) if len(sys.argv) > 2 else CITIZENS // 5
LOOKED_FOR = 300
NOW = datetime(2021, 4, 20, 8, 0, tzinfo=UTC)
FIRST = "anne,peter,mette,jens,kirsten,lars,hanne,michael,aase,søren,bodil,thomas,fatma,ahmed,øjvind,åse"
LAST = "jensen,nielsen,hansen,pedersen,andersen,christensen,larsen,sørensen,yilmaz,mikkelsen,holm,østergaard"
PEOPLE = """
INSERT INTO registry_citizen (municipality_id, cpr_ciphertext, cpr_index, cpr_kind, name, sort_name, search_name,
    birth_date, sex, address, postal_code, city, household_key, email, language, needs_interpreter, care_home,
    personal_care, practical_help, home_nursing, digital_post_exempt, protected, status, created_at, updated_at)
SELECT CASE WHEN g <= %(home)s THEN 183 ELSE others.codes[1 + g %% cardinality(others.codes)] END,
    sha256(g::text::bytea), sha256(g::text::bytea), 'replacement', initcap(named.full_name), named.full_name,
    named.full_name, '1950-01-01', 'M', 'Prøvevej ' || g / 2, '2635', 'Ishøj', 'prøvevej ' || g / 2, '', 'da', false,
    false, false, false, false, false, false, 'active', '2021-04-01', '2021-04-01'
FROM generate_series(1, %(number)s) g, (SELECT %(others)s::int[] AS codes) others,
    (SELECT string_to_array(%(first)s, ',') AS first, string_to_array(%(last)s, ',') AS last) names,
    LATERAL (SELECT names.first[1 + g %% cardinality(names.first)] || ' '
        || chr(97 + g / 7 %% 26) || ' ' || names.last[1 + g / 16 %% cardinality(names.last)] || ' ' || g
        AS full_name) named
"""
PHONES = """
INSERT INTO registry_phone (municipality_id, citizen_id, number_ciphertext, number_index, kind, source, found_by_name,
    found_at, wrong_reason)
SELECT municipality_id, id, sha256(id::text::bytea), sha256(id::text::bytea), 'mobile', 'system', '', '2021-04-01', ''
FROM registry_citizen
"""
RELATIVES = """
INSERT INTO registry_relative (municipality_id, citizen_id, kind, name, relation, phone_ciphertext, phone_index)
SELECT municipality_id, id, 'relative', 'Lone Prøve', 'datter', sha256(id::text::bytea), sha256(id::text::bytea)
FROM registry_citizen WHERE id % 3 = 0
"""


def fill() -> None:
    """Migrate the folder's database and fill it anew."""
    call_command("migrate", verbosity=0, interactive=False)
    others = list(Municipality.objects.exclude(code=183).values_list("code", flat=True))
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE registry_citizen, registry_followup, campaigns_calltask CASCADE")
        cursor.execute(PEOPLE, {"home": HOME, "number": CITIZENS, "others": others, "first": FIRST, "last": LAST})
        cursor.execute(PHONES)
        cursor.execute(RELATIVES)
        cursor.execute("ANALYZE registry_citizen, registry_phone, registry_relative")


def give_numbers() -> None:
    """Let some citizens of Ishøj, and some relatives, have numbers that the program can open."""
    ids = Citizen.objects.order_by("id").values_list("id", flat=True)
    step = max(1, HOME // LOOKED_FOR)
    for turn, pk in enumerate(ids[:HOME:step]):
        own, told = seal("phone", f"+452012{turn:04d}"), seal("phone", f"+453012{turn:04d}")
        Phone.objects.filter(citizen=pk).update(number_ciphertext=own.ciphertext, number_index=own.index)
        Relative.objects.filter(citizen=pk).update(phone_ciphertext=told.ciphertext, phone_index=told.index)


def timed(name: str, ask: Callable[[int], list[object]], times: int = LOOKED_FOR) -> None:
    """Ask many times, for another one each time."""
    seconds, hits, queries = [], 0, 0
    for turn in range(times):
        with data_context(actor), CaptureQueriesContext(connection) as captured:
            started = time.monotonic()
            hits += bool(ask(turn))
            seconds.append(time.monotonic() - started)
        queries = max(queries, len(captured))
    ordered = sorted(seconds)
    p99 = ordered[int(len(ordered) * 0.99) - 1]
    print(
        f"{name}: median {statistics.median(ordered) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, "
        f"longest {ordered[-1] * 1000:.1f} ms; {hits} of {times} found, {queries} queries",
        flush=True,
    )


def plans(ask: Callable[[], object]) -> None:
    """How PostgreSQL answers, as the application role and under row security."""
    with data_context(actor):
        with CaptureQueriesContext(connection) as captured:
            ask()
        for query in captured.captured_queries[:3]:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN " + query["sql"].replace("%", "%%"))
                lines = [row[0] for row in cursor.fetchall()]
            print("  " + "\n  ".join(line[:150] for line in lines if "Scan" in line or "Cond" in line), flush=True)


if __name__ == "__main__":
    actor = system_actor("benchmark", [183])
    started = time.monotonic()
    if "keep" not in sys.argv:
        fill()
    with data_context(actor):
        give_numbers()
    print(f"{CITIZENS:,} citizens, {HOME:,} of them in Ishøj, filled in {time.monotonic() - started:.0f} s", flush=True)
    timed("own number", lambda turn: callers_of(actor, f"20 12 {turn:04d}"))
    timed("relative's number", lambda turn: callers_of(actor, f"0045 3012{turn:04d}"))
    timed("number nobody has", lambda turn: callers_of(actor, f"+45 5012{turn:04d}"))
    timed("name", lambda turn: callers_named(actor, f"Aase {chr(97 + turn % 26)} j"))
    timed("a first name alone", lambda turn: callers_named(actor, FIRST.split(",")[turn % 16]), 32)
    timed("search, one letter", lambda turn: search_citizens(actor, chr(97 + turn % 20)).citizens, 20)
    print("own number:")
    plans(lambda: callers_of(actor, "20120001"))
    print("name:")
    plans(lambda: callers_named(actor, "Aase b j"))
