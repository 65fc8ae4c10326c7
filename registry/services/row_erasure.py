"""Erase rows whose time is up, one municipality after the other, some hundred at a time (A5).

Each step is a transaction of its own with its row in the access log; a run may be killed anywhere and run again. It
ends by itself when its time is up (`outreach.privacy.erasure_time`), and the next run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.privacy.erasure_time import time_is_up

JOB = "erasure"
# Rows in one transaction: with what hangs on them a few thousand, well under a second.
BATCH = 500

Due = Callable[[], QuerySet[Any]]


def before(now: datetime, setting: str) -> datetime:
    """The moment that lies the setting's number of days back."""
    days: int = getattr(settings, setting)
    return now - timedelta(days=days)


def erase_rows(
    due: Due,
    *,
    what: str,
    now: datetime,
    dry_run: bool,
    erase: Callable[[Sequence[Any]], object] | None = None,
) -> int:
    """Erase what `due()` finds in each municipality; return how many rows went, or with `dry_run` would go.

    `due` is asked inside the municipality's context. `erase` takes the keys of a step, where deleting the rows with
    what hangs on them is not enough. `what` names them in the access log.
    """
    gone = 0
    for code in served_municipality_codes():
        if dry_run:
            with job_context(JOB, [code]):
                gone += due().filter(municipality=code).count()
            continue
        while not time_is_up() and (number := _erase_step(due, erase, code=code, what=what, now=now)):
            gone += number
    return gone


def _erase_step(
    due: Due, erase: Callable[[Sequence[Any]], object] | None, *, code: int, what: str, now: datetime
) -> int:
    """One context is one transaction: a step that is over stays so, whatever happens in the next one."""
    with job_context(JOB, [code]) as by:
        keys = _still_due(due, code)
        if not keys:
            return 0
        if erase is None:
            due().model._default_manager.filter(pk__in=keys).delete()
        else:
            erase(keys)
        record(
            by=by,
            action=Action.DELETE,
            subject_kind=what,
            municipality_id=code,
            purpose=_("Slettefrist"),
            detail={"rows": len(keys)},
            at=now,
        )
        return len(keys)


def _still_due(due: Due, code: int) -> list[Any]:
    """Keys of the next rows, locked. What somebody works on at this moment is left to a later run, and what changed
    before the lock was had (a case reopened) is asked about once more."""
    mine = due().filter(municipality=code)
    locked = mine.order_by("pk").select_for_update(of=("self",), skip_locked=True).only("pk")
    keys = [row.pk for row in locked[:BATCH]]
    return list(due().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True)) if keys else []
