"""Take a citizen file in: read in the bounded child, COPY, upsert set-based, one transaction, one receipt (C1)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from .. import signals
from ..models import CitizenImport, Municipality, Parish, PhoneKind
from ..row_problems import message
from ..services.file_kinds import kind_of
from ..services.follow_ups import close_for_status
from ..services.received_files import safe_name, zip_limits
from ..services.scope import require_municipality
from ..sql import statement
from .child import Reading, reading, refused
from .citizen_rows import RowError, citizen_block
from .columns import normalise_header
from .copying import copying

# A receipt keeps this many errors; its counts are of all.
ERRORS_KEPT = 1000


@transaction.atomic
def import_citizens(
    *,
    by: Actor,
    municipality: Municipality,
    path: Path,
    display_name: str,
    now: datetime,
    mapping: dict[str, str] | None = None,
) -> CitizenImport:
    """Add the file's citizens and change the known ones, within the caller's data context; returns the receipt.

    Rows with an unreadable number or name are left out and listed; a cell that cannot be read keeps what is known; a
    column the file has not is left alone. `mapping`: our column → their header. The file itself is not kept.
    Raises UserError for a file that is no citizen list.
    """
    by.require(Permission.UPLOAD_LISTS)
    require_municipality(by, municipality)
    kind = kind_of(path, display_name, zip_limits())
    with reading(path, kind=kind, specification="citizens", mapping=mapping or {}) as file:
        if file.header.missing:
            raise refused("no_header", {"missing": file.header.missing})
        counts, errors = _upsert(file, by, municipality, now)
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    receipt = CitizenImport.objects.create(
        municipality=municipality,
        display_name=safe_name(display_name),
        file_sha256=digest,
        rows=file.rows,
        counts=counts,
        errors=errors,
        imported_by_name=by.name,
        imported_at=now,
    )
    closed = close_for_status(by=by, municipality_id=municipality.pk, now=now)
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizenimport",
        subject_id=receipt.pk,
        municipality_id=municipality.pk,
        purpose=_("Borgere indlæst"),
        detail={**counts, "follow_ups_closed": closed},
        at=now,
    )
    signals.citizens_changed.send(sender=CitizenImport, municipality_id=municipality.pk, now=now, by=by)
    return receipt


def _upsert(
    file: Reading, by: Actor, municipality: Municipality, now: datetime
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    with connection.cursor() as cursor:
        # One citizen file at a time: two at once would undo each other's changes row by row.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"citizens {municipality.pk}"])
        cursor.execute("DROP TABLE IF EXISTS incoming_citizens")
        cursor.execute(statement("incoming_citizens"))
        readable, unreadable, errors = _copy(cursor, file, localdate(now))
        repeated = _drop_repeated(cursor)
        errors += [RowError(row, "cpr", "duplicate") for row in repeated]
        parameters: dict[str, Any] = {
            "municipality": municipality.pk,
            "now": now,
            "by": by.name,
            "phone_kind": _phone_kind(file.header.mapping),
        }
        changed = {}
        for name in ("renumber", "update", "insert", "previous", "phones", "relatives"):
            cursor.execute(statement(f"citizens_{name}"), parameters)
            changed[name] = cursor.rowcount
    people = readable - len(repeated)
    counts = {
        "added": changed["insert"],
        "changed": changed["update"],
        "unchanged": people - changed["insert"] - changed["update"],
        "unreadable": unreadable,
        "duplicate": len(repeated),
        "phones": changed["phones"],
    }
    headers = file.header.mapping
    return counts, [
        {
            "row": error.row,
            "column": headers.get(error.column, error.column),
            "code": error.code,
            "message": message(error.code),
        }
        for error in sorted(errors, key=lambda each: each.row)[:ERRORS_KEPT]
    ]


def _copy(cursor: Any, file: Reading, today: date) -> tuple[int, int, list[RowError]]:
    parishes = frozenset(Parish.objects.values_list("code", flat=True))
    readable = unreadable = 0
    errors: list[RowError] = []
    with copying(cursor, "incoming_citizens") as copy:
        for chunk in file.chunks():
            block = citizen_block(chunk, today=today, parishes=parishes)
            copy.write(block.lines)
            readable += block.readable
            unreadable += block.unreadable
            errors += block.errors
    if not readable and not unreadable:
        raise UserError("no_rows", _("Filen har ingen borgere. Er det den rigtige fil?"))
    cursor.execute("ANALYZE incoming_citizens")
    return readable, unreadable, errors


def _drop_repeated(cursor: Any) -> list[int]:
    """The first row of a number counts; the others are taken out and listed."""
    cursor.execute(
        "DELETE FROM incoming_citizens AS i USING (SELECT cpr_index, min(row_number) AS first_row"
        " FROM incoming_citizens GROUP BY cpr_index HAVING count(*) > 1) AS repeated"
        " WHERE i.cpr_index = repeated.cpr_index AND i.row_number > repeated.first_row RETURNING i.row_number"
    )
    return sorted(row for (row,) in cursor.fetchall())


def _phone_kind(mapping: dict[str, str]) -> PhoneKind:
    """What a number in the phone column is: a landline only where the header says so (C4)."""
    named = normalise_header(mapping.get("phone", ""))
    return PhoneKind.LANDLINE if "fastnet" in named else PhoneKind.UNKNOWN
