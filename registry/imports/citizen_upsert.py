"""Rows of a citizen file into the registry, set-based: changed numbers, hand-made edits, upsert, phones, relatives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError

from ..models import Citizen, CitizenImport, CitizenStatus, Parish, PhoneKind
from ..row_problems import message
from ..services.citizen_gates import ChangeFigures, CitizensHeld, reasons_to_hold, unanswered
from ..services.citizen_merging import merge_or_ask
from ..services.commit_lock import work_beside_commits
from ..sql import statement
from .child import Reading
from .citizen_columns import RowError
from .citizen_lease import file_progress
from .citizen_rows import citizen_block
from .columns import normalise_header
from .copying import copying
from .progress import Progress

# A receipt keeps this many errors; its counts are of all.
ERRORS_KEPT = 1000
# IC04: a couple and their children share a number; ten people do so by mistake, or live in an institution.
SHARED_BY = 10


@dataclass
class Upserted:
    """What a file did: counts for the receipt, the first errors in the file's order, warnings by kind."""

    counts: dict[str, int] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)


def upsert(file: Reading, *, by: Actor, receipt: CitizenImport, now: datetime) -> Upserted:
    """Write the file's citizens in the caller's transaction. Raises UserError `no_rows` and those of the reader,
    CitizensHeld before anything is written that a second person must see first."""
    municipality = receipt.municipality_id
    work_beside_commits(municipality)
    with connection.cursor() as cursor, file_progress(receipt.pk) as progress:
        # One citizen file at a time: two at once would undo each other's changes row by row.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"citizens {municipality}"])
        for table in ("incoming_citizens", "incoming_changes", "followed_changes", "held_fields"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(statement("incoming_citizens"))
        readable, unreadable, errors = _copy(cursor, file, localdate(now), municipality, progress)
        progress.report("write", readable)
        parameters: dict[str, Any] = {
            "municipality": municipality,
            "now": now,
            "by": receipt.imported_by_name,
            "import": receipt.pk,
            "phone_kind": _phone_kind(file.header.mapping),
            "shared": SHARED_BY,
            "today": localdate(now),
        }
        steps = _Steps(cursor, parameters)
        before = _people(municipality, localdate(now))
        refused, followed = _follow_numbers(steps, errors)
        repeated = _drop_repeated(cursor)
        steps.run("renumber")
        pairs = steps.rows("same_person")
        merged = merge_or_ask(by=by, pairs=pairs, citizen_import=receipt, now=now)
        errors += [RowError(row, "cpr", "known_by_new_number") for (row,) in steps.rows("under_new_number")]
        nameless = [row for (row,) in steps.rows("nameless")]
        errors += [RowError(row, "name", "citizen_name_missing") for row in nameless]
        errors += [RowError(row, "cpr", "duplicate") for row in repeated]
        errors += [RowError(row, "phone", code) for code, row in steps.rows("phone_warnings")]
        people = steps.count("SELECT count(*) FROM incoming_citizens")
        steps.run("held")
        steps.run("agreed")
        differences = steps.run("differences")
        steps.run("hold_back")
        _hold(steps, receipt, before, renumbered=followed)
        changed, added = steps.run("update"), steps.run("insert")
        steps.run("previous")
        phones = steps.run("phones")
        steps.run("relatives")
    counts = {
        "added": added,
        "changed": changed,
        "unchanged": people - added - changed,
        "unreadable": unreadable + refused + len(nameless),
        "duplicate": len(repeated),
        "phones": phones,
    }
    # What seldom happens is told when it did.
    rare = {"renumbered": followed, "merged": merged.merged, "undecided": merged.asked, "differences": differences}
    return Upserted(counts | {key: count for key, count in rare.items() if count}, *_told(errors, file.header.mapping))


class _Steps:
    """The statements `citizens_<name>.sql` with one set of parameters."""

    def __init__(self, cursor: Any, parameters: dict[str, Any]) -> None:
        self.cursor = cursor
        self.parameters = parameters

    def run(self, name: str) -> int:
        self.cursor.execute(statement(f"citizens_{name}"), self.parameters)
        return int(self.cursor.rowcount)

    def rows(self, name: str) -> list[Any]:
        self.cursor.execute(statement(f"citizens_{name}"), self.parameters)
        return list(self.cursor.fetchall())

    def count(self, sql: str) -> int:
        self.cursor.execute(sql)
        return int(self.cursor.fetchone()[0])


def _people(municipality: int, today: date) -> tuple[int, int]:
    """How many active citizens there are, and how many whose address is hidden."""
    ours = Citizen.objects.filter(municipality_id=municipality)
    hidden = Q(protected_until=None) | Q(protected_until__gte=today)
    return ours.filter(status=CitizenStatus.ACTIVE).count(), ours.filter(hidden, protected=True).count()


def _hold(steps: _Steps, receipt: CitizenImport, before: tuple[int, int], *, renumbered: int) -> None:
    """Raise CitizensHeld where the file changes too many people; the caller's transaction takes all of it back."""
    names = ("ended", "moved", "revived", "hidden", "shown", "renamed", "readdressed")
    (counts,) = steps.rows("figures")
    active, protected = before
    figures = ChangeFigures(
        active=active, protected=protected, renumbered=renumbered, **dict(zip(names, counts, strict=True))
    )
    if gates := unanswered(reasons_to_hold(figures), receipt.overrides):
        raise CitizensHeld(gates)


def _copy(
    cursor: Any, file: Reading, today: date, municipality: int, progress: Progress
) -> tuple[int, int, list[RowError]]:
    parishes = frozenset(Parish.objects.values_list("code", flat=True))
    readable = unreadable = 0
    errors: list[RowError] = []
    with copying(cursor, "incoming_citizens") as copy:
        for chunk in file.chunks():
            block = citizen_block(chunk, today=today, parishes=parishes, municipality=municipality)
            copy.write(block.lines)
            readable += block.readable
            unreadable += block.unreadable
            errors += block.errors
            progress.report("read", readable + unreadable)
    if not readable and not unreadable:
        raise UserError("no_rows", _("Filen har ingen borgere. Er det den rigtige fil?"))
    cursor.execute("ANALYZE incoming_citizens")
    return readable, unreadable, errors


def _follow_numbers(steps: _Steps, errors: list[RowError]) -> tuple[int, int]:
    """C3: refuse what leads nowhere, follow the rest to its end; how many rows were refused, and followed."""
    steps.run("changes")
    refused = steps.rows("changes_refused")
    errors += [RowError(row, "cpr", code) for row, code in refused]
    steps.run("changes_followed")
    return len(refused), len(steps.rows("changes_rows"))


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


def _told(errors: list[RowError], headers: dict[str, str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The first errors for the receipt, and how many there are of each kind."""
    kinds = Counter(error.code for error in errors)
    first = sorted(errors, key=lambda each: each.row)[:ERRORS_KEPT]
    return [
        {
            "row": error.row,
            "column": headers.get(error.column, error.column),
            "code": error.code,
            "message": message(error.code),
        }
        for error in first
    ], [{"code": code, "count": count, "message": message(code)} for code, count in kinds.most_common()]
