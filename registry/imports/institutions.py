"""Take the institution register in: read in the bounded child, one transaction, one receipt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ..models import Institution, InstitutionKind, Municipality, ParishBoundary, ReferenceChange
from ..selectors.boundaries import parishes_at
from ..services.file_kinds import kind_of
from ..services.received_files import safe_name, zip_limits
from ..services.reference_data import change_row, difference, plain_values
from .child import reading, refused
from .institutions_rows import RegisterRow, RegisterRows

TABLE = "institutions"
BATCH = 2_000
ERRORS_KEPT = 1000
# Rows with these are left out; other errors are of rows that were taken in without the cell.
_LEFT_OUT = {"bad_number", "no_name", "duplicate", "unknown_municipality", "uneven"}
_WRITTEN = (
    "name", "kind", "municipality", "parish", "address", "latitude", "longitude", "register_type", "closed_on",
)  # fmt: skip


@dataclass
class _Outcome:
    """What came of the rows: (institution, as it was) of the added and the changed."""

    added: list[Institution] = field(default_factory=list)
    changed: list[tuple[Institution, dict[str, Any]]] = field(default_factory=list)
    unchanged: int = 0
    outside: int = 0
    closed: int = 0
    missing: int = 0


@transaction.atomic
def import_institutions(
    *, by: Actor, path: Path, display_name: str, now: datetime, complete: bool = False
) -> dict[str, Any]:
    """Add the register's institutions and change the known ones; returns the receipt.

    Nothing is ever deleted: one with a closing day is marked closed. One that the register has left out is counted as
    missing, and closed only when the file is said to be `complete`, in the municipalities the file names. A person
    changes the own municipality's institutions only; other rows are counted as outside.
    Raises UserError for a file that is no institution register.
    """
    by.require(Permission.MANAGE_REFERENCE_DATA)
    shown = safe_name(display_name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('institution register', 0))")
    read = _read(path, display_name)
    taken = [row for row in read.rows if by.is_system or row.municipality_code in by.municipality_codes]
    outcome = _compare(taken)
    outcome.outside = len(read.rows) - len(taken)
    _note_missing(outcome, taken, close_from=now if complete else None)
    _place([institution for institution, _before in outcome.changed] + outcome.added)
    history = _write(outcome, by=by, origin=shown, now=now)
    outcome.closed = sum(1 for change in history if change.changes.get("closed_on", [None, None])[1])
    receipt = _receipt(read, outcome)
    _log(history, by=by, now=now)
    return receipt


def _read(path: Path, display_name: str) -> RegisterRows:
    kind = kind_of(path, display_name, zip_limits())
    codes = frozenset(Municipality.objects.values_list("code", flat=True))
    read = RegisterRows()
    with reading(path, kind=kind, specification="institutions", mapping={}) as file:
        if file.header.missing:
            raise refused("no_header", {"missing": file.header.missing})
        for chunk in file.chunks():
            read.add(chunk, codes)
    if not file.rows:
        raise UserError("no_rows", _("Filen har ingen institutioner. Er det den rigtige fil?"))
    return read


def _compare(rows: Collection[RegisterRow]) -> _Outcome:
    known = {each.number: each for each in Institution.objects.filter(number__in=[row.number for row in rows])}
    outcome = _Outcome()
    for row in rows:
        institution = known.get(row.number)
        if institution is None:
            institution = Institution(number=row.number)
            _apply(row, institution)
            outcome.added.append(institution)
            continue
        before = plain_values(institution)
        _apply(row, institution)
        if plain_values(institution) == before:
            outcome.unchanged += 1
        else:
            outcome.changed.append((institution, before))
    return outcome


def _apply(row: RegisterRow, institution: Institution) -> None:
    """Write what the register says. A place it does not give, and a kind it cannot name, keep what is known here."""
    moved = institution.municipality_id not in (None, row.municipality_code)
    if moved or (row.point and row.point != (institution.latitude, institution.longitude)):
        institution.parish_id = None
    institution.name, institution.address = row.name, row.address or institution.address
    institution.kind = row.kind or institution.kind or InstitutionKind.OTHER
    institution.register_type, institution.municipality_id = row.register_type, row.municipality_code
    institution.closed_on = row.closed_on
    if row.point:
        institution.latitude, institution.longitude = row.point


def _note_missing(outcome: _Outcome, taken: Collection[RegisterRow], *, close_from: datetime | None) -> None:
    """Those the register once gave and has left out now, in the municipalities it names (L7: others are unknown)."""
    missing = (
        Institution.objects.filter(municipality__in={row.municipality_code for row in taken}, closed_on=None)
        .exclude(register_type="")
        .exclude(number__in=[row.number for row in taken])
    )
    for institution in missing:
        outcome.missing += 1
        if close_from is not None:
            before = plain_values(institution)
            institution.closed_on = localdate(close_from)
            outcome.changed.append((institution, before))


def _place(institutions: Collection[Institution]) -> None:
    """The parish of each one with a place and none yet, where boundaries are known."""
    waiting = [each for each in institutions if each.parish_id is None and each.latitude and each.longitude]
    if not waiting or not ParishBoundary.objects.exists():
        return
    found = parishes_at([(each.latitude or 0.0, each.longitude or 0.0) for each in waiting])
    for institution, code in zip(waiting, found, strict=True):
        institution.parish_id = code


def place_without_parish(*, by: Actor, origin: str, now: datetime) -> int:
    """After new boundaries: give institutions with a place and no parish theirs; returns how many."""
    waiting = list(Institution.objects.filter(parish=None).exclude(latitude=None).exclude(longitude=None))
    before = {each.pk: plain_values(each) for each in waiting}
    _place(waiting)
    outcome = _Outcome(changed=[(each, before[each.pk]) for each in waiting if each.parish_id is not None])
    _log(_write(outcome, by=by, origin=origin, now=now), by=by, now=now)
    return len(outcome.changed)


def _write(outcome: _Outcome, *, by: Actor, origin: str, now: datetime) -> list[ReferenceChange]:
    Institution.objects.bulk_create(outcome.added, batch_size=BATCH)
    changed: list[models.Model] = [institution for institution, _before in outcome.changed]
    Institution.objects.bulk_update(changed, _WRITTEN, batch_size=BATCH)  # type: ignore[arg-type]
    new: list[tuple[Institution, dict[str, Any]]] = [(institution, {}) for institution in outcome.added]
    history = [
        change_row(
            by=by,
            table=TABLE,
            row=institution,
            changes=difference(before, plain_values(institution)),
            added=not before,
            origin=origin,
            now=now,
        )
        for institution, before in new + outcome.changed
    ]
    return ReferenceChange.objects.bulk_create(history, batch_size=BATCH)


def _log(history: list[ReferenceChange], *, by: Actor, now: datetime) -> None:
    """One line in the access log of each municipality whose institutions changed: its auditor sees no other's."""
    touched: dict[int, Counter[str]] = defaultdict(Counter)
    for change in history:
        touched[change.municipality_id or 0][change.action] += 1
    for code, counts in sorted(touched.items()):
        record(
            by=by,
            action=Action.CHANGE,
            subject_kind="institution",
            municipality_id=code,
            purpose=_("Institutioner indlæst"),
            detail=dict(counts),
            at=now,
        )


def _receipt(read: RegisterRows, outcome: _Outcome) -> dict[str, Any]:
    return {
        "kind": "institutions",
        "rows": len(read.rows) + sum(1 for error in read.errors if error["code"] in _LEFT_OUT),
        "added": len(outcome.added),
        "changed": len(outcome.changed),
        "unchanged": outcome.unchanged,
        "closed": outcome.closed,
        "missing": outcome.missing,
        "outside": outcome.outside,
        "unknown_types": [{"name": name, "rows": rows} for name, rows in read.unknown_types.most_common()],
        "unknown_municipalities": [
            {"code": code, "rows": rows} for code, rows in read.unknown_municipalities.most_common()
        ],
        "errors": read.errors[:ERRORS_KEPT],
    }
