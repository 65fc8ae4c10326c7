"""Receipts of citizen files in words. Never queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ..models import CitizenImport
from .lists import moment_words, rows_words


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


def import_line(citizen_import: CitizenImport) -> ImportLine:
    """A line of the list."""
    return ImportLine(
        id=citizen_import.pk,
        name=citizen_import.display_name,
        rows=rows_words(citizen_import.rows),
        who=citizen_import.imported_by_name,
        when=moment_words(citizen_import.imported_at),
    )


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
    counts = citizen_import.counts
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
    )
