"""Import one uptake file as a snapshot: all of it in one transaction, or nothing (D1, D2)."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Municipality, Programme
from reports.models import UptakeFigure, UptakeKind, UptakeSnapshot
from reports.uptake_files.columns import recognise
from reports.uptake_files.rows import UptakeFile, read_uptake
from reports.uptake_files.sheets import file_rows

from .uptake_figures import figures_of

# Files about one municipality; the others speak of the country and are shared by all.
_OWN_KINDS = {UptakeKind.GROUP, UptakeKind.INSTITUTION}
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")


def date_in_name(display_name: str) -> date | None:
    """The day a file name carries (`…_2021-03-29.csv`), as SSI's do; None when there is none."""
    for year, month, day in _DATE_IN_NAME.findall(display_name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


@transaction.atomic
def import_uptake(
    *,
    by: Actor,
    path: Path,
    display_name: str,
    as_of: date | None,
    programme: Programme,
    municipality: Municipality | None,
    now: datetime,
    invented: bool = False,
    source: str = "",
) -> UptakeSnapshot:
    """Store the figures of one file and return its snapshot; the same file again returns the first one unchanged.

    `as_of` None: the day in the file name, else today with a warning. `municipality` is needed for a group file.
    `source` is printed under the figures. Raises UserError (what is wrong with the file), PermissionDenied.
    """
    by.require(Permission.IMPORT_UPTAKE)
    file = read_uptake(file_rows(path, lambda cells: recognise(cells) is not None))
    own = _own_municipality(file.kind, by, municipality)
    # Two uploads of one file at once: the second waits here, then finds the first one's snapshot.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    fingerprint = hashlib.sha256(path.read_bytes()).hexdigest()
    stated = as_of or date_in_name(display_name)
    if stated is not None and stated > timezone.localtime(now).date():
        # It would stand as the newest for everybody who reads it, until that day.
        raise UserError("as_of_future", _("Datoen ligger i fremtiden. Ret datoen."))
    same = _same_file(fingerprint, file.kind, programme, own, stated)
    if same is not None:
        return same
    if stated is None:
        stated = timezone.localtime(now).date()
        file.warnings.append("Filen siger ikke, hvornår tallene er opgjort. Dags dato er brugt.")
    snapshot = _store(
        file, fingerprint, own, programme, stated, by, now, invented, source or default_source(file.kind, display_name)
    )
    record(
        by=by,
        action=Action.ADD,
        subject_kind="uptakesnapshot",
        subject_id=snapshot.pk,
        municipality_id=own.code if own else None,
        purpose="Indlæsning af tilslutningstal",
        detail={"kind": file.kind.value, "rows": snapshot.rows},
        at=now,
    )
    return snapshot


def receipt(snapshot: UptakeSnapshot) -> dict[str, Any]:
    """The receipt of the command contract."""
    return {
        "kind": snapshot.kind,
        "as_of": snapshot.as_of,
        "rows": snapshot.rows,
        "stored": snapshot.figures.count(),
        "suppressed": snapshot.suppressed,
        "unknown_places": snapshot.unknown_places,
        "warnings": snapshot.warnings,
    }


def default_source(kind: UptakeKind, display_name: str) -> str:
    """Who the figures come from when the sender did not say."""
    sender = "Kommunens opgørelse" if kind in _OWN_KINDS else "Statens Serum Institut"
    return f"{sender}, {display_name}"[:200]


def _own_municipality(kind: UptakeKind, by: Actor, municipality: Municipality | None) -> Municipality | None:
    """The municipality a file is kept under: none for national files; a person's own unless they are a job."""
    if kind not in _OWN_KINDS:
        return None
    if municipality is None and by.municipality_code is not None:
        municipality = Municipality.objects.get(pk=by.municipality_code)
    if municipality is None and kind == UptakeKind.GROUP:
        raise UserError(
            "municipality_missing",
            _("Tal pr. målgruppe gælder én kommune. Skriv hvilken, for eksempel --municipality 0183."),
        )
    if municipality is not None and not by.is_system and municipality.code not in by.municipality_codes:
        raise UserError("other_municipality", _("Du kan ikke indlæse tal for {name}.").format(name=municipality.name))
    return municipality


def _same_file(
    fingerprint: str, kind: UptakeKind, programme: Programme, own: Municipality | None, as_of: date | None
) -> UptakeSnapshot | None:
    same = UptakeSnapshot.objects.filter(file_sha256=fingerprint, kind=kind, programme=programme, municipality=own)
    return (same.filter(as_of=as_of) if as_of else same).first()


def _store(
    file: UptakeFile,
    fingerprint: str,
    own: Municipality | None,
    programme: Programme,
    as_of: date,
    by: Actor,
    now: datetime,
    invented: bool,
    source: str,
) -> UptakeSnapshot:
    result = figures_of(file, own)
    if not result.figures:
        raise UserError(
            "no_known_places",
            _("Ingen af filens steder kendes her: {names}.").format(names=", ".join(result.unknown_places[:5])),
        )
    snapshot = UptakeSnapshot.objects.create(
        kind=file.kind,
        programme=programme,
        municipality=own,
        as_of=as_of,
        source=source[:200],
        invented=invented,
        file_sha256=fingerprint,
        rows=len(file.rows),
        suppressed=sum(figure.suppressed for figure in result.figures),
        unknown_places=result.unknown_places,
        warnings=file.warnings,
        imported_by_name=by.name,
        imported_at=now,
    )
    for figure in result.figures:
        figure.snapshot = snapshot
    UptakeFigure.objects.bulk_create(result.figures, batch_size=5000)
    return snapshot
