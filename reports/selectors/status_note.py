"""The status note of [004] (D5): computed from imported group figures, committed lists and recorded answers.

Nothing is ever subtracted: who is not on the list is not therefore vaccinated (L7). None is unknown, shown as "–".
"""

from __future__ import annotations

from datetime import date, datetime

from outreach.access.data_context import current_actor
from registry.models import Municipality, NonresponderList, Programme, TargetGroup
from registry.selectors.lists import newest_committed
from registry.selectors.reference import mandatory_group_codes, target_groups
from reports.models import ListGroupSummary, UptakeFigure, UptakeKind, UptakeSnapshot
from reports.notes import NoteGroup, NoteTotal, NoteUptake, StatusNote
from reports.shares import added, percent

from .comparison import country_shares, municipality_shares
from .list_counts import GroupCount, count_lists, stored_counts
from .uptake import newest_snapshot

_NOBODY = GroupCount(0, 0, 0)


def status_note(municipality: Municipality, programme: Programme, as_of: date) -> StatusNote:
    """The note as of a day: the newest group figures and the newest committed standing list not younger than it.

    The answers are those recorded until now. Whoever's data context does not open the municipality's citizens
    (a manager) gets the counts as last stored, with the time they were counted.
    """
    newest = newest_committed(municipality, programme, on=as_of)
    counts, counted_at = _list_counts(municipality, newest)
    covered: set[str] = set()
    if newest is not None and counts is not None:
        covered = set(newest.groups_covered or newest.groups_stated) | set(counts)
    counts = counts or {}
    snapshot = newest_snapshot(UptakeKind.GROUP, programme, municipality, as_of)
    figures = list(snapshot.figures.filter(municipality=municipality)) if snapshot else []
    known = target_groups(programme, as_of)
    mandatory = mandatory_group_codes(programme, as_of, municipality.pk)
    by_group = {figure.target_group: figure for figure in figures if not figure.is_total}
    codes = _ordered((set(by_group) | covered) - {""}, known)
    names = {group.code: group.name for group in known}
    return StatusNote(
        municipality=municipality,
        programme=programme,
        as_of=as_of,
        groups=[
            _note_group(
                code,
                names.get(code, ""),
                code in mandatory,
                by_group.get(code),
                counts.get(code, _NOBODY) if code in covered else None,
            )
            for code in codes
        ],
        total=_total(figures, [counts.get(code, _NOBODY) for code in mandatory if code in covered]),
        local=_local(municipality, programme, as_of, figures, snapshot),
        national=_national(programme, as_of),
        snapshot=snapshot,
        nonresponder_list=newest,
        mandatory=mandatory,
        uncovered=[code for code in codes if code not in covered] if covered else [],
        without_group=counts.get("", _NOBODY).not_reacted,
        answers_counted_at=counted_at,
    )


def _list_counts(
    municipality: Municipality, newest: NonresponderList | None
) -> tuple[dict[str, GroupCount] | None, datetime | None]:
    """Counts by group and, where they were stored, when; None where nobody has counted."""
    if newest is None:
        return None, None
    actor = current_actor()
    if actor is not None and municipality.code in actor.personal_municipalities:
        return count_lists(municipality.code, [newest.pk])[newest.pk], None
    stored = ListGroupSummary.objects.filter(nonresponder_list=newest).order_by("-computed_at").first()
    return (stored_counts(newest.pk), stored.computed_at) if stored else (None, None)


def _ordered(codes: set[str], known: list[TargetGroup]) -> list[str]:
    order = {group.code: group.order for group in known}
    return sorted(codes, key=lambda code: (order.get(code, len(order) + 1_000), code))


def _note_group(
    code: str, name: str, mandatory: bool, figure: UptakeFigure | None, count: GroupCount | None
) -> NoteGroup:
    return NoteGroup(
        code=code,
        name=name,
        mandatory=mandatory,
        in_group=figure.population if figure else None,
        vaccinated=figure.complete if figure else None,
        hidden_by_source=bool(figure and figure.suppressed),
        not_reacted=count.not_reacted if count else None,
        declined=count.declined if count else None,
        undecided=count.undecided if count else None,
    )


def _total(figures: list[UptakeFigure], counts: list[GroupCount]) -> NoteTotal:
    """Invited as the file's total row has it, else its rows added up when all are known; never a part of them."""
    invited = _figure_total(figures, "invited")
    if not counts:
        return NoteTotal(invited=invited)
    return NoteTotal(
        invited=invited,
        not_reacted=sum(count.not_reacted for count in counts),
        declined=sum(count.declined for count in counts),
        undecided=sum(count.undecided for count in counts),
    )


def _figure_total(figures: list[UptakeFigure], column: str) -> int | None:
    total = next((figure for figure in figures if figure.is_total), None)
    given: int | None = getattr(total, column) if total is not None else None
    if given is not None:
        return given
    values = [getattr(figure, column) for figure in figures if not figure.is_total]
    return added(values) if values else None


def _local(
    municipality: Municipality,
    programme: Programme,
    as_of: date,
    figures: list[UptakeFigure],
    snapshot: UptakeSnapshot | None,
) -> NoteUptake:
    """SSI's municipality file where there is one; else the total row of the group file, of all in the groups."""
    level = municipality_shares(municipality, programme, as_of)
    if level.snapshot is not None:
        return NoteUptake(level.started_share, level.complete_share, level.snapshot.source, level.snapshot.as_of)
    total = next((figure for figure in figures if figure.is_total), None)
    if total is None or snapshot is None:
        return NoteUptake()
    base = total.population if total.population is not None else total.invited
    return NoteUptake(
        first_dose_share=total.started_share if total.started_share is not None else percent(total.started, base),
        complete_share=total.complete_share if total.complete_share is not None else percent(total.complete, base),
        source=snapshot.source,
        as_of=snapshot.as_of,
    )


def _national(programme: Programme, as_of: date) -> NoteUptake:
    level = country_shares(programme, as_of)
    if level.snapshot is None:
        return NoteUptake()
    return NoteUptake(level.started_share, level.complete_share, level.snapshot.source, level.snapshot.as_of)
