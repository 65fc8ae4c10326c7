"""Killed at any moment, work is where it was before or where it ends, in every table: never between (F02).

Each kind of work is done once without a fault, and the whole database summed up after each of its transactions. Then a
process that does the same from the same start is killed at a random moment, again and again, each time in a copy.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from campaigns.services.planning import plan
from outreach.access.actor import Actor
from outreach.access.data_context import data_context, job_context
from registry.imports import citizen_jobs
from registry.imports.list_matching import read_and_match
from registry.imports.lists import advance
from registry.models import CitizenImport, Municipality, NonresponderList
from registry.services.citizen_imports import receive_citizen_file
from registry.services.lists import approve
from tests.databases import TestDatabase
from tests.factories.geography import ISHOEJ
from tests.factories.registry import FIRST_WEEK, NOON, committed_list, cpr_number, csv_file, receive, row

from .processes import forked, is_alive, kill, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]
ROUNDS = 50 if os.environ.get("OUTREACH_DRILLS") == "1" else 3
ROWS = 2000
WEEK = timedelta(days=7)
# Not what is written, but who wrote when, with which key or nonce, and how far one was at some moment.
PASSING = ("id", "attempts", "leased_until", "progress", "seconds", "detail", "stored_name")
PASSING_KINDS = ("timestamp with time zone",)
# Told of an attempt, whatever came of it.
NOT_OF_THE_WORK = ("schedule_periodicrun", "django_session", "access_throttle", "django_migrations")
Stage = Callable[[], object]


class Copies:
    """Copies of the test's database and uploads, one at a time, and their sums."""

    def __init__(self, database: TestDatabase, uploads: Path) -> None:
        self.database = database
        self.name = f"{database.name}_copy"
        self.uploads = uploads

    def begin(self) -> None:
        """What is there now is what every copy is of."""
        shutil.copytree(settings.UPLOAD_ROOT, self.uploads)

    def make(self) -> None:
        """A new copy of the database as the test left it; everybody works in it from here on."""
        connections.close_all()
        shutil.rmtree(settings.UPLOAD_ROOT)
        shutil.copytree(self.uploads, settings.UPLOAD_ROOT)
        with self.database._maintenance() as owner:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))
            copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            owner.execute(copied.format(sql.Identifier(self.name), sql.Identifier(self.database.name)))
            self.database._prepare(owner, self.name)
        self.database._point_django_at(self.name)

    def remove(self) -> None:
        self.database._point_django_at(self.database.name)
        with self.database._maintenance() as owner:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))

    def in_use(self) -> bool:
        """Whether a killed process's backend is still at work: it sees only after its statement that nobody listens."""
        with self.database._maintenance() as owner:
            found = owner.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [self.name]).fetchone()
            return found != (0,)

    def sums(self) -> dict[str, str]:
        """Table → a sum of all its rows, whatever their order and keys."""
        with psycopg.connect(**self.database.owner_parameters | {"dbname": self.name}) as owner:
            columns = owner.execute(
                "SELECT table_name, array_agg(column_name::text ORDER BY column_name) FROM information_schema.columns"
                " JOIN information_schema.tables USING (table_schema, table_name)"
                " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type <> ALL(%s)"
                " AND column_name <> ALL(%s) AND column_name NOT LIKE '%%\\_id' AND column_name NOT LIKE '%%ciphertext'"
                " AND table_name <> ALL(%s) GROUP BY table_name",
                [list(PASSING_KINDS), list(PASSING), list(NOT_OF_THE_WORK)],
            ).fetchall()
            summed = sql.SQL(
                "SELECT {name}, count(*) || ' ' || coalesce(sum(('x' || substr(md5(concat_ws('|', {columns})), 1, 15))"
                "::bit(60)::bigint::numeric), 0) FROM {table}"
            )
            questions = [
                summed.format(
                    name=sql.Literal(table),
                    table=sql.Identifier(table),
                    columns=sql.SQL(", ").join(map(sql.Identifier, names)),
                )
                for table, names in columns
            ]
            return dict(owner.execute(sql.SQL(" UNION ALL ").join(questions)).fetchall())


