"""Hide small counts in a table of counts, and so many others that no hidden one can be computed (D4).

The table is rows (areas, groups) by disjoint parts (declined, undecided, the rest …) with both margins published.
Every equation a reader has – a row's parts add up to its total, a part adds up over the rows – is an edge system in
which a published table is a circulation: inner cell row → part, a part's total part → foot, the grand total
foot → side, a row's total side → row. A hidden value is undetermined exactly when its edge lies on a cycle of
hidden edges along which persons could be moved without any count going below zero (Cox 1980;
Gusfield 1988). Beyond that, what is hidden in one row or column never adds up to a small count.

Pure: no database. It protects one table; do not publish two breakdowns of the same people that hide different totals.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

THRESHOLD = 10
# Totals are wanted most: hiding one costs more than hiding any number of inner cells.
_TOTAL_COST = 10**12

Cell = tuple[int, int]
Node = tuple[str, int]


@dataclass(frozen=True, slots=True)
class SharedTable:
    """A table after disclosure control: None is hidden, or was unknown before."""

    cells: list[list[int | None]]
    row_totals: list[int | None]
    column_totals: list[int | None]
    total: int | None


def suppress(
    counts: Sequence[Sequence[int | None]],
    *,
    row_totals: Sequence[int | None] | None = None,
    threshold: int = THRESHOLD,
) -> SharedTable:
    """The table that may be shared: counts below `threshold` (totals too) hidden, with complements.

    `counts`: rows of disjoint parts; None is unknown here already (the source hid it) and counts as hidden.
    `row_totals`: given where a row's parts are unknown but its total is not; else the parts' sum.
    """
    table = _Table([list(row) for row in counts], row_totals)
    if not table.rows or not table.columns:
        return SharedTable([[] for _ in counts], list(table.side), [], None)
    hidden = {cell for cell, value in table.values.items() if value is None or value < threshold}
    unsafe = sorted(hidden)
    while unsafe:
        for cell in unsafe:
            # What is hidden for a cell's sake lies on its cycle, so it is safe itself; and nothing safe is exposed
            # by hiding more. Cells the source hid are not ours to save.
            if table.values[cell] is not None and _is_exposed(table, hidden, cell):
                hidden |= _complement(table, hidden, cell)
        unsafe = _enlarge_small_remainders(table, hidden, threshold)
    shown = {cell: None if cell in hidden else value for cell, value in table.values.items()}
    rows, columns = table.rows, table.columns
    return SharedTable(
        cells=[[shown[row, column] for column in range(columns)] for row in range(rows)],
        row_totals=[shown[row, columns] for row in range(rows)],
        column_totals=[shown[rows, column] for column in range(columns)],
        total=shown[rows, columns],
    )


def _enlarge_small_remainders(table: _Table, hidden: set[Cell], threshold: int) -> list[Cell]:
    """Hide one more cell in each line whose hidden cells add up to a small count a reader can subtract.

    86 of 89 vaccinated says "3 not", however those 3 are split. Returns the cells hidden here.
    """
    added: list[Cell] = []
    for members, total in table.lines():
        covered = [cell for cell in members if cell in hidden]
        if total in hidden or not covered or any(table.values[cell] is None for cell in covered):
            continue
        if sum(table.values[cell] or 0 for cell in covered) < threshold:
            # When all are hidden already, a total given apart from its parts is the one that tells.
            added.append(min((cell for cell in members if cell not in hidden), key=table.cost, default=total))
            hidden.add(added[-1])
    return added


class _Table:
    """The counts with their margins as one dictionary of cells; index `rows`/`columns` is the margin."""

    def __init__(self, counts: list[list[int | None]], row_totals: Sequence[int | None] | None) -> None:
        self.rows, self.columns = len(counts), len(counts[0]) if counts else 0
        self.side = [
            _sum(row) if row_totals is None or row_totals[index] is None else row_totals[index]
            for index, row in enumerate(counts)
        ]
        foot = [_sum([row[column] for row in counts]) for column in range(self.columns)]
        self.values: dict[Cell, int | None] = {
            (row, column): counts[row][column] for row in range(self.rows) for column in range(self.columns)
        }
        self.values |= {(row, self.columns): self.side[row] for row in range(self.rows)}
        self.values |= {(self.rows, column): foot[column] for column in range(self.columns)}
        self.values[self.rows, self.columns] = _sum(self.side)

    def lines(self) -> Iterator[tuple[list[Cell], Cell]]:
        """Every equation: the cells that add up, and the cell they add up to."""
        for row in range(self.rows + 1):
            yield [(row, column) for column in range(self.columns)], (row, self.columns)
        for column in range(self.columns + 1):
            yield [(row, column) for row in range(self.rows)], (self.rows, column)

    def ends(self, cell: Cell) -> tuple[Node, Node]:
        """Where a cell's edge starts and ends in the circulation."""
        row, column = cell
        if row < self.rows:
            return (("row", row), ("part", column)) if column < self.columns else (("side", 0), ("row", row))
        return (("part", column), ("foot", 0)) if column < self.columns else (("foot", 0), ("side", 0))

    def cost(self, cell: Cell) -> int:
        """What hiding a cell loses: its persons; a total far more."""
        is_total = cell[0] == self.rows or cell[1] == self.columns
        return (self.values[cell] or 0) + 1 + (_TOTAL_COST if is_total else 0)

    def moves(self, cell: Cell) -> Iterator[tuple[Node, Node]]:
        """The directions in which a cell may change: up always, down when persons are there to take."""
        start, end = self.ends(cell)
        yield start, end
        if self.values[cell]:
            yield end, start


