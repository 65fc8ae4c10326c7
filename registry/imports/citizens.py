"""Take a citizen file in: read in the bounded child, COPY, upsert set-based, one transaction, one receipt (C1)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record

from .. import signals
from ..models import CitizenImport, CitizenImportState, Municipality
from ..services.cpr_files import is_cpr_extract
from ..services.file_kinds import FileKind, kind_of
from ..services.follow_ups import close_for_status
from ..services.received_files import safe_name, zip_limits
from ..services.scope import require_municipality
from .child import reading, refused
from .citizen_upsert import upsert
from .cpr_extract_texts import unread_warnings


@transaction.atomic
def import_citizens(
    *,
    by: Actor,
    municipality: Municipality,
    path: Path,
    display_name: str,
    now: datetime,
    mapping: dict[str, str] | None = None,
    overrides: Sequence[dict[str, Any]] = (),
) -> CitizenImport:
    """Add the file's citizens and change the known ones, within the caller's data context; returns the receipt.

    Rows with an unreadable number or name are left out and listed; a cell that cannot be read keeps what is known; a
    column the file has not is left alone. `mapping`: our column → their header. The file itself is not kept.
    `overrides`: what a second person answers for (`citizen_gates.answers`). Raises UserError for a file that is no
    citizen list, CitizensHeld for one that changes too many people.
    """
    by.require(Permission.UPLOAD_LISTS)
    require_municipality(by, municipality)
    receipt = CitizenImport.objects.create(
        municipality=municipality,
        display_name=safe_name(display_name),
        file_sha256=_digest(path),
        imported_by_id=by.user_id,
        imported_by_name=by.name,
        imported_at=now,
        overrides=list(overrides),
    )
    return read_into(receipt, by=by, path=path, now=now, mapping=mapping)


def read_into(
    receipt: CitizenImport, *, by: Actor, path: Path, now: datetime, mapping: dict[str, str] | None = None
) -> CitizenImport:
    """Import the file into a receipt that exists, within the caller's transaction. Raises UserError, CitizensHeld."""
    extract = is_cpr_extract(path)
    # A CPR delivery is named after its task (d210330.l534902): what it is, its first line says.
    kind = FileKind.TEXT if extract else kind_of(path, receipt.display_name, zip_limits())
    specification = "cpr_extract" if extract else "citizens"
    with reading(path, kind=kind, specification=specification, mapping=mapping or {}) as file:
        if file.header.missing:
            raise refused("no_header", {"missing": file.header.missing})
        done = upsert(file, by=by, receipt=receipt, now=now)
    receipt.rows, receipt.counts, receipt.errors = file.rows, done.counts, done.errors
    receipt.warnings = [*unread_warnings(file.header.dropped if extract else []), *done.warnings]
    receipt.state, receipt.progress, receipt.leased_until = CitizenImportState.DONE, {}, None
    receipt.save()
    closed = close_for_status(by=by, municipality_id=receipt.municipality_id, now=now)
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizenimport",
        subject_id=receipt.pk,
        municipality_id=receipt.municipality_id,
        purpose=_("Borgere indlæst"),
        detail={**done.counts, "follow_ups_closed": closed},
        at=now,
    )
    signals.citizens_changed.send(sender=CitizenImport, municipality_id=receipt.municipality_id, now=now, by=by)
    return receipt


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
