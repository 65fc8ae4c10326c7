"""The claim behind "Næste borger" with many callers: its time in the database and for the caller, and none twice.

    OUTREACH_VAR=/tmp/bench .venv/bin/python tests/benchmarks/claim.py [tasks] [callers] [keep]

`keep` measures again on the queue that is there.

The callers are threads of four processes, each with a connection of its own, and call the service the page calls. The
time in the database is what the server itself logs for every statement of the claiming transaction, BEGIN and COMMIT
among them; the caller's time is the whole call in Python. Server and callers share the machine.
"""

import multiprocessing
import os
import random
import re
import statistics
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contact_data import fill
from django.db import connections

from campaigns.models import CallTask
from campaigns.services.calls import claim_next
from campaigns.services.planning import plan
from outreach.access.actor import Actor, actor_from_membership
from outreach.access.data_context import data_context, job_context
from outreach.access.models import Membership, Organisation, OrganisationKind, User
from outreach.access.roles import Role

TASKS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
CALLERS = int(sys.argv[2]) if len(sys.argv) > 2 else 200
PROCESSES = 4
NOW = datetime(2021, 4, 22, 8, 0, tzinfo=UTC)
LOG = Path(os.environ["OUTREACH_VAR"]) / "log" / "postgres.log"
# A queue in the middle of a campaign: a third are retries, half of those wait for the evening, though their deadline
# comes first; some are reserved, some promised for this morning.
MIXED = [
    """UPDATE campaigns_calltask SET attempts = 1, tried_part = 1 + (id % 3)::int, deadline = deadline - 3,
        due_at = CASE WHEN id % 2 = 0 THEN timestamptz '2021-04-22 15:00Z' ELSE due_at END WHERE id % 3 = 0""",
    """UPDATE campaigns_calltask t SET assigned_to_id = u.id FROM access_user u
        WHERE u.username = 'bench-' || t.id % 10000""",
    """UPDATE campaigns_calltask t SET agreed_time = true, priority = 0, due_at = '2021-04-22 07:58Z',
        promised_by_user_id = u.id FROM access_user u WHERE u.username = 'bench-' || (t.id - 5000) % 40000""",
    """INSERT INTO campaigns_contactattempt (municipality_id, citizen_id, kind, at, by_user_id, by_name, spoke_with,
            undone_by_name)
        SELECT 183, (SELECT min(id) FROM registry_citizen), 'call',
            timestamptz '2021-04-22 07:59Z' - g * interval '3 min',
            u.id, 'Mette', 'nobody', ''
        FROM access_user u, generate_series(1, 12) g WHERE u.username LIKE 'bench-%' AND u.id % 2 = 0""",
    "VACUUM ANALYZE campaigns_calltask",
    "ANALYZE campaigns_contactattempt",
]
DURATION = re.compile(rb"^CLAIM (\d+) LOG:  duration: ([\d.]+) ms  (?:statement|execute [^:]*): (.*)")


def callers() -> list[Actor]:
    """As many caseworkers as wanted; every fifth speaks Somali too, as every twentieth citizen does."""
    organisation, _new = Organisation.objects.get_or_create(
        kind=OrganisationKind.MUNICIPALITY, code=183, defaults={"name": "Ishøj"}
    )
    made = []
    for number in range(CALLERS):
        user, _new = User.objects.get_or_create(
            username=f"bench-{number}", defaults={"languages": ["so"] if number % 5 == 0 else []}
        )
        member, _new = Membership.objects.get_or_create(user=user, organisation=organisation, role=Role.CASEWORKER)
        made.append(actor_from_membership(Membership.objects.select_related("user", "organisation").get(pk=member.pk)))
    return made


def claim_once(by: Actor) -> tuple[int | None, float]:
    """One press of the button, and the answer that ends the call. Returns the task and the caller's seconds."""
    started = time.monotonic()
    with data_context(by):
        task = claim_next(by=by, now=NOW)
    seconds = time.monotonic() - started
    if task is None:
        return None, seconds
    with data_context(by):
        CallTask.objects.filter(pk=task.pk).update(state="done", claimed_until=None)
    return task.pk, seconds


def shift(team: list[Actor], turns: int, pause: float, together: Any, results: Any) -> None:
    """One process: each caller a thread; `pause` seconds of talk on average between two presses."""
    taken: list[tuple[int | None, float]] = []

    def work(by: Actor) -> None:
        claim_once(by)  # the connection is opened, the plan made
        for _turn in range(turns):
            together.wait() if not pause else time.sleep(random.uniform(0, 2 * pause))
            taken.append(claim_once(by))
        connections.close_all()

    threads = [threading.Thread(target=work, args=(by,)) for by in team]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(taken)