def _sum(values: Sequence[int | None]) -> int | None:
    return None if any(value is None for value in values) else sum(value or 0 for value in values)


def _is_exposed(table: _Table, hidden: set[Cell], cell: Cell) -> bool:
    """Whether the published cells determine the hidden one."""
    return not any(_cheapest(table, hidden, cell, way, only_hidden=True) for way in _ways(table, cell))


def _ways(table: _Table, cell: Cell) -> Iterator[tuple[Node, Node]]:
    """From where to where persons must be moved round about to let the cell rise, or fall."""
    for start, end in table.moves(cell):
        yield end, start


def _complement(table: _Table, hidden: set[Cell], exposed: Cell) -> set[Cell]:
    """The cheapest further cells that, hidden, close a cycle through the exposed one."""
    found = [_cheapest(table, hidden, exposed, way, only_hidden=False) for way in _ways(table, exposed)]
    # One always exists: through all the totals, every edge may rise.
    return min((path for path in found if path is not None), key=lambda path: path[0])[1]


def _cheapest(
    table: _Table, hidden: set[Cell], without: Cell, way: tuple[Node, Node], *, only_hidden: bool
) -> tuple[int, set[Cell]] | None:
    """Dijkstra over the cells: hidden ones cost nothing, others what hiding them loses. The cells to hide."""
    edges: dict[Node, list[tuple[Node, Cell, int]]] = {}
    for cell in hidden if only_hidden else table.values:
        if cell != without:
            cost = 0 if cell in hidden else table.cost(cell)
            for start, end in table.moves(cell):
                edges.setdefault(start, []).append((end, cell, cost))
    source, target = way
    queue: list[tuple[int, int, Node, tuple[Cell, ...]]] = [(0, 0, source, ())]
    done: set[Node] = set()
    order = 0
    while queue:
        distance, _, node, used = heapq.heappop(queue)
        if node == target:
            return distance, {cell for cell in used if cell not in hidden}
        if node in done:
            continue
        done.add(node)
        for end, cell, cost in edges.get(node, []):
            if end not in done:
                order += 1
                heapq.heappush(queue, (distance + cost, order, end, (*used, cell)))
    return None
