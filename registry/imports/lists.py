"""Take an SSI list from its stored file to its review: read → match → review. Commit is a person's (services.lists).

One transaction reads, matches and writes the rows; a second one counts them and holds the gates. Killed anywhere, a
list is where it was before (F01, F02); run twice, the second run finds nothing to do (F03).
"""

from __future__ import annotations

import uuid
from datetime import datetime

import structlog
from django.utils.translation import gettext as _

from outreach.access.deadlocks import may_run_again
from outreach.errors import UserError

from ..models import ListState, NonresponderList
from ..services.list_states import IN_PROGRESS, move
from .child import ReaderKilled
from .lease import claim, finish, release, waiting_list_ids
from .list_matching import read_and_match
from .list_review import review

__all__ = ["advance", "waiting_list_ids"]

JOB = "list-import"
MOST_ATTEMPTS = 3

log = structlog.get_logger(__name__)


def advance(list_id: int, *, now: datetime) -> NonresponderList:
    """Take the list as far as it goes by itself: to `reviewed`, to `failed`, or to waiting for a mapping.

    Idempotent; a list that another worker holds, or that has ended, is left alone. A file the user must mend makes the
    list `failed` with the sentence; a fault is raised, and after three attempts makes it `failed` with an error id.
    """
    while True:
        if not claim(list_id):
            return NonresponderList.objects.get(pk=list_id)
        try:
            _refuse_deadly(list_id)
            _run_stages(list_id, now)
            finish(list_id)
            return NonresponderList.objects.get(pk=list_id)
        except UserError as error:
            return _fail(list_id, error.code, error.message, now)
        except Exception as error:
            release(list_id)
            if failed := _give_up(list_id, error, now):
                return failed
            if not (isinstance(error, ReaderKilled) or may_run_again(error)):
                raise


class WorkerLost(RuntimeError):
    """Attempts have ended without a word: each time the worker died of it (out of memory, its hard time limit)."""


def _refuse_deadly(list_id: int) -> None:
    """F09: what took three workers with it gets no fourth. Raises WorkerLost."""
    if NonresponderList.objects.values_list("attempts", flat=True).get(pk=list_id) > MOST_ATTEMPTS:
        raise WorkerLost


def _run_stages(list_id: int, now: datetime) -> None:
    current = NonresponderList.objects.select_related("municipality", "programme", "order").get(pk=list_id)
    unread = current.state in (ListState.UPLOADED, ListState.READ)
    if unread and not read_and_match(current, job=JOB, now=now):
        return
    review(current, job=JOB, now=now)


def _give_up(list_id: int, error: Exception, now: datetime) -> NonresponderList | None:
    """F08, F09: after three attempts the list is failed with an id that the log knows; before that, None."""
    current = NonresponderList.objects.get(pk=list_id)
    name = type(error).__name__
    if current.attempts < MOST_ATTEMPTS:
        log.warning("list_import_interrupted", list_id=list_id, attempt=current.attempts, error=name)
        return None
    error_id = uuid.uuid4().hex[:8]
    log.error("list_import_failed", list_id=list_id, error_id=error_id, error=name)
    sentence = _("Listen kunne ikke læses på grund af en fejl hos os (fejl-id %(id)s). Kontakt driften.")
    return _fail(list_id, "fault", sentence % {"id": error_id}, now)


def _fail(list_id: int, code: str, message: str, now: datetime) -> NonresponderList:
    current = NonresponderList.objects.get(pk=list_id)
    if current.state in IN_PROGRESS:
        move(
            current,
            ListState.FAILED,
            by_name=JOB,
            now=now,
            note=code,
            error_code=code,
            error_message=message,
            leased_until=None,
        )
    return NonresponderList.objects.get(pk=list_id)
