"""Whole-file gates (L4): what holds a list back, as sentences. Some may be overridden, the risky by a second person."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.design.formats import number_da

from ..models import Citizen, ListOrderState, ListRow, NonresponderList, RowClass
from ..selectors.lists import newest_committed
from ..selectors.revisions import revision_of
from .file_gates import RowFigures, gate, other_file_gates, shifted_gates, wrong_file

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
# A group of this size does not empty in a week (IC06).
VANISHED_FROM_ROWS = 20
# A revision names this many rows; all of them stand in the review.
ROWS_NAMED = 10


def row_figures(nonresponder_list: NonresponderList) -> RowFigures:
    """Count the list's rows in one query."""
    by_class: Counter[str] = Counter()
    by_problem: Counter[str] = Counter()
    unreadable: Counter[tuple[str, str]] = Counter()
    known = 0
    grouped = (
        ListRow.objects.filter(nonresponder_list=nonresponder_list)
        .values_list("row_class", "problem_code", "problem_column")
        .annotate(rows=Count("id"), known=Count("citizen_id"))
    )
    for row_class, problem, column, rows, with_citizen in grouped:
        by_class[row_class] += rows
        if row_class == RowClass.UNREADABLE:
            unreadable[column, problem] += rows
        if problem:
            by_problem[problem] += rows
        known += with_citizen if row_class != RowClass.GONE else 0
    in_file = sum(by_class.values()) - by_class[RowClass.GONE]
    return RowFigures(dict(by_class), dict(by_problem), dict(unreadable), in_file, known)


def evaluate(nonresponder_list: NonresponderList, figures: RowFigures, today: date) -> list[dict[str, Any]]:
    """The gates that hold the list on `today`, the gravest first: [{"code", "message", "overridable",
    "second_person"}]. `second_person`: only somebody who did not upload the list may let it pass.
    """
    found = [
        *_order_gates(nonresponder_list, today),
        *other_file_gates(nonresponder_list, figures),
        *shifted_gates(nonresponder_list, figures),
        *_unlikely_gates(nonresponder_list, figures),
        *_sequence_gates(nonresponder_list, figures),
        *_size_gates(nonresponder_list, figures),
    ]
    return sorted(found, key=lambda each: each["overridable"])


