"""A file of reference rows: read in the bounded child, tried without effect, then taken in whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.results import Result, RowResult
from tablib import Dataset

from outreach.access.actor import Actor
from outreach.design.spreadsheets import plain
from outreach.errors import UserError

from ..imports.child import ReaderKilled, reading
from ..services.file_kinds import kind_of
from ..services.received_files import stored_path, zip_limits
from ..services.reference_data import FOLDER
from .rows import ReferenceResource
from .tables import ReferenceTable

MOST_ROWS = 5_000  # django-import-export takes a second for about 2,000


@dataclass(frozen=True)
class TriedRow:
    """What a row of the file does: its number in the spreadsheet, outcome, the row's name, changes or what is wrong.

    `outcome` is new, changed, unchanged or error; `changes` holds (column, before, after).
    """

    row_number: int
    outcome: str
    words: str
    changes: tuple[tuple[str, str, str], ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Trial:
    """What the whole file does, and whether it was done: with a single error nothing is."""

    rows: list[TriedRow]
    done: bool
    ignored_columns: list[str]

    def count(self, outcome: str) -> int:
        return sum(1 for row in self.rows if row.outcome == outcome)


def take_in(
    *, by: Actor, table: ReferenceTable, stored_name: str, display_name: str, now: datetime, dry_run: bool
) -> Trial:
    """Try a stored file, or take it in: every row, or none when one is wrong. Raises UserError for a file of no use."""
    dataset, row_numbers, ignored = _read(table.resource, stored_name, display_name)
    resource = table.resource(by=by, rows=table.rows(by), now=now, origin=display_name)
    result: Result = resource.import_data(
        dataset, dry_run=dry_run, use_transactions=True, rollback_on_validation_errors=True
    )
    if result.base_errors:
        raise result.base_errors[0].error
    rows = [_tried(row, number, resource, table) for row, number in zip(result.rows, row_numbers, strict=True)]
    done = not dry_run and not any(row.outcome == "error" for row in rows)
    return Trial(rows, done, ignored)


def _read(
    resource: type[ReferenceResource], stored_name: str, display_name: str
) -> tuple[Dataset, list[int], list[str]]:
    titles = resource.titles()
    path = stored_path(FOLDER, stored_name)
    kind = kind_of(path, display_name, zip_limits())
    row_numbers: list[int] = []
    dataset = Dataset()
    try:
        with reading(path, kind=kind, specification="reference_table", mapping={each: each for each in titles}) as file:
            present = [title for title in titles if title in file.header.mapping]
            missing = [title for title in resource.needed_titles() if title not in present]
            if missing:
                raise _no_header(missing)
            dataset.headers = present
            for chunk in file.chunks():
                row_numbers += chunk.row_numbers
                if len(row_numbers) > MOST_ROWS:
                    raise UserError(
                        "too_many_rows", _("Filen har over %(most)s rækker. Del den op.") % {"most": MOST_ROWS}
                    )
                for cells in zip(*(chunk.columns[title] for title in present), strict=True):
                    dataset.append([plain(cell) for cell in cells])
    except UserError as error:
        # The child knows no column that this table must have; we do.
        raise (_no_header(resource.needed_titles()) if error.code == "no_header" else error) from error
    except ReaderKilled as error:
        raise UserError("unreadable", _("Filen kan ikke læses. Gem den på ny, og indlæs den igen.")) from error
    if not row_numbers:
        raise UserError("no_rows", _("Filen har ingen rækker under overskriften."))
    return dataset, row_numbers, file.header.dropped


def _no_header(titles: list[str]) -> UserError:
    return UserError(
        "no_header",
        _("Filen mangler kolonnen »%(names)s«. Hent tabellen, og brug dens kolonner.") % {"names": "«, »".join(titles)},
    )


def _tried(row: RowResult, number: int, resource: ReferenceResource, table: ReferenceTable) -> TriedRow:
    problem = _problem(row, resource)
    if problem:
        return TriedRow(number, "error", "", problem=problem)
    words = table.row_words(row.instance)
    if row.import_type == RowResult.IMPORT_TYPE_SKIP:
        return TriedRow(number, "unchanged", words)
    changes = tuple(_changes(row, resource))
    return TriedRow(number, "new" if row.import_type == RowResult.IMPORT_TYPE_NEW else "changed", words, changes)


def _problem(row: RowResult, resource: ReferenceResource) -> str:
    """What is wrong with a row, as sentences with the column they are about."""
    if row.errors:
        # Not a fault of a cell: the database or our own code said no.
        raise row.errors[0].error
    error: ValidationError | None = row.validation_error
    if error is None:
        return ""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    titles = {field.attribute: field.column_name for field in resource.fields.values()}
    return " ".join(
        f"{titles[name]}: {' '.join(messages)}" if name in titles else " ".join(messages)
        for name, messages in error.message_dict.items()
    )


def _changes(row: RowResult, resource: ReferenceResource) -> Any:
    if row.original is None:
        return
    for field in resource.get_import_fields():
        before, after = (str(field.export(version)) for version in (row.original, row.instance))
        if before != after:
            yield field.column_name, before, after
