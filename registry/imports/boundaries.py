"""Take parish boundaries in from a DAGI file: one transaction, one version, one receipt."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ..models import BoundaryImport, Parish, ParishBoundary
from ..services.received_files import safe_name
from .boundaries_child import ReadBoundaries, ReadBoundary, read_boundaries
from .institutions import place_without_parish

DEFAULT_SOURCE = "DAGI"
BATCH = 500
_WRITTEN = ("version", "shape", "outline", "area_km2", "west", "south", "east", "north")


@transaction.atomic
def import_boundaries(
    *, by: Actor, path: Path, display_name: str, now: datetime, as_of: date | None = None, source: str = DEFAULT_SOURCE
) -> dict[str, Any]:
    """Store the file's parish boundaries as a new version; parishes it has not keep theirs. Returns the receipt.

    Boundaries are national: only a system job may, others get PermissionDenied. `as_of`: the day they are from, else
    today. A file that says what is known already makes no version. Raises UserError for a file that cannot be used.
    """
    if not by.is_system:
        raise PermissionDenied("boundaries")
    if as_of is not None and as_of > localdate(now):
        raise UserError("as_of_future", _("Datoen ligger i fremtiden. Ret datoen."))
    read = read_boundaries(path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('parish boundaries', 0))")
    parishes = set(Parish.objects.values_list("code", flat=True))
    ours = [boundary for boundary in read.boundaries if boundary.code in parishes]
    if not ours:
        raise UserError("no_known_parishes", _("Ingen af filens sogne kendes her. Er det den rigtige fil?"))
    known = {code: bytes(shape) for code, shape in ParishBoundary.objects.values_list("parish_id", "shape")}
    new = [boundary for boundary in ours if known.get(boundary.code) != boundary.shape]
    counts = {
        "added": sum(1 for boundary in new if boundary.code not in known),
        "changed": sum(1 for boundary in new if boundary.code in known),
        "unchanged": len(ours) - len(new),
        "repaired": read.repaired,
    }
    version = _store(read, new, counts, by, path, display_name, now, as_of or localdate(now), source) if new else None
    receipt = {
        "kind": "boundaries",
        "rows": read.rows,
        **counts,
        "coordinate_system": read.coordinate_system,
        "version": version.pk if version else None,
        "as_of": (as_of or localdate(now)).isoformat(),
        "unknown_parishes": [f"{each.code:04d}" for each in read.boundaries if each.code not in parishes],
        "missing_parishes": [
            f"{code:04d}" for code in sorted(parishes - known.keys() - {boundary.code for boundary in ours})
        ],
        "unreadable": read.unreadable,
        "institutions_placed": place_without_parish(by=by, origin=safe_name(display_name), now=now) if new else 0,
    }
    record(
        by=by, action=Action.CHANGE, subject_kind="boundaryimport", subject_id=version.pk if version else "",
        purpose=_("Sognegrænser indlæst"), detail=counts, at=now,
    )  # fmt: skip
    return receipt


def _store(
    read: ReadBoundaries,
    new: list[ReadBoundary],
    counts: dict[str, int],
    by: Actor,
    path: Path,
    display_name: str,
    now: datetime,
    as_of: date,
    source: str,
) -> BoundaryImport:
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    version = BoundaryImport.objects.create(
        source=source[:120],
        as_of=as_of,
        display_name=safe_name(display_name),
        file_sha256=digest,
        coordinate_system=read.coordinate_system,
        rows=read.rows,
        counts=counts,
        imported_by_name=by.name,
        imported_at=now,
    )
    rows = []
    for boundary in new:
        west, south, east, north = boundary.box
        rows.append(
            ParishBoundary(
                parish_id=boundary.code,
                version=version,
                shape=boundary.shape,
                outline=boundary.outline,
                area_km2=boundary.area_km2,
                west=west,
                south=south,
                east=east,
                north=north,
            )
        )
    ParishBoundary.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["parish"], update_fields=_WRITTEN
    )
    return version
