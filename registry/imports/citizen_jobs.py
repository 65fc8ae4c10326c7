"""Read a received citizen file: one transaction, all or nothing (C1). Unless a second person must look first, the file
is erased whatever came of it (L6).

Killed on the way, nothing is written and the sweeper wakes it again; run twice, the second run finds nothing to do.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import structlog
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.access.data_context import job_context
from outreach.access.deadlocks import may_run_again
from outreach.errors import UserError

from ..models import CitizenImport, CitizenImportState
from ..services.citizen_gates import CitizensHeld
from ..services.citizen_imports import FOLDER, erase_file
from ..services.received_files import stored_path
from .child import ReaderKilled
from .citizen_lease import claim
from .citizens import read_into
from .lists import MOST_ATTEMPTS, WorkerLost

JOB = "citizen-import"
# What is still to be read needs its file.
KEPT = (CitizenImportState.RECEIVED, CitizenImportState.HELD)

log = structlog.get_logger(__name__)


def run(import_id: int, *, now: datetime) -> CitizenImport:
    """The file goes from `received` to `done`, `held` or `failed`; what another worker holds, or has ended, is left."""
    while claim(import_id):
        receipt = CitizenImport.objects.get(pk=import_id)
        try:
            if receipt.attempts > MOST_ATTEMPTS:  # F09: three workers died of it
                raise WorkerLost
            with job_context(JOB, [receipt.municipality_id]) as by:
                read_into(receipt, by=by, path=stored_path(FOLDER, receipt.stored_name), now=now)
        except CitizensHeld as held:
            _hold(import_id, held)
        except UserError as error:
            _fail(import_id, error.code, error.message)
        except Exception as error:
            CitizenImport.objects.filter(pk=import_id).update(leased_until=None)
            if not _given_up(receipt, error):
                if isinstance(error, ReaderKilled) or may_run_again(error):
                    continue
                raise
    receipt = CitizenImport.objects.get(pk=import_id)
    if receipt.state not in KEPT:
        erase_file(receipt)
    return receipt


def _given_up(receipt: CitizenImport, error: Exception) -> bool:
    """F08: after three attempts the file is failed with an id that the log knows; before that, False."""
    name = type(error).__name__
    if receipt.attempts < MOST_ATTEMPTS:
        log.warning("citizen_import_interrupted", import_id=receipt.pk, attempt=receipt.attempts, error=name)
        return False
    error_id = uuid.uuid4().hex[:8]
    log.error("citizen_import_failed", import_id=receipt.pk, error_id=error_id, error=name)
    sentence = _("Filen kunne ikke læses på grund af en fejl hos os (fejl-id %(id)s). Kontakt driften.")
    _fail(receipt.pk, "fault", sentence % {"id": error_id})
    return True


def waiting_import_ids() -> list[int]:
    """Files on their way that nobody works on, and those read by a worker that died before it erased them."""
    free = Q(leased_until=None) | Q(leased_until__lt=timezone.now())
    unerased = ~Q(state__in=KEPT) & ~Q(stored_name="")
    waiting = CitizenImport.objects.filter(Q(free, state=CitizenImportState.RECEIVED) | unerased)
    return list(waiting.order_by("imported_at", "id").values_list("pk", flat=True))


def _hold(import_id: int, held: CitizensHeld) -> None:
    CitizenImport.objects.filter(pk=import_id).update(
        state=CitizenImportState.HELD, gates=held.gates, leased_until=None, progress={}
    )


def _fail(import_id: int, code: str, message: str) -> None:
    CitizenImport.objects.filter(pk=import_id).update(
        state=CitizenImportState.FAILED,
        error_code=code[:40],
        error_message=message[:400],
        leased_until=None,
        progress={},
    )
