"""Take a spreadsheet of earlier contacts from its stored file to its review; taking it in is a person's (L8).

Killed on the way, nothing is written and the sweeper wakes it again (F01); run twice, the second run finds nothing.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import structlog
from django.utils.translation import gettext as _

from outreach.access.data_context import job_context
from outreach.errors import UserError
from registry.imports.child import ReaderKilled

from ..models import EarlierContacts
from ..services.earlier_contacts_files import fail_file
from .earlier_contacts import read_and_review
from .earlier_contacts_lease import claim, release, waiting_file_ids

__all__ = ["advance", "waiting_file_ids"]

JOB = "earlier-contacts"
MOST_ATTEMPTS = 3

log = structlog.get_logger(__name__)


class WorkersLost(RuntimeError):
    """Three workers died of the file (F09)."""


def advance(file_id: int, *, now: datetime) -> EarlierContacts:
    """Take the file to `reviewed`, to `failed`, or to waiting for its columns. One that is held or has ended is left.

    A file the user must mend becomes `failed` with the sentence; a fault is raised, and after three attempts makes it
    `failed` with an error id.
    """
    while claim(file_id):
        file = EarlierContacts.objects.select_related("municipality").get(pk=file_id)
        try:
            if file.attempts > MOST_ATTEMPTS:
                raise WorkersLost
            with job_context(JOB, [file.municipality_id]) as by:
                read_and_review(file, by=by, now=now)
            break
        except UserError as error:
            fail_file(file_id, code=error.code, message=error.message, now=now)
            break
        except Exception as error:
            release(file_id)
            if _given_up(file, error, now):
                break
            if not isinstance(error, ReaderKilled):
                raise
    release(file_id)
    return EarlierContacts.objects.get(pk=file_id)


def _given_up(file: EarlierContacts, error: Exception, now: datetime) -> bool:
    """F08: after three attempts the file is failed with an id that the log knows; before that, False."""
    name = type(error).__name__
    if file.attempts < MOST_ATTEMPTS:
        log.warning("earlier_contacts_interrupted", file_id=file.pk, attempt=file.attempts, error=name)
        return False
    error_id = uuid.uuid4().hex[:8]
    log.error("earlier_contacts_failed", file_id=file.pk, error_id=error_id, error=name)
    sentence = _("Filen kunne ikke læses på grund af en fejl hos os (fejl-id %(id)s). Kontakt driften.")
    fail_file(file.pk, code="fault", message=sentence % {"id": error_id}, now=now)
    return True
