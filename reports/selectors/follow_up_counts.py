"""The municipality's own follow-up beside the uptake: on the list, contacted, answered (D3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Sum

from registry.models import Municipality, Programme
from reports.disclosure import suppress
from reports.models import FollowUpSummary, UptakeKind

from .uptake_sharing import threshold

_COLUMNS = ("on_newest_list", "open", "contacted", "answered", "declined", "undecided", "booked", "gone")
_BY: dict[UptakeKind, tuple[str, str]] = {
    UptakeKind.PARISH: ("parish_id", "parish__name"),
    UptakeKind.INSTITUTION: ("institution__number", "institution__name"),
    UptakeKind.GROUP: ("target_group", "target_group"),
    UptakeKind.MUNICIPALITY: ("municipality_id", "municipality__name"),
}


@dataclass(frozen=True, slots=True)
class FollowUpCounts:
    """Own follow-up of one place or group; None is hidden."""

    code: str
    name: str
    on_newest_list: int | None
    contacted: int | None
    answered: int | None
    open: int | None = None
    declined: int | None = None
    undecided: int | None = None
    booked: int | None = None
    gone: int | None = None
    suppressed: bool = False


def follow_up_counts(
    kind: UptakeKind, municipalities: Sequence[Municipality], programme: Programme, *, shared: bool
) -> dict[str, FollowUpCounts]:
    """Counts by the code that uptake lines carry; empty for kinds the follow-up is not counted by (age, region).

    `shared`: on the list, contacted and answered only, after disclosure control.
    """
    if kind not in _BY:
        return {}
    key, name = _BY[kind]
    rows = (
        FollowUpSummary.objects.filter(municipality__in=municipalities, programme=programme)
        .values(key, name)
        .annotate(**{f"total_{column}": Sum(column) for column in _COLUMNS})
        .order_by(key)
    )
    counts = [
        FollowUpCounts(
            code=_code(kind, row[key]),
            name=row[name] or "",
            **{column: row[f"total_{column}"] for column in _COLUMNS},
        )
        for row in rows
        if kind != UptakeKind.INSTITUTION or row[key] is not None  # most citizens live in no institution
    ]
    return {each.code: each for each in (share_counts(counts) if shared else counts)}


def counted_at(municipality: Municipality, programme: Programme) -> datetime | None:
    """When the follow-up was last counted."""
    rows = FollowUpSummary.objects.filter(municipality=municipality, programme=programme)
    at: datetime | None = rows.aggregate(at=Max("computed_at"))["at"]
    return at


def share_counts(counts: list[FollowUpCounts]) -> list[FollowUpCounts]:
    """The counts another organisation may see, as a table of not contacted, contacted only, answered."""
    parts = [
        [
            (each.on_newest_list or 0) - (each.contacted or 0),
            (each.contacted or 0) - (each.answered or 0),
            each.answered or 0,
        ]
        for each in counts
    ]
    table = suppress(parts, threshold=threshold())
    shared = []
    for each, cells, total in zip(counts, table.cells, table.row_totals, strict=True):
        contacted = _contacted(cells, total)
        shared.append(
            FollowUpCounts(
                code=each.code,
                name=each.name,
                on_newest_list=total,
                contacted=contacted,
                answered=cells[2],
                suppressed=total is None or None in cells,
            )
        )
    return shared


def _contacted(cells: list[int | None], total: int | None) -> int | None:
    """Those contacted, where a reader could add or subtract them anyway."""
    if cells[1] is not None and cells[2] is not None:
        return cells[1] + cells[2]
    return total - cells[0] if total is not None and cells[0] is not None else None


def _code(kind: UptakeKind, value: object) -> str:
    if value is None:
        return ""
    return f"{value:04d}" if kind == UptakeKind.MUNICIPALITY and isinstance(value, int) else str(value)
