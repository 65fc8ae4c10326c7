"""Tell the waiting page how far a citizen file is, beside the reading transaction, and that it is still worked on."""

from __future__ import annotations

import json
from datetime import timedelta
from types import TracebackType
from typing import Self

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

# Longer than any step without a report (1 M rows: upserted in less); a dead worker's file waits no longer than this.
LEASE = timedelta(minutes=5)


class CitizenProgress:
    """Writes `progress` on a connection of its own, opened at the second report: a short file needs none."""

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id
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
        """`done` rows are through the stage. Files of one chunk are done before anybody could look."""
        self.reports += 1
        if self.reports < 3:
            return
        if self.beside is None:
            self.beside = connection.copy()
        with self.beside.cursor() as cursor:
            cursor.execute(
                "UPDATE registry_citizenimport SET progress = %s, leased_until = %s"
                " WHERE id = %s AND state = 'received'",
                [json.dumps({"stage": stage, "done": done}), timezone.now() + LEASE, self.import_id],
            )
