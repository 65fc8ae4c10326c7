"""Who works on a citizen file right now, and how far they are; in real time, as for lists (F01, F06)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from ..models import CitizenImport, CitizenImportState
from .progress import Progress

# Longer than any step without a report (1 M rows: upserted in less); a dead worker's file waits no longer than this.
LEASE = timedelta(minutes=5)


def claim(import_id: int) -> bool:
    """Take the file unless somebody works on it, counting the attempt. Real time: a demo's clock may stand still."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    waiting = CitizenImport.objects.filter(free, pk=import_id, state=CitizenImportState.RECEIVED)
    return bool(waiting.update(leased_until=now + LEASE, attempts=F("attempts") + 1))


def file_progress(import_id: int) -> Progress:
    """What the waiting page shows meanwhile; each report keeps the lease. A short file reports twice: read, written."""
    return Progress(CitizenImport, import_id, states=[CitizenImportState.RECEIVED], lease=LEASE, quiet=2)
