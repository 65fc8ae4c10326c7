"""The files of a batch: sealed on disk, fetched with a line in the log, erased when their time is up (A4, A5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from outreach.privacy.sealed_files import erase_sealed, read_sealed
from registry.services.orphaned_files import unknown_files

from ...models import BatchState, LetterBatch, LetterChannel

FOLDER = "letters"
# Long enough to print again what a printer spoilt; the same as raw lists (L6).
KEPT = timedelta(days=30)


def fetch(*, by: Actor, batch: LetterBatch, channel: LetterChannel, now: datetime) -> bytes:
    """The print file, or the archive for Digital Post. Raises UserError `letters_no_file` when there is none."""
    by.require(Permission.SEND_LETTERS)
    name = batch.paper_file if channel == LetterChannel.PAPER else batch.digital_file
    if not name:
        raise UserError("letters_no_file", _("Filen findes ikke. Den slettes 30 dage efter, at bunken er lavet."))
    content = read_sealed(FOLDER, name)
    record(
        by=by,
        action=Action.EXPORT,
        subject_kind="letter_batch",
        subject_id=batch.pk,
        municipality_id=batch.municipality_id,
        purpose=_("Breve hentet"),
        detail={"channel": channel.value},
        at=now,
    )
    return content


def due_for_erasure(now: datetime) -> QuerySet[LetterBatch]:
    """Batches whose files have been kept long enough."""
    with_file = LetterBatch.objects.exclude(paper_file="", digital_file="")
    return with_file.filter(Q(created_at__lte=now - KEPT) | Q(state=BatchState.UNDONE))


@transaction.atomic
def forget_files(batch: LetterBatch, *, now: datetime) -> list[str]:
    """Write that the files are gone; returns their names, to be erased once this is committed."""
    locked = LetterBatch.objects.select_for_update().get(pk=batch.pk)
    names = [name for name in (locked.paper_file, locked.digital_file) if name]
    locked.paper_file = locked.digital_file = ""
    locked.files_erased_at = now
    locked.save(update_fields=["paper_file", "digital_file", "files_erased_at"])
    return names


def erase(names: list[str]) -> None:
    """Erase sealed files by name."""
    for name in names:
        erase_sealed(FOLDER, name)


def orphans(real_now: datetime) -> list[Path]:
    """Files that no batch knows, a day old."""
    return unknown_files(FOLDER, _known, real_now)


def _known(names: list[str]) -> set[str]:
    kept = LetterBatch.objects.filter(Q(paper_file__in=names) | Q(digital_file__in=names))
    return {name for pair in kept.values_list("paper_file", "digital_file") for name in pair if name}
