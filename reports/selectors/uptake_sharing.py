"""Uptake lines and follow-up counts as another organisation may see them: all through `reports.disclosure` (D4)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings

from reports.disclosure import SharedTable, suppress

if TYPE_CHECKING:
    from .uptake import UptakeLine


def threshold() -> int:
    """The smallest count that may be shared."""
    return int(settings.DISCLOSURE_MINIMUM)


def share_lines(lines: list[UptakeLine]) -> tuple[list[UptakeLine], UptakeLine | None]:
    """The lines with small counts, and what would give them away, hidden; no total, which would be one more equation.

    A file of four steps (invited but not booked, booked, started, complete) is a table of these; a file of nested
    counts (complete within started within all) becomes complete, started only, not started.
    """
    if any(line.booked_share is not None for line in lines):
        return _share_steps(lines), None
    return _share_nested(lines), None


def _count(share: Decimal | None, whole: int | None) -> int | None:
    return None if share is None or whole is None else int((share * whole / 100).to_integral_value())


def _share_steps(lines: list[UptakeLine]) -> list[UptakeLine]:
    counts = [
        [
            line.not_booked,
            _count(line.booked_share, line.invited),
            _count(line.started_share, line.invited),
            _count(line.complete_share, line.invited),
        ]
        for line in lines
    ]
    shared = suppress(counts, row_totals=[line.invited for line in lines], threshold=threshold())
    return [
        replace(
            line,
            population=None if row_total is None else line.population,
            invited=row_total,
            not_booked=cells[0],
            not_booked_share=line.not_booked_share if cells[0] is not None else None,
            booked_share=line.booked_share if cells[1] is not None else None,
            started_share=line.started_share if cells[2] is not None else None,
            complete_share=line.complete_share if cells[3] is not None else None,
            started=None,
            complete=None,
            suppressed=line.suppressed or row_total is None or None in cells,
        )
        for line, cells, row_total in zip(lines, shared.cells, shared.row_totals, strict=True)
    ]


def _share_nested(lines: list[UptakeLine]) -> list[UptakeLine]:
    # Where some rows lack the started, two parts are all that can be compared.
    with_started = all(line.started is not None for line in lines if line.complete is not None)
    counts = [_nested_parts(line, with_started) for line in lines]
    shared = suppress(counts, row_totals=[line.base for line in lines], threshold=threshold())
    invited = suppress([[line.invited] for line in lines], threshold=threshold())
    return [
        _nested_line(line, shared, row, with_started, invited.cells[row][0] if line.population is not None else None)
        for row, line in enumerate(lines)
    ]


def _nested_parts(line: UptakeLine, with_started: bool) -> list[int | None]:
    base, complete, started = line.base, line.complete, line.started
    if base is None or complete is None or (with_started and started is None):
        return [None] * (3 if with_started else 2)
    if not with_started or started is None:
        return [complete, max(base - complete, 0)]
    return [complete, max(started - complete, 0), max(base - started, 0)]


def _nested_line(
    line: UptakeLine, shared: SharedTable, row: int, with_started: bool, invited: int | None
) -> UptakeLine:
    cells, base = shared.cells[row], shared.row_totals[row]
    # Started is told by complete and started only, or by all and not started.
    tells_started = with_started and (
        (cells[0] is not None and cells[1] is not None) or (base is not None and cells[2] is not None)
    )
    tells_complete = cells[0] is not None
    shown = replace(
        line,
        population=base if line.population is not None else None,
        invited=invited if line.population is not None else base,
        not_booked=None,
        not_booked_share=None,
        complete=line.complete if tells_complete else None,
        complete_share=line.complete_share if tells_complete else None,
        started=line.started if tells_started else None,
        started_share=line.started_share if tells_started else None,
    )
    hid = any(
        getattr(line, name) is not None and getattr(shown, name) is None
        for name in ("population", "invited", "started", "complete", "started_share", "complete_share")
    )
    return replace(shown, suppressed=line.suppressed or hid)
