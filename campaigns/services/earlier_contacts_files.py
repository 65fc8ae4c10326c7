"""The file of earlier contacts itself: received into private storage, erased once it is decided on (L6, L8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Municipality, Programme
from registry.services.column_mappings import sender_name
from registry.services.received_files import remove, store
from registry.services.scope import require_municipality

from ..models import EarlierContactRow, EarlierContacts, EarlierContactsChange
from ..models import EarlierContactsState as State

FOLDER = "earlier-contacts"
OPEN = (State.RECEIVED, State.REVIEWED)
# A file is written before its row; after a day no row will come.
ORPHAN_AGE = timedelta(days=1)


@transaction.atomic
def receive_file(
    *,
    by: Actor,
    municipality: Municipality,
    programme: Programme,
    file: BinaryIO,
    display_name: str,
    sender: str,
    now: datetime,
) -> EarlierContacts:
    """Store the file for reading in the background.

    Raises UserError for what is no spreadsheet, `sender_long`, and `same_file` when these bytes were taken in before.
    """
    by.require(Permission.UPLOAD_LISTS)
    require_municipality(by, municipality)
    whose = sender_name(sender or municipality.name)
    stored = store(file, folder=FOLDER, display_name=display_name)
    try:
        _refuse_when_used(municipality, stored.sha256)
        received = EarlierContacts.objects.create(
            municipality=municipality,
            programme=programme,
            display_name=stored.display_name,
            file_sha256=stored.sha256,
            stored_name=stored.stored_name,
            sender=whose,
            state_changed_at=now,
            uploaded_by_id=by.answerable_id,
            uploaded_by_name=by.name,
            uploaded_at=now,
        )
        EarlierContactsChange.objects.create(file=received, state=State.RECEIVED, at=now, by_name=by.name)
        _record(by, received, Action.ADD, _("Tidligere svar modtaget"), now)
    except BaseException:
        remove(FOLDER, stored.stored_name)
        raise
    return received


@transaction.atomic
def fail_file(file_id: int, *, code: str, message: str, now: datetime) -> None:
    """The file cannot be read; it is erased. One that somebody ended meanwhile is left as it is."""
    current = EarlierContacts.objects.select_for_update(of=("self",)).get(pk=file_id)
    if current.state != State.RECEIVED:
        return
    current.state, current.state_changed_at = State.FAILED, now
    current.error_code, current.error_message = code[:40], message[:400]
    current.leased_until, current.progress = None, {}
    current.save()
    EarlierContactsChange.objects.create(file=current, state=State.FAILED, at=now, by_name="")
    erase_file(current, now=now)


def erase_file(file: EarlierContacts, *, now: datetime) -> None:
    """The file is not needed any more; its rows are what is kept, if anything is.

    Erased when the transaction stands: what is rolled back keeps its file, and a worker killed in between leaves it to
    `ended_with_file`.
    """
    if file.file_erased_at is None and file.stored_name:
        transaction.on_commit(lambda: _erase(file.pk, file.stored_name, now))


def _erase(file_id: int, stored_name: str, now: datetime) -> None:
    remove(FOLDER, stored_name)
    EarlierContacts.objects.filter(pk=file_id).update(file_erased_at=now)


def ended_with_file(now: datetime) -> QuerySet[EarlierContacts]:
    """Files decided on whose erasure was cut short, oldest first."""
    kept = EarlierContacts.objects.filter(file_erased_at=None, state_changed_at__lte=now).exclude(stored_name="")
    return kept.exclude(state__in=OPEN).order_by("pk")


def untouched(now: datetime) -> QuerySet[EarlierContacts]:
    """Files that wait for a person and that nobody has touched for RAW_FILE_DAYS, oldest first."""
    before = now - timedelta(days=settings.RAW_FILE_DAYS)
    return EarlierContacts.objects.filter(state__in=OPEN, state_changed_at__lte=before).order_by("pk")


@transaction.atomic
def end_untouched(*, by: Actor, file_id: int, now: datetime) -> bool:
    """Reject one file that nobody decided on, and erase it with its rows. False when somebody was first."""
    current = untouched(now).select_for_update(of=("self",), skip_locked=True).filter(pk=file_id).first()
    if current is None:
        return False
    EarlierContactRow.objects.filter(file=current).delete()
    note = _("Ingen har taget stilling til filen i %(days)s dage.") % {"days": settings.RAW_FILE_DAYS}
    current.state, current.state_changed_at, current.waits_for = State.REJECTED, now, ""
    current.save()
    EarlierContactsChange.objects.create(file=current, state=State.REJECTED, at=now, by_name="", note=note)
    erase_file(current, now=now)
    _record(by, current, Action.DELETE, _("Tidligere svar afvist"), now)
    return True


def with_unused_rows(now: datetime) -> QuerySet[EarlierContacts]:
    """Files taken in, or undone, RAW_FILE_DAYS ago or more: what nobody uses of their rows is due."""
    before = now - timedelta(days=settings.RAW_FILE_DAYS)
    ended = EarlierContacts.objects.filter(state__in=(State.COMMITTED, State.UNDONE), state_changed_at__lte=before)
    return ended.order_by("pk")


def unused_rows(file: EarlierContacts) -> QuerySet[EarlierContactRow]:
    """Rows are the file once more. Of a file in use those stay that became somebody's contact; of an undone one none.

    The receipt's figures stand on the file.
    """
    rows = EarlierContactRow.objects.filter(file=file)
    return rows.filter(~Q(problem_code="") | Q(citizen=None)) if file.state == State.COMMITTED else rows


@transaction.atomic
def erase_unused_rows(*, by: Actor, file: EarlierContacts, now: datetime) -> int:
    """Erase them for real (A5). Returns how many; 0 when another run was first, or works on it."""
    current = with_unused_rows(now).select_for_update(of=("self",), skip_locked=True).filter(pk=file.pk).first()
    gone = unused_rows(current).delete()[0] if current is not None else 0
    if current is not None and gone:
        _record(by, current, Action.DELETE, _("Rækker, der ikke blev brugt, slettet"), now, {"rows": gone})
    return gone


def orphans(real_now: datetime) -> list[Path]:
    """Stored files that no row knows, older than a day by the computer's clock."""
    folder = Path(settings.UPLOAD_ROOT) / FOLDER
    if not folder.is_dir():
        return []
    before = (real_now - ORPHAN_AGE).timestamp()
    old = [path for path in sorted(folder.iterdir()) if path.lstat().st_mtime <= before]
    rows = EarlierContacts.objects.filter(stored_name__in=[path.name for path in old], file_erased_at=None)
    known = set(rows.values_list("stored_name", flat=True))
    return [path for path in old if path.name not in known]


def _refuse_when_used(municipality: Municipality, sha256: str) -> None:
    used = EarlierContacts.objects.filter(municipality=municipality, file_sha256=sha256, state=State.COMMITTED).first()
    if used is not None:
        raise UserError(
            "same_file",
            _("Filen er allerede indlæst af %(who)s. Den kan ikke tælle to gange.") % {"who": used.committed_by_name},
        )


def _record(
    by: Actor, file: EarlierContacts, action: Action, purpose: str, now: datetime, detail: dict[str, int] | None = None
) -> None:
    record(
        by=by,
        action=action,
        subject_kind="earliercontacts",
        subject_id=file.pk,
        municipality_id=file.municipality_id,
        purpose=purpose,
        detail=detail,
        at=now,
    )
