"""Who works on a list right now: a short lease in real time, so that a dead worker's list is taken over (F01, F06).

The lease only saves double work. What keeps double work harmless are the guarded transitions of `list_states`.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from ..models import NonresponderList
from ..services.list_states import IN_PROGRESS
from .progress import Progress

# Longer than any step without a report (1 M rows: classified in less); a dead worker's list waits no longer than this.
LEASE = timedelta(minutes=1)


def claim(list_id: int) -> bool:
    """Take the list unless somebody works on it, counting the attempt. Real time: a demo's clock may stand still."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    waiting = NonresponderList.objects.filter(free, pk=list_id, state__in=IN_PROGRESS, waits_for="")
    return bool(waiting.update(leased_until=now + LEASE, attempts=F("attempts") + 1))


def release(list_id: int) -> None:
    """Give the list back after a fault: its attempts count."""
    NonresponderList.objects.filter(pk=list_id).update(leased_until=None)


def finish(list_id: int) -> None:
    """Give the list back after an attempt that came to its end: those before it are forgotten."""
    NonresponderList.objects.filter(pk=list_id).update(leased_until=None, attempts=0)


def waiting_list_ids() -> list[int]:
    """Lists on their way that nobody works on, oldest first."""
    free = Q(leased_until=None) | Q(leased_until__lt=timezone.now())
    waiting = NonresponderList.objects.filter(free, state__in=IN_PROGRESS, waits_for="")
    return list(waiting.order_by("uploaded_at", "id").values_list("pk", flat=True))


def list_progress(list_id: int) -> Progress:
    """What the waiting page shows meanwhile; each report keeps the lease."""
    return Progress(NonresponderList, list_id, states=IN_PROGRESS, lease=LEASE)