def rush(team: list[Actor], turns: int, pause: float, together: Any, results: Any) -> None:
    """One process of a web server that serves everybody over two connections: who presses waits for their turn."""
    shift_of = [team[number::2] for number in range(2)]
    taken: list[tuple[int | None, float]] = []

    def work(part: list[Actor]) -> None:
        claim_once(part[0])
        for _turn in range(turns):
            together.wait()
            pressed = time.monotonic()
            for by in part:
                task, _seconds = claim_once(by)
                taken.append((task, time.monotonic() - pressed))
        connections.close_all()

    threads = [threading.Thread(target=work, args=(part,)) for part in shift_of]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(taken)


def server_times() -> dict[str, list[float]]:
    """Milliseconds of each claiming transaction, as the server logged its statements: whole, and its two large parts.

    The first of each connection is left out: it opens the connection, reads the catalogue and makes the plans.
    """
    running: dict[bytes, float] = {}
    claiming: dict[bytes, float] = {}
    warm: set[bytes] = set()
    found: dict[str, list[float]] = {"BEGIN to COMMIT": [], "of it the choice": [], "of it COMMIT": []}
    # A statement of several lines is one entry: its further lines begin with a tab.
    for line in LOG.read_bytes().replace(b"\n\t", b" ").splitlines():
        if not (match := DURATION.match(line)):
            continue
        process, milliseconds, statement = match[1], float(match[2]), match[3].strip()
        if statement == b"BEGIN":
            running[process] = 0.0
        running[process] = running.get(process, 0.0) + milliseconds
        if b"campaigns_claim_call" in statement:
            claiming[process] = milliseconds
        if statement == b"COMMIT" and process in claiming:
            parts = (running[process], claiming.pop(process), milliseconds)
            if process in warm:
                for name, part in zip(found, parts, strict=True):
                    found[name].append(part)
            warm.add(process)
    return found


def log_statements(on: bool) -> None:
    """Let the server log how long each statement takes it (as its superuser, over its own socket)."""
    import psycopg

    owner = connections["owner"].get_connection_params()
    place = {name: owner[name] for name in ("host", "port", "dbname") if owner.get(name)}
    with psycopg.connect(**place, user="postgres", autocommit=True) as server:
        server.execute(f"ALTER SYSTEM SET log_min_duration_statement = {0 if on else -1}")
        server.execute("ALTER SYSTEM SET log_line_prefix = 'CLAIM %p '")
        server.execute("SELECT pg_reload_conf()")
    time.sleep(1)


def percentiles(values: list[float]) -> str:
    """Median, p99 and the largest, in milliseconds."""
    ordered = sorted(values)
    p99 = ordered[max(0, int(len(ordered) * 0.99) - 1)]
    return f"median {statistics.median(ordered):.1f} ms, p99 {p99:.1f} ms, longest {ordered[-1]:.1f} ms"


def measure(name: str, team: list[Actor], turns: int, pause: float, how: Any = shift) -> None:
    """One situation: print both clocks."""
    os.truncate(LOG, 0)
    results: Any = multiprocessing.Queue()
    together = multiprocessing.Barrier(2 * PROCESSES if how is rush else len(team))
    parts = [part for number in range(PROCESSES) if (part := team[number::PROCESSES])]
    started = time.monotonic()
    workers: list[Any] = [
        multiprocessing.Process(target=how, args=(part, turns, pause, together, results)) for part in parts
    ]
    for worker in workers:
        worker.start()
    taken = [pair for _part in parts for pair in results.get()]
    for worker in workers:
        worker.join()
    took = time.monotonic() - started
    tasks = Counter(task for task, _seconds in taken if task is not None)
    print(f"{name}: {sum(tasks.values())} claims in {took:.0f} s, one task at most {max(tasks.values())} time")
    for part, values in server_times().items():
        print(f"  in the database, {part}: {percentiles(values)}")
    print(f"  for the caller:  {percentiles([seconds * 1000 for _task, seconds in taken])}", flush=True)


if __name__ == "__main__":
    keep = "keep" in sys.argv
    if not keep:
        fill(TASKS, landlines=True)
        with job_context("planner", [183]) as planner:
            plan(by=planner, now=NOW)
    everybody = callers()
    with connections["owner"].cursor() as cursor:
        if not keep:
            for statement in MIXED:
                cursor.execute(statement)
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE due_at <= %s) FROM campaigns_calltask", [NOW])
        print("open tasks, due: {:,}, {:,}".format(*cursor.fetchone()), flush=True)
    log_statements(True)
    connections.close_all()
    random.seed(1)
    measure("1 caller, without a pause", everybody[:1], 300, 0.001)
    measure(f"{len(everybody)} callers, 20 s of talk on average", everybody, 3, 20)
    measure(f"{len(everybody)} callers press at the same moment, 5 times", everybody, 5, 0)
    measure(f"{len(everybody)} callers press at once, 5 times, over {2 * PROCESSES} connections", everybody, 5, 0, rush)
    log_statements(False)
