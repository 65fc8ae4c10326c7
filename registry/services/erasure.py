"""Erase what lists and national files leave behind: their raw files, and the rows of them that nobody uses (L6).

A raw file serves the reading and the check afterwards. It goes RAW_FILE_DAYS after the list has ended; a list that
nobody has touched for as long is withdrawn by the system and its file goes at once. Each list is a transaction of its
own: file first, then the row, so that a run that was killed is simply run again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record

from ..models import (
    CitizenImport,
    CitizenImportState,
    ListRow,
    ListState,
    NationalFile,
    NationalFileState,
    NonresponderList,
)
from .citizen_imports import FOLDER as CITIZENS_FOLDER
from .list_states import IN_PROGRESS
from .lists import withdraw
from .lists.receiving import FOLDER
from .national_files import FOLDER as NATIONAL_FOLDER
from .received_files import remove

ENDS = (ListState.COMMITTED, ListState.REJECTED, ListState.WITHDRAWN, ListState.UNDONE, ListState.FAILED)
OPEN = (*IN_PROGRESS, ListState.REVIEWED)
NOT_SPLIT = (NationalFileState.HELD, NationalFileState.FAILED)


def period() -> timedelta:
    """How long a raw file is kept."""
    return timedelta(days=settings.RAW_FILE_DAYS)


def erasure_due(nonresponder_list: NonresponderList) -> datetime | None:
    """When the raw file goes if nothing more happens to the list; None when it is gone."""
    if nonresponder_list.file_erased_at is not None:
        return None
    moments = [nonresponder_list.state_changed_at]
    if nonresponder_list.state in OPEN and nonresponder_list.touched_at is not None:
        moments.append(nonresponder_list.touched_at)
    return max(moments) + period()


def files_due(now: datetime) -> QuerySet[NonresponderList]:
    """Ended lists whose file's time is up, oldest first."""
    kept = NonresponderList.objects.filter(file_erased_at=None, state__in=ENDS, state_changed_at__lte=now - period())
    return kept.order_by("pk")


def untouched(now: datetime) -> QuerySet[NonresponderList]:
    """Lists not in use that nobody has touched for as long, oldest first."""
    last = Greatest("state_changed_at", Coalesce("touched_at", "state_changed_at"), output_field=DateTimeField())
    waiting = NonresponderList.objects.filter(state__in=OPEN).annotate(last=last)
    return waiting.filter(last__lte=now - period()).order_by("pk")


@transaction.atomic
def erase_raw_file(*, by: Actor, list_id: int, now: datetime) -> bool:
    """Erase the raw file of one list whose time is up. False when another run was first, or the list lives on."""
    current = files_due(now).select_for_update(of=("self",), skip_locked=True).filter(pk=list_id).first()
    if current is None:
        return False
    _erase(by, current, now)
    return True


@transaction.atomic
def end_untouched(*, by: Actor, list_id: int, now: datetime) -> bool:
    """Withdraw one list that nobody has touched, and erase its raw file. False when somebody was first."""
    current = untouched(now).select_for_update(of=("self",), skip_locked=True).filter(pk=list_id).first()
    if current is None:
        return False
    note = _("Ingen har taget stilling til listen i %(days)s dage.") % {"days": settings.RAW_FILE_DAYS}
    current = withdraw(by=by, nonresponder_list=current, now=now, note=note)
    _erase(by, current, now)
    return True


def national_files_due(now: datetime) -> QuerySet[NationalFile]:
    """National files held back, or failed of a fault of ours, that were received the period ago; oldest first."""
    waiting = NationalFile.objects.filter(file_erased_at=None, state__in=NOT_SPLIT, received_at__lte=now - period())
    return waiting.order_by("pk")


@transaction.atomic
def erase_national_file(*, by: Actor, file_id: int, now: datetime) -> bool:
    """Erase one of these; what was held is taken back with it. False when somebody or another run was first."""
    current = national_files_due(now).select_for_update(skip_locked=True).filter(pk=file_id).first()
    if current is None:
        return False
    remove(NATIONAL_FOLDER, current.stored_name)
    if current.state == NationalFileState.HELD:
        current.state = NationalFileState.WITHDRAWN
    current.file_erased_at = now
    current.save(update_fields=["state", "file_erased_at"])
    _record(by, "nationalfile", current.pk, None, now)
    return True


def held_citizen_files_due(now: datetime) -> QuerySet[CitizenImport]:
    """Citizen files that were held the period ago and that nobody has answered for; oldest first."""
    held = CitizenImport.objects.filter(state=CitizenImportState.HELD, imported_at__lte=now - period())
    return held.order_by("pk")


@transaction.atomic
def end_held_citizen_file(*, by: Actor, import_id: int, now: datetime) -> bool:
    """Refuse one of these and erase its file. False when somebody or another run was first."""
    current = held_citizen_files_due(now).select_for_update(skip_locked=True).filter(pk=import_id).first()
    if current is None:
        return False
    remove(CITIZENS_FOLDER, current.stored_name)
    current.state, current.stored_name = CitizenImportState.REJECTED, ""
    current.save(update_fields=["state", "stored_name"])
    _record(by, "citizenimport", current.pk, current.municipality_id, now)
    return True


def _erase(by: Actor, current: NonresponderList, now: datetime) -> None:
    remove(FOLDER, current.stored_name)
    _erase_unused_rows(current)
    current.file_erased_at = now
    current.save(update_fields=["file_erased_at"])
    _record(by, "nonresponderlist", current.pk, current.municipality_id, now)


def _erase_unused_rows(current: NonresponderList) -> None:
    """Rows are the file once more. Of a list in use those stay that became somebody's follow-up; of the others the
    row's number and what was wrong with it. The receipt's figures stand on the list."""
    rows = ListRow.objects.filter(nonresponder_list=current)
    if current.state != ListState.COMMITTED:
        rows.delete()
        return
    rows.filter(citizen=None).update(
        name="",
        cpr_ciphertext=None,
        cpr_index=None,
        cpr_kind="",
        birth_date=None,
        sex="",
        target_group="",
        invited_on=None,
    )


def _record(by: Actor, subject_kind: str, subject_id: int, municipality_id: int | None, now: datetime) -> None:
    record(
        by=by,
        action=Action.DELETE,
        subject_kind=subject_kind,
        subject_id=subject_id,
        municipality_id=municipality_id,
        purpose=_("Rå fil slettet"),
        detail={"days": settings.RAW_FILE_DAYS},
        at=now,
    )
