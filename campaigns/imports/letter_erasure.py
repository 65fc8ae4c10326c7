"""Erase the files of letters whose time is up; may be killed anywhere and run again (A5)."""

from __future__ import annotations

from datetime import datetime

from ..services.letters import files


def erase_letter_files(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Print files and archives of old batches. Returns how many batches."""
    due = list(files.due_for_erasure(now))
    for batch in [] if dry_run else due:
        files.erase(files.forget_files(batch, now=now))
    return len(due)


def erase_orphaned_letter_files(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Files that a killed worker left without a row. Returns how many."""
    found = files.orphans(real_now)
    for path in [] if dry_run else found:
        path.unlink(missing_ok=True)
    return len(found)
