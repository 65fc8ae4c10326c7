"""Whole-file gates (L4): what holds a list back, as sentences. Some may be overridden by a second person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils import formats
from django.utils.translation import gettext as _

from ..models import Citizen, ListRow, NonresponderList, RowClass
from ..selectors.lists import newest_committed

# Figures of ours. A list that shrinks by 90 % is more often a wrong file than good news (IC05).
FEWER_SHARE = 0.1
FEWER_FROM_ROWS = 20
# A registry of this size knows most of those listed; half unknown means a wrong file or a wrong registry.
MATCH_SHARE = 0.5
MATCH_FROM_ROWS = 50
MATCH_FROM_CITIZENS = 1000
# IC07: more than one in twenty moved since last week.
MOVED_SHARE = 0.05
MOVED_FROM_ROWS = 100


@dataclass(frozen=True)
class RowFigures:
    """Rows of a list by (class, problem), and how many the registry knows."""

    by_class: dict[str, int]
    by_problem: dict[str, int]
    in_file: int
    known: int


def row_figures(nonresponder_list: NonresponderList) -> RowFigures:
    """Count the list's rows in one query."""
    by_class: Counter[str] = Counter()
    by_problem: Counter[str] = Counter()
    known = 0
    grouped = (
        ListRow.objects.filter(nonresponder_list=nonresponder_list)
        .values_list("row_class", "problem_code")
        .annotate(rows=Count("id"), known=Count("citizen_id"))
    )
    for row_class, problem, rows, with_citizen in grouped:
        by_class[row_class] += rows
        if problem:
            by_problem[problem] += rows
        known += with_citizen if row_class != RowClass.GONE else 0
    in_file = sum(by_class.values()) - by_class[RowClass.GONE]
    return RowFigures(dict(by_class), dict(by_problem), in_file, known)


def evaluate(nonresponder_list: NonresponderList, figures: RowFigures, today: date) -> list[dict[str, Any]]:
    """The gates that hold the list on `today`: [{"code", "message", "overridable"}], the gravest first."""
    found = [
        *_order_gates(nonresponder_list, today),
        *_wrong_file_gates(nonresponder_list, figures),
        *_sequence_gates(nonresponder_list, figures),
        *_size_gates(nonresponder_list, figures),
    ]
    return sorted(found, key=lambda gate: gate["overridable"])


def held(gates: list[dict[str, Any]], overrides: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The gates that nobody has overridden."""
    overridden = {override["code"] for override in overrides}
    return [gate for gate in gates if not (gate["overridable"] and gate["code"] in overridden)]


def _gate(code: str, message: str, *, overridable: bool = True) -> dict[str, Any]:
    return {"code": code, "message": message, "overridable": overridable}


def _order_gates(nonresponder_list: NonresponderList, today: date) -> list[dict[str, Any]]:
    """L2: an ordered list without a valid order cannot be committed."""
    order = nonresponder_list.order
    if order is None:
        return []
    words = {"reference": order.reference, "expires": _day(order.expires_on), "approved": _day(order.approved_on)}
    if order.expires_on < today:
        text = _("Bestillingen %(reference)s udløb %(expires)s. Bestil listen igen, før den kan indlæses.")
        return [_gate("order_expired", text % words, overridable=False)]
    if order.approved_on > today:
        text = _("Bestillingen %(reference)s gælder først fra %(approved)s. Vent, eller ret bestillingen.")
        return [_gate("order_not_valid_yet", text % words, overridable=False)]
    return []


def _wrong_file_gates(nonresponder_list: NonresponderList, figures: RowFigures) -> list[dict[str, Any]]:
    readable = figures.in_file - figures.by_class.get(RowClass.UNREADABLE, 0)
    others = figures.by_problem.get("other_municipality", 0)
    if others and others == readable:
        text = _("Alle rækker i filen hører til en anden kommune end %(municipality)s. Hent den rigtige liste.")
        words = {"municipality": nonresponder_list.municipality.name}
        return [_gate("another_municipality", text % words, overridable=False)]
    if figures.in_file and figures.by_problem.get("programme_other", 0) == figures.in_file:
        text = _("Filen hører efter sin programkolonne til et andet program end %(programme)s. Hent den rigtige liste.")
        return [_gate("another_programme", text % {"programme": nonresponder_list.programme.name}, overridable=False)]
    if (
        figures.in_file >= MATCH_FROM_ROWS
        and figures.known < figures.in_file * MATCH_SHARE
        and Citizen.objects.filter(municipality_id=nonresponder_list.municipality_id).count() >= MATCH_FROM_CITIZENS
    ):
        text = _(
            "Kun %(known)s af %(rows)s borgere findes i registret. Er det den rigtige liste og et nyt borgerregister?"
        )
        return [_gate("low_match_rate", text % {"known": figures.known, "rows": figures.in_file})]
    moved = figures.by_class.get(RowClass.MOVED, 0)
    if figures.in_file >= MOVED_FROM_ROWS and moved > figures.in_file * MOVED_SHARE:
        text = _("%(moved)s af %(rows)s borgere er flyttet siden sidst. Er det den rigtige liste?")
        return [_gate("many_moved", text % {"moved": moved, "rows": figures.in_file})]
    return []


def _sequence_gates(nonresponder_list: NonresponderList, figures: RowFigures) -> list[dict[str, Any]]:
    newest = newest_of_scope(nonresponder_list)
    if newest is None:
        return []
    words = {"as_of": _day(nonresponder_list.as_of), "newest": _day(newest.as_of)}
    if newest.as_of > nonresponder_list.as_of:
        text = _(
            "Listen er fra %(as_of)s, men listen fra %(newest)s er allerede indlæst. Nyere svar bliver ikke rettet."
        )
        return [_gate("older_than_newest", text % words)]
    changes = figures.by_class.get(RowClass.NEW, 0) + figures.by_class.get(RowClass.GONE, 0)
    if newest.as_of == nonresponder_list.as_of and changes:
        text = _("Der er allerede indlæst en liste fra %(as_of)s, og den nye er anderledes. Er det en rettet liste?")
        return [_gate("same_week", text % words)]
    return []


def _size_gates(nonresponder_list: NonresponderList, figures: RowFigures) -> list[dict[str, Any]]:
    if figures.in_file == 0:
        return [_gate("no_rows", _("Listen har ingen rækker. Er det den rigtige fil?"))]
    previous = nonresponder_list.previous
    if previous is not None and previous.rows >= FEWER_FROM_ROWS and figures.in_file <= previous.rows * FEWER_SHARE:
        text = _("Listen har %(rows)s rækker, den forrige havde %(before)s. Er det den rigtige fil?")
        return [_gate("fewer_rows", text % {"rows": figures.in_file, "before": previous.rows})]
    return []


def newest_of_scope(nonresponder_list: NonresponderList) -> NonresponderList | None:
    """The newest committed list that this one is compared with: same municipality, programme, kind and order."""
    return newest_committed(
        nonresponder_list.municipality,
        nonresponder_list.programme,
        kind=nonresponder_list.kind,  # type: ignore[arg-type]
        order=nonresponder_list.order,
    )


def _day(day: date) -> str:
    return formats.date_format(day, "d.m.Y")