def held(gates: list[dict[str, Any]], overrides: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The gates that nobody has overridden."""
    overridden = {override["code"] for override in overrides}
    return [each for each in gates if not (each["overridable"] and each["code"] in overridden)]


def _order_gates(nonresponder_list: NonresponderList, today: date) -> list[dict[str, Any]]:
    """L2: an ordered list without a valid order cannot be committed."""
    order = nonresponder_list.order
    if order is None:
        return []
    if order.state != ListOrderState.APPROVED or order.expires_on is None or order.approved_on is None:
        text = _("Bestillingen er ikke godkendt, eller den er annulleret. Listen kan ikke indlæses under den.")
        return [gate("order_not_approved", text, overridable=False)]
    words = {"reference": order.reference, "expires": _day(order.expires_on), "approved": _day(order.approved_on)}
    if order.expires_on < today:
        text = _("Bestillingen %(reference)s udløb %(expires)s. Bestil listen igen, før den kan indlæses.")
        return [gate("order_expired", text % words, overridable=False)]
    if order.approved_on > today:
        text = _("Bestillingen %(reference)s gælder først fra %(approved)s. Vent, eller ret bestillingen.")
        return [gate("order_not_valid_yet", text % words, overridable=False)]
    return []


def _unlikely_gates(nonresponder_list: NonresponderList, figures: RowFigures) -> list[dict[str, Any]]:
    """The rows can be read, but hardly are this municipality's list of this week."""
    if (
        figures.in_file >= MATCH_FROM_ROWS
        and figures.known < figures.in_file * MATCH_SHARE
        and Citizen.objects.filter(municipality_id=nonresponder_list.municipality_id).count() >= MATCH_FROM_CITIZENS
    ):
        text = _(
            "Kun %(known)s af %(rows)s borgere findes i registret. Er det den rigtige liste og et nyt borgerregister?"
        )
        return [gate("low_match_rate", text % {"known": number_da(figures.known), "rows": number_da(figures.in_file)})]
    moved = figures.by_class.get(RowClass.MOVED, 0)
    if figures.in_file >= MOVED_FROM_ROWS and moved > figures.in_file * MOVED_SHARE:
        text = _("%(moved)s af %(rows)s borgere er flyttet siden sidst. Er det den rigtige liste?")
        return [gate("many_moved", text % {"moved": number_da(moved), "rows": number_da(figures.in_file)})]
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
        return [gate("older_than_newest", text % words)]
    if newest.as_of < nonresponder_list.as_of:
        return []
    if differences := _differences(nonresponder_list, newest, figures):
        text = _(
            "Der er allerede indlæst en liste fra %(as_of)s, og den nye er anderledes: %(differences)s. "
            "Er det en rettet liste?"
        )
        # IP04: a correction is ordinary, and can be undone; whoever uploaded it may say so.
        return [gate("same_week", text % (words | {"differences": "; ".join(differences)}), second_person=False)]
    return []


def _differences(nonresponder_list: NonresponderList, newest: NonresponderList, figures: RowFigures) -> list[str]:
    """IP04: the corrected list against the one in use, in words; empty when nothing differs."""
    revision = revision_of(nonresponder_list, newest)
    new, gone = figures.by_class.get(RowClass.NEW, 0), figures.by_class.get(RowClass.GONE, 0)
    found = []
    if new:
        found.append(ngettext("%(rows)s ny borger", "%(rows)s nye borgere", new) % {"rows": number_da(new)})
    if gone:
        found.append(_("%(rows)s er ikke længere på listen") % {"rows": number_da(gone)})
    if revision.other_group:
        found.append(_("ny målgruppe i %(rows)s") % {"rows": _rows_named(revision.other_group)})
    if revision.other_day:
        found.append(_("ny dato i %(rows)s") % {"rows": _rows_named(revision.other_day)})
    return found


def _rows_named(numbers: list[int]) -> str:
    """`række 4, 7 og 12 andre`."""
    named = ", ".join(str(number) for number in numbers[:ROWS_NAMED])
    if (more := len(numbers) - ROWS_NAMED) > 0:
        return _("række %(named)s og %(more)s andre") % {"named": named, "more": number_da(more)}
    return _("række %(named)s") % {"named": named}


def _size_gates(nonresponder_list: NonresponderList, figures: RowFigures) -> list[dict[str, Any]]:
    if figures.in_file == 0:
        return [gate("no_rows", _("Listen har ingen rækker. Er det den rigtige fil?"))]
    previous = nonresponder_list.previous
    if previous is None:
        return []
    if previous.rows >= FEWER_FROM_ROWS and figures.in_file <= previous.rows * FEWER_SHARE:
        text = _("Listen har %(rows)s rækker, den forrige havde %(before)s. Er det den rigtige fil?")
        return [gate("fewer_rows", text % {"rows": number_da(figures.in_file), "before": number_da(previous.rows)})]
    if wrong_file(nonresponder_list, figures):
        return []
    return _vanished_gates(nonresponder_list, previous)


def _vanished_gates(nonresponder_list: NonresponderList, previous: NonresponderList) -> list[dict[str, Any]]:
    """IC06: a group that the list covers and the previous one had many of, and that has nobody left."""
    listed = set(_group_rows(nonresponder_list))
    vanished = {
        code: rows
        for code, rows in _group_rows(previous).items()
        if rows >= VANISHED_FROM_ROWS and code in nonresponder_list.groups_covered and code not in listed
    }
    if not vanished:
        return []
    text = _(
        "Målgruppe %(groups)s havde %(rows)s rækker på den forrige liste og har ingen på denne. "
        "Dækker listen ikke gruppen, så indlæs den igen, og oplys, hvilke målgrupper den dækker."
    )
    words = {"groups": ", ".join(sorted(vanished)), "rows": number_da(sum(vanished.values()))}
    return [gate("group_vanished", text % words)]


def _group_rows(nonresponder_list: NonresponderList) -> dict[str, int]:
    """Rows of the file by group; those of the gone are none of its rows."""
    rows = ListRow.objects.filter(nonresponder_list=nonresponder_list, row_number__isnull=False)
    counted = rows.exclude(target_group="").values_list("target_group").annotate(rows=Count("id"))
    return dict(counted.order_by())


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
