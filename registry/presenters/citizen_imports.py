"""Receipts of citizen files in words. Never queries."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.design.formats import number_da
from outreach.design.spreadsheets import BYTE_ORDER_MARK, neutral

from ..models import CitizenImport, CitizenImportState
from .lists import moment_words, rows_words
from .progress import ProgressLine


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One file on the list of earlier ones."""

    id: int
    name: str
    rows: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One row with something to mend."""

    row: str
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportReceipt:
    """What became of a file: counts in the order people ask, and a page of its errors."""

    name: str
    facts: str
    counts: list[tuple[str, int, str]]
    errors: list[ErrorLine]
    error_total: int
    id: int
    warnings: list[tuple[str, int]]
    failed: str
    has_differences: bool
    overrides: list[str]


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that a second person must look at: why, who handed it in, and what this actor may do."""

    id: int
    name: str
    facts: str
    reasons: list[str]
    may_approve: bool
    own: bool


def held_file(citizen_import: CitizenImport, actor: Actor) -> HeldFile:
    """The page of a held file. Nothing of it has been used."""
    own = actor.user_id is not None and actor.user_id == citizen_import.imported_by_id
    return HeldFile(
        id=citizen_import.pk,
        name=citizen_import.display_name,
        facts=_("Indlæst af %(who)s %(when)s. Intet af filen er brugt endnu.")
        % {"who": citizen_import.imported_by_name, "when": moment_words(citizen_import.imported_at)},
        reasons=[str(gate["message"]) for gate in citizen_import.gates],
        may_approve=not own and actor.may(Permission.APPROVE_LISTS),
        own=own,
    )


def import_line(citizen_import: CitizenImport) -> ImportLine:
    """A line of the list."""
    return ImportLine(
        id=citizen_import.pk,
        name=citizen_import.display_name,
        rows=_state_words(citizen_import),
        who=citizen_import.imported_by_name,
        when=moment_words(citizen_import.imported_at),
    )


def _state_words(citizen_import: CitizenImport) -> str:
    """The number of rows, or why there is none."""
    if citizen_import.state == CitizenImportState.DONE:
        return rows_words(citizen_import.rows)
    return str(citizen_import.get_state_display())


def import_progress(citizen_import: CitizenImport) -> ProgressLine:
    """How far the reading is."""
    done = citizen_import.progress.get("done")
    if done is None:
        waiting = citizen_import.leased_until is None
        text = _("Den står i kø og går i gang om et øjeblik.") if waiting else _("Den er ved at blive læst.")
        return ProgressLine(_("Filen er modtaget"), text, None, None)
    if citizen_import.progress.get("stage") == "write":
        return ProgressLine(_("Registret opdateres"), _("Alle rækker er læst."), done, done)
    return ProgressLine(_("Filen læses"), _("%(done)s rækker læst") % {"done": number_da(done)}, done, None)


def import_errors_csv(errors: Iterable[Mapping[str, Any]]) -> str:
    """Row, column and what is wrong; no cell of the file, so nothing that could be a formula but a header's name."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Række"), _("Kolonne"), _("Hvad er galt")])
    for error in errors:
        writer.writerow([error["row"], neutral(error["column"]), neutral(error["message"])])
    return BYTE_ORDER_MARK + file.getvalue()


def import_receipt(citizen_import: CitizenImport, errors: Iterable[Mapping[str, Any]]) -> ImportReceipt:
    """The receipt with one page of errors."""
    labels = {
        "added": (_("Nye borgere"), ""),
        "changed": (_("Ændret"), ""),
        "unchanged": (_("Uændret"), ""),
        "unreadable": (_("Kan ikke læses"), "warning"),
        "duplicate": (_("Står to gange"), ""),
        "phones": (_("Nye telefonnumre"), ""),
    }
    # Told only where they happened.
    rare = {
        "renumbered": (_("Ændrede CPR-numre"), ""),
        "merged": (_("Lagt sammen"), ""),
        "differences": (_("Afventer valg"), "warning"),
        "undecided": (_("Samme person, afventer valg"), "warning"),
    }
    counts = citizen_import.counts
    labels |= {key: words for key, words in rare.items() if counts.get(key)}
    return ImportReceipt(
        name=citizen_import.display_name,
        facts=_("%(rows)s · indlæst af %(who)s %(when)s")
        % {
            "rows": rows_words(citizen_import.rows),
            "who": citizen_import.imported_by_name,
            "when": moment_words(citizen_import.imported_at),
        },
        counts=[
            (label, counts.get(key, 0), tone if counts.get(key, 0) else "") for key, (label, tone) in labels.items()
        ],
        errors=[ErrorLine(str(error["row"]), error["column"], error["message"]) for error in errors],
        error_total=len(citizen_import.errors),
        id=citizen_import.pk,
        warnings=[(each["message"], each["count"]) for each in citizen_import.warnings],
        failed=_not_used(citizen_import),
        has_differences=bool(counts.get("differences") or counts.get("undecided")),
        overrides=_override_lines(citizen_import),
    )


def _not_used(citizen_import: CitizenImport) -> str:
    if citizen_import.state == CitizenImportState.REJECTED:
        return _("Filen er afvist og slettet.")
    return citizen_import.error_message if citizen_import.state == CitizenImportState.FAILED else ""


def _override_lines(citizen_import: CitizenImport) -> list[str]:
    """Who answered for it, and why; once, however many gates it was for."""
    text = _("%(who)s har godkendt den alligevel: %(reason)s")
    lines = [text % {"who": each["by"], "reason": each["reason"]} for each in citizen_import.overrides]
    return list(dict.fromkeys(lines))
