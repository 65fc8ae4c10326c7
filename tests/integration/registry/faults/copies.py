"""Copies of a test's database and uploads, and sums of all their tables: to begin the same work again and again."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from tests.databases import TestDatabase, drop_database

from .processes import wait_for

# Not what is written, but who wrote when, with which key or nonce, and how far one was at some moment.
PASSING = ("id", "attempts", "leased_until", "progress", "seconds", "detail", "stored_name")
PASSING_KINDS = ("timestamp with time zone",)
# Told of an attempt, whatever came of it.
NOT_OF_THE_WORK = ("schedule_periodicrun", "django_session", "access_throttle", "django_migrations")
Sums = dict[str, str]


class Copies:
    """The database as the test left it, and a copy of it in which work is killed; Django works in either."""

    def __init__(self, database: TestDatabase, uploads: Path, *, large: bool) -> None:
        self.database = database
        self.name = f"{database.name}_copy"
        self.uploads = uploads
        # Small ones are quicker through the log, large ones file by file.
        self.strategy = sql.SQL("FILE_COPY" if large else "WAL_LOG")

    def original(self) -> None:
        """Work in the database itself, with statistics as after a minute in production."""
        self.database._point_django_at(self.database.name)
        with psycopg.connect(**self.database.owner_parameters | {"dbname": self.database.name}, autocommit=True) as own:
            own.execute("ANALYZE")
        shutil.rmtree(self.uploads, ignore_errors=True)
        shutil.copytree(settings.UPLOAD_ROOT, self.uploads)

    def make(self) -> None:
        """Work in a new copy."""
        connections.close_all()
        shutil.rmtree(settings.UPLOAD_ROOT)
        shutil.copytree(self.uploads, settings.UPLOAD_ROOT)
        with self.database._maintenance() as owner:
            drop_database(owner, self.name)
            owner.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}").format(
                    sql.Identifier(self.name), sql.Identifier(self.database.name), self.strategy
                )
            )
            self.database._prepare(owner, self.name)
        self.database._point_django_at(self.name)

    def remove(self) -> None:
        """Back to the database itself."""
        self.database._point_django_at(self.database.name)
        with self.database._maintenance() as owner:
            drop_database(owner, self.name)

    def settle(self) -> None:
        """Wait until a killed process's backend has noticed, at the end of its statement; it leaves nothing behind."""
        connections.close_all()
        at_work = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        of_copy = "FROM pg_locks JOIN pg_database AS d ON d.oid = database WHERE datname = %s"
        locks = f"SELECT count(*) {of_copy} AND locktype = 'advisory'"
        with self.database._maintenance() as owner:
            for question, what in ((at_work, "the killed worker's transaction"), (locks, "its locks")):
                gone = partial(self._is_none, owner, question)
                wait_for(gone, f"the end of {what}", seconds=600)
        with psycopg.connect(**self.database.owner_parameters | {"dbname": self.name}) as own:
            temporary = own.execute("SELECT array_agg(relname) FROM pg_class WHERE relpersistence = 't'").fetchone()
            assert temporary == (None,), "temporary tables outlived their holder"

    def _is_none(self, owner: psycopg.Connection, question: str) -> bool:
        return owner.execute(question, [self.name]).fetchone() == (0,)

    def sums(self) -> Sums:
        """Table → how many rows, and a sum of all of them, whatever their order and keys."""
        with psycopg.connect(**self.database.owner_parameters | {"dbname": self.name}) as own:
            columns = own.execute(
                "SELECT table_name, array_agg(column_name::text ORDER BY column_name) FROM information_schema.columns"
                " JOIN information_schema.tables USING (table_schema, table_name)"
                " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type <> ALL(%s)"
                " AND column_name <> ALL(%s) AND column_name NOT LIKE '%%\\_id' AND column_name NOT LIKE '%%ciphertext'"
                " AND table_name <> ALL(%s) GROUP BY table_name",
                [list(PASSING_KINDS), list(PASSING), list(NOT_OF_THE_WORK)],
            ).fetchall()
            summed = sql.SQL(
                "SELECT {name}, count(*) || ' ' ||"
                " coalesce(sum(hashtextextended(concat_ws('|', {columns}), 183)::numeric), 0) FROM {table}"
            )
            questions = [
                summed.format(
                    name=sql.Literal(table),
                    table=sql.Identifier(table),
                    columns=sql.SQL(", ").join(map(sql.Identifier, names)),
                )
                for table, names in columns
            ]
            return dict(own.execute(sql.SQL(" UNION ALL ").join(questions)).fetchall())
