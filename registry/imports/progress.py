"""Tell the waiting page how far a long list is, and that it is still worked on, beside the reading transaction."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Self

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from .lease import LEASE


class Progress:
    """Writes `progress` on a connection of its own, opened at the second report: a short list needs none."""

    def __init__(self, list_id: int) -> None:
        self.list_id = list_id
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
        if self.reports == 1:
            return
        if self.beside is None:
            self.beside = connection.copy()
        with self.beside.cursor() as cursor:
            cursor.execute(
                "UPDATE registry_nonresponderlist SET progress = %s, leased_until = %s WHERE id = %s",
                [json.dumps({"stage": stage, "done": done, "of": None}), timezone.now() + LEASE, self.list_id],
            )
