"""Erase rows whose time is up, one municipality after the other, some hundred at a time (A5).

Each step is a transaction of its own with its row in the access log; a run may be killed anywhere and run again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes
from outreach.audit.models import Action
from outreach.audit.services import record

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
        with job_context(JOB, [code]) as by:
            if dry_run:
                gone += due().filter(municipality=code).count()
                continue
            while number := _erase_some(due, erase, by=by, code=code, what=what, now=now):
                gone += number
    return gone


@transaction.atomic
def _erase_some(
    due: Due, erase: Callable[[Sequence[Any]], object] | None, *, by: Actor, code: int, what: str, now: datetime
) -> int:
    rows = due().filter(municipality=code)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    if erase is None:
        rows.model._default_manager.filter(pk__in=keys).delete()
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
