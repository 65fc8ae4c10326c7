"""Reference data as its pages show it: lines of a table, the history of a row, what a file would do. Never queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from outreach.design.formats import date_da, datetime_da

from ..birth_years import birth_year_words
from ..models import ReferenceChange
from ..resources.files import Trial, TriedRow
from ..resources.rows import ReferenceResource
from ..resources.tables import ReferenceTable
from .lists import Mark

ROWS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A row of a table page: what it is called, its address when it can be opened, its other cells by title."""

    words: str
    url: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change of a row: when, what in words, by whom and how it came."""

    when: str
    iso: str
    action: str
    who: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One row of a file and what it does."""

    row_number: int
    mark: Mark
    words: str
    details: tuple[str, ...]


def reference_line(table: ReferenceTable, row: Any) -> ReferenceLine:
    """A row for the table page, with its address where the table has pages for rows."""
    url = ""
    if table.form is not None:
        url = reverse(f"registry:reference_{table.key}_row", kwargs={table.row_parameter: row.pk})
    return ReferenceLine(
        words=table.row_words(row),
        url=url,
        cells=tuple((str(column.title), column.words(row)) for column in table.columns),
    )


def row_facts(resource: ReferenceResource, row: Any) -> list[tuple[str, str]]:
    """What a row says, as its file would: (title, words)."""
    fields = resource.get_export_fields()
    return [(field.column_name, str(field.export(row)) or "–") for field in fields]


def history_line(table: ReferenceTable, change: ReferenceChange, names: dict[str, dict[Any, str]]) -> HistoryLine:
    """A change in words. `names` gives the words of keys and codes per field: {"parish_id": {7150: "Torslunde"}}."""
    return HistoryLine(
        when=datetime_da(localtime(change.at)),
        iso=change.at.isoformat(),
        action=change.get_action_display(),
        who=f"{change.by_name} · {change.origin}",
        changes=tuple(
            _("%(field)s: %(before)s → %(after)s")
            % {
                "field": table.labels.get(field, field),
                "before": _value(before, names.get(field, {})),
                "after": _value(after, names.get(field, {})),
            }
            for field, (before, after) in change.changes.items()
        ),
    )


def trial_lines(trial: Trial) -> list[TrialLine]:
    """The rows of a file, those that are wrong first, unchanged ones last; no more than a page can hold."""
    order = {"error": 0, "new": 1, "changed": 2, "unchanged": 3}
    rows = sorted(trial.rows, key=lambda row: (order[row.outcome], row.row_number))
    return [_trial_line(row) for row in rows[:ROWS_SHOWN]]


def trial_tiles(trial: Trial) -> Iterable[tuple[str, int, str]]:
    """Label, number and tone of each count."""
    wrong = trial.count("error")
    return (
        (_("nye"), trial.count("new"), ""),
        (_("ændrede"), trial.count("changed"), ""),
        (_("uændrede"), trial.count("unchanged"), ""),
        (_("med fejl"), wrong, "danger" if wrong else ""),
    )


def _trial_line(row: TriedRow) -> TrialLine:
    marks = {
        "error": Mark(_("Fejl"), "danger"),
        "new": Mark(_("Ny"), "success"),
        "changed": Mark(_("Ændret"), "accent"),
        "unchanged": Mark(_("Uændret"), ""),
    }
    if row.problem:
        details: tuple[str, ...] = (row.problem,)
    else:
        details = tuple(f"{title}: {before or '–'} → {after or '–'}" for title, before, after in row.changes)
    return TrialLine(row.row_number, marks[row.outcome], row.words, details)


def _value(value: Any, names: dict[Any, str]) -> str:
    if value in (None, "", []):
        return "–"
    if isinstance(value, list):
        return birth_year_words(value)
    if value in names:
        return names[value]
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, float):
        return str(value).replace(".", ",")
    day = parse_date(value) if isinstance(value, str) and len(value) == len("2021-04-20") else None
    return date_da(day) if isinstance(day, date) else str(value)
