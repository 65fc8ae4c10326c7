"""Background work of the registry: reading lists, and finding those the broker or a dead worker lost."""

from __future__ import annotations

from django.utils import timezone
from django.utils.timezone import localdate

from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes
from outreach.celery import INTERVALS, app
from outreach.clock.services import now as clock_now
from outreach.privacy.retention import erase_expired
from outreach.schedule.services import claim_slot

from .imports import citizen_jobs, national_split
from .imports.drop_folder import collect
from .imports.lists import advance, waiting_list_ids
from .models import ListOrder, Selection
from .services.list_order_ends import end_use, orders_over
from .services.selections import end_selection, selections_over

SWEEP = "registry.sweep-imports"
COLLECT = "registry.collect-dropped-lists"
ERASE = "registry.erase-raw-files"
# Well within the workers' hard limit of half an hour, and of the hour until the next run.
ERASE_SECONDS = 20 * 60.0
END_SELECTIONS = "registry.end-selections"
END_ORDERS = "registry.end-list-orders"


@app.task(name="registry.import-list")
def import_list(list_id: int) -> None:
    """Take one list from wherever it is to its review."""
    advance(list_id, now=clock_now())


@app.task(name="registry.import-citizens")
def import_citizen_file(import_id: int) -> None:
    """Read one citizen file into the registry (C1)."""
    citizen_jobs.run(import_id, now=clock_now())


@app.task(name="registry.split-national-file")
def split_national_file(file_id: int) -> None:
    """Make one list per municipality of a national file, and wake up their reading (L8b)."""
    for list_id in national_split.list_ids(national_split.split(file_id, now=clock_now())):
        import_list.delay(list_id)


@app.task(name=SWEEP)
def sweep_imports() -> None:
    """Wake up every list and national file that nobody works on (F01, F04): at most once a minute."""
    # Real time on purpose: the demo's clock may stand still.
    if not claim_slot(SWEEP, INTERVALS[SWEEP], timezone.now()):
        return
    for import_id in citizen_jobs.waiting_import_ids():
        import_citizen_file.delay(import_id)
    for file_id in national_split.waiting_file_ids():
        split_national_file.delay(file_id)
    for list_id in waiting_list_ids():
        import_list.delay(list_id)


@app.task(name=COLLECT)
def collect_dropped_lists() -> None:
    """Take in what lies in the drop folders, and wake up the reading of each list."""
    real_now = timezone.now()
    if not claim_slot(COLLECT, INTERVALS[COLLECT], real_now):
        return
    for code in served_municipality_codes():
        for list_id in collect(code, now=clock_now(), real_now=real_now.timestamp()).list_ids:
            import_list.delay(list_id)


@app.task(name=ERASE)
def erase_raw_files() -> None:
    """Erase what has had its time (L6); killed half-way, the next run goes on."""
    real_now = timezone.now()
    if claim_slot(ERASE, INTERVALS[ERASE], real_now):
        erase_expired(now=clock_now(), real_now=real_now, dry_run=False, seconds=ERASE_SECONDS)


@app.task(name=END_SELECTIONS)
def end_selections() -> None:
    """End the own selections whose last day has passed (L9); one that was ended meanwhile is left as it is."""
    if not claim_slot(END_SELECTIONS, INTERVALS[END_SELECTIONS], timezone.now()):
        return
    now = clock_now()
    for municipality, selection_id in selections_over(localdate(now)):
        with job_context("selections", [municipality]) as by:
            end_selection(by=by, selection=Selection.objects.get(pk=selection_id), now=now)


@app.task(name=END_ORDERS)
def end_list_orders() -> None:
    """Let go of those that only the lists of an order that has run out name (L2)."""
    if not claim_slot(END_ORDERS, INTERVALS[END_ORDERS], timezone.now()):
        return
    now = clock_now()
    for municipality, order_id in orders_over(localdate(now)):
        with job_context("list-orders", [municipality]) as by:
            end_use(by=by, order=ListOrder.objects.get(pk=order_id), now=now)
