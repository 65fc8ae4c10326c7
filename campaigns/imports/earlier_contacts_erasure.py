"""Walk through the files of earlier contacts that are due to be erased; may be killed anywhere and run again (L6)."""

from __future__ import annotations

from datetime import datetime

from outreach.access.data_context import job_context

from ..services import earlier_contacts_files as files

JOB = "erasure"


def erase_ended_files(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Files whose erasure was cut short after the decision. Returns how many."""
    due = list(files.ended_with_file(now))
    for file in [] if dry_run else due:
        files.erase_file(file, now=now)
    return len(due)


def end_untouched_files(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Files that nobody has decided on: rejected, and erased with their rows. Returns how many."""
    due = list(files.untouched(now).values_list("pk", "municipality_id"))
    if dry_run:
        return len(due)
    done = 0
    for file_id, municipality_id in due:
        with job_context(JOB, [municipality_id]) as by:
            done += files.end_untouched(by=by, file_id=file_id, now=now)
    return done


def erase_unused_rows(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Rows that nobody uses of files taken in or undone long enough ago. Returns how many rows."""
    done = 0
    for file in files.with_unused_rows(now):
        with job_context(JOB, [file.municipality_id]) as by:
            if dry_run:
                done += files.unused_rows(file).count()
            else:
                done += files.erase_unused_rows(by=by, file=file, now=now)
    return done


def erase_orphans(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Stored files that no row knows. Returns how many."""
    found = files.orphans(real_now)
    for path in [] if dry_run else found:
        path.unlink(missing_ok=True)
    return len(found)
