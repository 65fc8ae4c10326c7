"""Who works on a spreadsheet of earlier contacts right now, and how far they are; in real time (F01, F06).

The lease only saves double work. What keeps double work harmless is the state, looked at under a lock.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from registry.imports.progress import Progress

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


def file_progress(file_id: int) -> Progress:
    """What the waiting page shows meanwhile; each report keeps the lease."""
    return Progress(EarlierContacts, file_id, states=[EarlierContactsState.RECEIVED], lease=LEASE)