@pytest.fixture
def copies(transactional_db: None, test_database: TestDatabase, tmp_path: Path) -> Iterator[Copies]:
    made = Copies(test_database, tmp_path / "uploads-before")
    yield made
    made.remove()


def list_stages(admin: Actor) -> list[Stage]:
    """A second week: everybody is seen again, 100 are new, 100 are gone."""
    committed_list(admin, csv_file([row(serial) for serial in range(ROWS)]))
    as_of = FIRST_WEEK + WEEK
    received = receive(admin, csv_file([row(serial) for serial in range(100, ROWS + 100)]), as_of=as_of)
    now = received.uploaded_at

    def read() -> object:
        return read_and_match(NonresponderList.objects.get(pk=received.pk), job="list-import", now=now)

    def commit() -> object:
        with data_context(admin):
            return approve(by=admin, nonresponder_list=NonresponderList.objects.get(pk=received.pk), now=now)

    return [read, lambda: advance(received.pk, now=now), commit]


def citizen_file_stages(admin: Actor) -> list[Stage]:
    """People on a list get addresses and phones, so that calls and messages follow."""
    committed_list(admin, csv_file([row(serial) for serial in range(ROWS)]))
    lines = [[cpr_number(serial), f"Navn {serial}", f"Vej {serial}", f"20{serial:06d}"] for serial in range(ROWS + 100)]
    with data_context(admin):
        received = receive_citizen_file(
            by=admin,
            municipality=Municipality.objects.get(pk=admin.municipality_code),
            file=csv_file(lines, ("cpr", "navn", "adresse", "telefon")),
            display_name="borgere.csv",
            now=NOON,
        )
    return [lambda: citizen_jobs.run(received.pk, now=NOON)]


def planning_stages(admin: Actor) -> list[Stage]:
    """Ten days later the calls of everybody with a number have their next steps."""
    (read,) = citizen_file_stages(admin)
    read()

    def plan_everybody() -> object:
        with job_context("planner", [ISHOEJ]) as by:
            return plan(by=by, now=NOON + timedelta(days=10))

    return [plan_everybody]


@pytest.mark.case("F02")
@pytest.mark.parametrize("stages_of", [list_stages, citizen_file_stages, planning_stages])
def test_work_killed_at_a_random_moment_is_before_or_after(
    admin: Actor, copies: Copies, stages_of: Callable[[Actor], list[Stage]], tmp_path: Path
) -> None:
    stages = stages_of(admin)
    copies.begin()
    copies.make()
    known = [copies.sums()]
    started = time.monotonic()
    for stage in stages:
        stage()
        known.append(copies.sums())
    seconds = time.monotonic() - started
    assert len({tuple(sums.items()) for sums in known}) == len(stages) + 1
    chance, found, log = random.Random(183), Counter[int](), tmp_path / "worker.log"

    def work() -> None:
        for stage in stages:
            stage()

    for _round in range(ROUNDS):
        copies.make()
        worker = forked(work, log)
        time.sleep(chance.uniform(0, seconds))
        kill(worker, *worker.children(recursive=True))
        wait_for(lambda: not copies.in_use(), "the killed worker's transaction")
        sums = copies.sums()
        assert sums in known, {table: sums[table] for table in sums if sums[table] != known[-1][table]}
        found[known.index(sums)] += 1
        for model in (NonresponderList, CitizenImport):
            model.objects.update(leased_until=None)  # as when its time has run out
        finished = forked(work, log)
        wait_for(lambda finished=finished: not is_alive(finished), "the work done again")
        assert copies.sums() == known[-1]
        assert not list(settings.UPLOAD_ROOT.glob("citizens/*"))
    assert sum(found.values()) == ROUNDS
    print(
        f"{stages_of.__name__}: {ROUNDS} kills, {dict(sorted(found.items()))} of states 0–{len(stages)}, none between"
    )
