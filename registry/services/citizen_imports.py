"""Take in a citizen file for reading in the background: private storage, a receipt that says it is on its way (C1)."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from outreach.access.actor import Actor
from outreach.access.permissions import Permission

from ..models import CitizenImport, CitizenImportState, Municipality
from .cpr_files import START_LENGTH, begins_like_extract
from .received_files import remove, safe_name, store
from .scope import require_municipality

FOLDER = "citizens"


@transaction.atomic
def receive_citizen_file(
    *, by: Actor, municipality: Municipality, file: BinaryIO, display_name: str, now: datetime
) -> CitizenImport:
    """Store the file until it is read; it is erased then, whatever came of it. Raises UserError for what is no list."""
    by.require(Permission.UPLOAD_LISTS)
    require_municipality(by, municipality)
    start = file.read(START_LENGTH)
    file.seek(0)
    # A CPR delivery's own name says nothing of its kind.
    name = f"{display_name}.txt" if begins_like_extract(start) else display_name
    stored = store(file, folder=FOLDER, display_name=name)
    try:
        return CitizenImport.objects.create(
            municipality=municipality,
            display_name=safe_name(display_name),
            file_sha256=stored.sha256,
            imported_by_id=by.user_id,
            imported_by_name=by.name,
            imported_at=now,
            state=CitizenImportState.RECEIVED,
            stored_name=stored.stored_name,
        )
    except BaseException:
        remove(FOLDER, stored.stored_name)
        raise


def erase_file(receipt: CitizenImport) -> None:
    """The file is not needed any more: citizens' files are never kept."""
    if receipt.stored_name:
        remove(FOLDER, receipt.stored_name)
        receipt.stored_name = ""
        receipt.save(update_fields=["stored_name"])
