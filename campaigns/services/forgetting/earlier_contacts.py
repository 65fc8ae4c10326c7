"""Spreadsheets of earlier contacts that were taken in: their rows, and what each changed, go with time (L8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from registry.services.row_erasure import before, erase_rows

from ...models import EarlierContactEffect, EarlierContactRow, EarlierContacts


def erase_earlier_contacts(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Rows and effects of old files; the contacts they became have their own period. Returns how many files.

    Without its effects a file cannot be undone any more: `undo_file` says so.
    """
    moment = before(now, "LIST_ROW_DAYS")

    def due() -> QuerySet[EarlierContacts]:
        rows = EarlierContactRow.objects.filter(file=OuterRef("pk"))
        effects = EarlierContactEffect.objects.filter(file=OuterRef("pk"))
        return EarlierContacts.objects.filter(Exists(rows) | Exists(effects), committed_at__lte=moment)

    return erase_rows(due, what="earliercontacts", now=now, dry_run=dry_run, erase=_erase)


def _erase(file_ids: Sequence[Any]) -> None:
    EarlierContactEffect.objects.filter(file__in=file_ids).delete()
    EarlierContactRow.objects.filter(file__in=file_ids).delete()
