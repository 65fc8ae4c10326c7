"""Gates that say the file is not this list at all: another municipality, another programme, shifted columns (L4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from outreach.design.formats import number_da

from ..models import NonresponderList, RowClass

# More than one row in five with one and the same fault in one column: the column is another one's.
SHIFTED_SHARE = 0.2
SHIFTED_FROM_ROWS = 10
# Cells that are only left blank: the column is the right one.
MISSING = ("cpr_missing", "date_missing", "name_missing")


@dataclass(frozen=True)
class RowFigures:
    """Rows of a list by class, by problem and, where unreadable, by (column, problem); how many the registry knows."""

    by_class: dict[str, int]
    by_problem: dict[str, int]
    unreadable: dict[tuple[str, str], int]
    in_file: int
    known: int


def gate(code: str, message: str, *, overridable: bool = True, second_person: bool = True) -> dict[str, Any]:
    return {"code": code, "message": message, "overridable": overridable, "second_person": second_person}


def wrong_file(nonresponder_list: NonresponderList, figures: RowFigures) -> bool:
    """Whether the file cannot be this list at all, so that nobody is gone because it does not name them (L7)."""
    found = [*other_file_gates(nonresponder_list, figures), *shifted_gates(nonresponder_list, figures)]
    return any(not each["overridable"] for each in found)


def other_file_gates(nonresponder_list: NonresponderList, figures: RowFigures) -> list[dict[str, Any]]:
    """IC06, IC08: every row is another municipality's, or another programme's."""
    readable = figures.in_file - figures.by_class.get(RowClass.UNREADABLE, 0)
    others = figures.by_problem.get("other_municipality", 0)
    if others and others == readable:
        text = _("Alle rækker i filen hører til en anden kommune end %(municipality)s. Hent den rigtige liste.")
        words = {"municipality": nonresponder_list.municipality.name}
        return [gate("another_municipality", text % words, overridable=False)]
    if figures.in_file and figures.by_problem.get("programme_other", 0) == figures.in_file:
        text = _("Filen hører efter sin programkolonne til et andet program end %(programme)s. Hent den rigtige liste.")
        return [gate("another_programme", text % {"programme": nonresponder_list.programme.name}, overridable=False)]
    return []


def shifted_gates(nonresponder_list: NonresponderList, figures: RowFigures) -> list[dict[str, Any]]:
    """One fault in one column in more than a fifth of the rows: the column named, and what it seems to hold."""
    columns = {key: rows for key, rows in figures.unreadable.items() if key[0] and key[1] not in MISSING}
    if figures.in_file < SHIFTED_FROM_ROWS or not columns:
        return []
    (column, _code), rows = max(columns.items(), key=lambda item: item[1])
    if rows <= figures.in_file * SHIFTED_SHARE:
        return []
    words = {
        "rows": number_da(rows),
        "of": number_da(figures.in_file),
        "column": nonresponder_list.mapping.get(column, column),
        "holds": _contents(nonresponder_list, column),
    }
    # Without the numbers nobody can be compared; without a group or date the other rows can.
    comparable = column != "cpr"
    text = _(
        "%(rows)s af %(of)s rækker har samme fejl i kolonnen »%(column)s«. %(holds)s "
        "Afvis listen, og indlæs den igen med de rigtige kolonner."
    )
    return [gate("shifted_columns", text % words, overridable=comparable)]


def _contents(nonresponder_list: NonresponderList, column: str) -> str:
    """What the reader saw in the column's first rows, as a sentence; empty when it could not tell."""
    header, kinds = nonresponder_list.header, nonresponder_list.column_kinds
    theirs = nonresponder_list.mapping.get(column, "")
    kind = kinds[header.index(theirs)] if theirs in header and len(kinds) == len(header) else ""
    sentences = {
        "ten_digits": _("Den ser ud til at indeholde CPR-numre."),
        "date": _("Den ser ud til at indeholde datoer."),
        "number": _("Den ser ud til at indeholde tal."),
        "text": _("Den ser ud til at indeholde navne eller anden tekst."),
        "empty": _("Den ser ud til at være tom."),
        "mixed": _("Den indeholder forskellige slags felter."),
    }
    return sentences.get(kind, "")
