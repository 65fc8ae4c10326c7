"""Walk through what is due to be erased, one transaction each; may be killed anywhere and run again (L6, F55)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from outreach.access.actor import system_actor
from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes

from ..services import erasure
from ..services.dropped_files import REFUSED, erase_aside, put_aside_before
from ..services.orphaned_files import ORPHAN_AGE, erase_path, orphans
from ..services.refused_files import lone_sentences

JOB = "erasure"


def erase_raw_files(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Raw files of lists that have ended. Returns how many."""
    due = list(erasure.files_due(now).values_list("pk", "municipality_id"))
    return len(due) if dry_run else sum(_each(erasure.erase_raw_file, due, now))


def end_untouched_lists(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Lists that nobody has touched: withdrawn, and their raw files erased. Returns how many."""
    due = list(erasure.untouched(now).values_list("pk", "municipality_id"))
    return len(due) if dry_run else sum(_each(erasure.end_untouched, due, now))


def erase_orphans(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Received files that no row knows, and sentences in `afvist` about files that are not there. Returns how many."""
    found = orphans(real_now)
    sentences = [
        (code, name) for code in served_municipality_codes() for name in lone_sentences(code, real_now - ORPHAN_AGE)
    ]
    if not dry_run:
        for path in found:
            erase_path(path)
        for code, name in sentences:
            erase_aside(code, REFUSED, name)
    return len(found) + len(sentences)


def erase_national_files(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """National files that nobody split: held back, or failed of a fault of ours. Returns how many."""
    due = list(erasure.national_files_due(now).values_list("pk", flat=True))
    by = system_actor(JOB)
    return len(due) if dry_run else sum(erasure.erase_national_file(by=by, file_id=each, now=now) for each in due)


def erase_held_citizen_files(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Held citizen files that nobody answered for. Returns how many."""
    due = list(erasure.held_citizen_files_due(now).values_list("pk", flat=True))
    by = system_actor(JOB)
    return len(due) if dry_run else sum(erasure.end_held_citizen_file(by=by, import_id=each, now=now) for each in due)


def erase_dropped_files(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """What was put aside in the drop folder: what was taken in and what was refused. Returns how many."""
    gone = 0
    for code in served_municipality_codes():
        for folder, name in put_aside_before(code, now - erasure.period(), real_now - erasure.period()):
            gone += 1
            if not dry_run:
                erase_aside(code, folder, name)
    return gone


def _each(erase: Callable[..., bool], due: list[tuple[int, int]], now: datetime) -> list[bool]:
    done = []
    for list_id, municipality_id in due:
        with job_context(JOB, [municipality_id]) as by:
            done.append(erase(by=by, list_id=list_id, now=now))
    return done
