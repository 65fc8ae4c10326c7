"""A PostgreSQL of a test's own, so that it can be restarted and crashed without disturbing anybody else."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connections
from psycopg import sql

from outreach.embedded.children import stop_child
from outreach.embedded.place import Place, prepare_place
from outreach.embedded.postgres import find_postgres, start_postgres, stop_postgres
from outreach.embedded.provision import OWNER_ROLE, provision
from tests.databases import TestDatabase

BEGINNING = "beginning"


class Cluster:
    """A server with a copy of the test's database, in which commits are as safe as in production."""

    def __init__(self, folder: Path, database: TestDatabase) -> None:
        self.place: Place = prepare_place(folder)
        self.server = start_postgres(self.place)
        provision(self.place.sockets)
        self._take_over(database)

    def _take_over(self, database: TestDatabase) -> None:
        """The tables and reference data of the test's database, through pg_dump."""
        programs = find_postgres(self.place).parent
        self._as_owner(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(BEGINNING)), database="postgres")
        source = database.owner_parameters | {"dbname": database.name}
        dump = subprocess.Popen(
            [programs / "pg_dump", "--no-comments", psycopg.conninfo.make_conninfo(**source)], stdout=subprocess.PIPE
        )
        assert dump.stdout is not None
        target = psycopg.conninfo.make_conninfo(host=str(self.place.sockets), user=OWNER_ROLE, dbname=BEGINNING)
        restored = subprocess.run(
            [programs / "psql", "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=0", target],
            stdin=dump.stdout, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, text=True,
        )  # fmt: skip
        dump.stdout.close()
        assert dump.wait() == 0
        # The owner may not set what belongs to the superuser; there is nothing else to complain about.
        serious = [line for line in restored.stderr.splitlines() if "ERROR" in line and "extension" not in line.lower()]
        assert [line for line in serious if 'schema "public" already exists' not in line] == []

    def fresh(self, name: str) -> None:
        """A new database, and Django in it."""
        self._as_owner(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(BEGINNING)),
            database="postgres",
        )
        with psycopg.connect(host=str(self.place.sockets), user=OWNER_ROLE, dbname=name, autocommit=True) as owner:
            rights = Path(__file__).resolve().parents[4] / "outreach" / "embedded" / "sql" / "database.sql"
            owner.execute(rights.read_bytes())

    def restart(self, sign: signal.Signals) -> None:
        """Stop it with the signal (SIGINT: fast, SIGQUIT: immediate, as a crash), and start it again."""
        stop_child(self.server, sign, seconds=60)
        assert self.server.returncode is not None
        self.server = start_postgres(self.place)

    def stop(self) -> None:
        """Gone for good."""
        stop_postgres(self.server)

    def _as_owner(self, statement: sql.Composed, *, database: str) -> None:
        with psycopg.connect(host=str(self.place.sockets), user=OWNER_ROLE, dbname=database, autocommit=True) as owner:
            owner.execute(statement)


@contextmanager
def django_in(cluster: Cluster, name: str) -> Iterator[None]:
    """Django, and every process forked meanwhile, works in this database of the cluster."""
    before = {alias: dict(connections[alias].settings_dict) for alias in ("default", "owner")}
    connections.close_all()
    for alias in before:
        connections[alias].settings_dict |= {"HOST": str(cluster.place.sockets), "NAME": name}
    try:
        yield
    finally:
        connections.close_all()
        for alias, found in before.items():
            connections[alias].settings_dict.update(found)


def crashed(log: Path) -> bool:
    """Whether the server found, when it started, that it had not been shut down."""
    return "database system was not properly shut down" in log.read_text(encoding="utf-8", errors="replace")
