"""Who works on a spreadsheet of earlier contacts right now, and how far they are; in real time (F01, F06).

The lease only saves double work. What keeps double work harmless is the state, looked at under a lock.
"""

from __future__ import annotations

import json
from datetime import timedelta
from types import TracebackType
from typing import Self

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ..models import EarlierContacts, EarlierContactsState

# Longer than any step without a report (200,000 rows are matched in less); a dead worker's file waits no longer.
LEASE = timedelta(minutes=2)


def claim(file_id: int) -> bool:
    """Take the file unless somebody works on it, counting the attempt."""
    taken = _waiting().filter(pk=file_id)
    return bool(taken.update(leased_until=timezone.now() + LEASE, attempts=F("attempts") + 1))


def release(file_id: int) -> None:
    """Give the file back."""
    EarlierContacts.objects.filter(pk=file_id).update(leased_until=None)


def waiting_file_ids() -> list[int]:
    """Files on their way that nobody works on, oldest first."""
    return list(_waiting().order_by("uploaded_at", "id").values_list("pk", flat=True))


def _waiting() -> QuerySet[EarlierContacts]:
    # Real time on purpose: a demo's clock may stand still.
    free = Q(leased_until=None) | Q(leased_until__lt=timezone.now())
    return EarlierContacts.objects.filter(free, state=EarlierContactsState.RECEIVED, waits_for="")


class Progress:
    """Writes `progress` on a connection of its own, beside the reading transaction; a short file needs none."""

    def __init__(self, file_id: int) -> None:
        self.file_id = file_id
        self.reports = 0
        self.beside: BaseDatabaseWrapper | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.beside is not None:
            self.beside.close()

    def report(self, done: int) -> None:
        """`done` rows are read."""
        self.reports += 1
        if self.reports == 1:
            return
        if self.beside is None:
            self.beside = connection.copy()
        with self.beside.cursor() as cursor:
            cursor.execute(
                "UPDATE campaigns_earliercontacts SET progress = %s, leased_until = %s"
                " WHERE id = %s AND state = 'received'",
                [json.dumps({"done": done}), timezone.now() + LEASE, self.file_id],
            )
