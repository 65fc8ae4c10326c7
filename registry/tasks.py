"""Background work of the registry: reading lists, and finding those the broker or a dead worker lost."""

from __future__ import annotations

from django.utils import timezone

from outreach.celery import INTERVALS, app
from outreach.clock.services import now as clock_now
from outreach.schedule.services import claim_slot

from .imports.lists import advance, waiting_list_ids

SWEEP = "registry.sweep-imports"


@app.task(name="registry.import-list")
def import_list(list_id: int) -> None:
    """Take one list from wherever it is to its review."""
    advance(list_id, now=clock_now())


@app.task(name=SWEEP)
def sweep_imports() -> None:
    """Wake up every list that nobody works on (F01, F04): at most once a minute, however often beat ticks."""
    # Real time on purpose: the demo's clock may stand still.
    if not claim_slot(SWEEP, INTERVALS[SWEEP], timezone.now()):
        return
    for list_id in waiting_list_ids():
        import_list.delay(list_id)
