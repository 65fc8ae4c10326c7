"""Tell the waiting page how far a long file is, and that it is still worked on, beside the reading transaction."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta
from types import TracebackType
from typing import Self

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from psycopg import sql


class Progress:
    """Writes `progress` and a longer `leased_until` to the row of one file, on a connection of its own.

    The connection is opened after `quiet` reports: a short file is done before anybody could look. A worker that was
    overtaken by another writes nothing: the file is no longer in `states`.
    """

    def __init__(
        self, model: type[models.Model], key: int, *, states: Collection[str], lease: timedelta, quiet: int = 1
    ) -> None:
        self.update = sql.SQL(
            "UPDATE {} SET progress = %s, leased_until = %s WHERE id = %s AND state = ANY(%s)"
        ).format(sql.Identifier(model._meta.db_table))
        self.key, self.states, self.lease, self.quiet = key, [str(state) for state in states], lease, quiet
        self.reports = 0
        self.beside: BaseDatabaseWrapper | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.beside is not None:
            self.beside.close()

    def report(self, stage: str, done: int) -> None:
        """`done` rows are through the stage."""
        self.reports += 1
        if self.reports <= self.quiet:
            return
        if self.beside is None:
            self.beside = connection.copy()
        progress = json.dumps({"stage": stage, "done": done})
        with self.beside.cursor() as cursor:
            cursor.execute(self.update, [progress, timezone.now() + self.lease, self.key, self.states])
