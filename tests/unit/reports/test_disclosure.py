"""Disclosure control against an attacker who tries every table that fits what was published (D4)."""

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.disclosure import SharedTable, suppress

SMALL = 3  # the threshold of the random tables, so that trying every table stays possible


def solutions_differ(shared: SharedTable, largest: int) -> dict[tuple[int, int], set[int]]:
    """Slow attacker: walks all tables up to `largest` that agree with the published one.

    Returns for each hidden inner cell the values it takes; stops once every one has taken two.
    """
    rows, columns = len(shared.cells), len(shared.cells[0])
    free = [(r, c) for r in range(rows) for c in range(columns) if shared.cells[r][c] is None]
    values: dict[tuple[int, int], set[int]] = {cell: set() for cell in free}
    totals: dict[tuple[int, int], set[int]] = {
        **{(r, columns): set() for r in range(rows) if shared.row_totals[r] is None},
        **{(rows, c): set() for c in range(columns) if shared.column_totals[c] is None},
    }
    if shared.total is None:
        totals[rows, columns] = set()
    table = [[cell if cell is not None else 0 for cell in row] for row in shared.cells]

    def fits_so_far(last: bool) -> bool:
        for r in range(rows):
            given = shared.row_totals[r]
            if given is not None and (sum(table[r]) > given or (last and sum(table[r]) != given)):
                return False
        for c in range(columns):
            given, total = shared.column_totals[c], sum(row[c] for row in table)
            if given is not None and (total > given or (last and total != given)):
                return False
        everything = sum(map(sum, table))
        return shared.total is None or (everything == shared.total if last else everything <= shared.total)

    def walk(index: int) -> bool:
        if index == len(free):
            if fits_so_far(last=True):
                for r, c in free:
                    values[r, c].add(table[r][c])
                for r, c in totals:
                    part = range(columns) if c == columns else [c]
                    totals[r, c].add(sum(table[i][j] for i in (range(rows) if r == rows else [r]) for j in part))
            return all(len(seen) > 1 for seen in (*values.values(), *totals.values()))
        r, c = free[index]
        for value in range(largest + 1):
            table[r][c] = value
            if not fits_so_far(last=False):
                break
            if walk(index + 1):
                return True
        table[r][c] = 0
        return False

    walk(0)
    return values | totals


tables = st.integers(1, 3).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 5), min_size=columns, max_size=columns), min_size=1, max_size=3)
)


@settings(max_examples=300, deadline=None)
@given(tables)
@example([[0, 0], [0, 5]])
@example([[2]])
@example([[1, 5], [5, 5]])
@example([[0, 5, 5], [5, 0, 5], [5, 5, 0]])
def test_hidden_cells_have_more_than_one_solution(counts: list[list[int]]) -> None:
    shared = suppress(counts, threshold=SMALL)
    for cell, seen in solutions_differ(shared, largest=7).items():
        assert len(seen) > 1, (cell, shared)


@settings(max_examples=300, deadline=None)
@given(tables)
def test_no_count_below_the_threshold_is_published(counts: list[list[int]]) -> None:
    shared = suppress(counts, threshold=SMALL)
    published = [
        *shared.row_totals,
        *shared.column_totals,
        shared.total,
        *(cell for row in shared.cells for cell in row),
    ]
    assert all(value is None or value >= SMALL for value in published)


@settings(max_examples=300, deadline=None)
@given(tables)
def test_what_is_left_of_a_total_is_never_a_small_count(counts: list[list[int]]) -> None:
    """Total less what is published, in every row and column, margins included."""
    shared = suppress(counts, threshold=SMALL)
    grid = [[*cells, total] for cells, total in zip(shared.cells, shared.row_totals, strict=True)]
    grid.append([*shared.column_totals, shared.total])
    for line in [*grid, *map(list, zip(*grid, strict=True))]:
        *members, total = line
        if total is not None and None in members:
            assert total - sum(member for member in members if member is not None) >= SMALL


@settings(max_examples=200, deadline=None)
@given(tables)
def test_published_values_are_the_true_ones(counts: list[list[int]]) -> None:
    shared = suppress(counts, threshold=SMALL)
    for (row, column), value in _published(shared).items():
        assert value == counts[row][column]
    for column, total in enumerate(shared.column_totals):
        assert total is None or total == sum(row[column] for row in counts)


def _published(shared: SharedTable) -> dict[tuple[int, int], int]:
    return {
        (r, c): value
        for r, c in product(range(len(shared.cells)), range(len(shared.cells[0])))
        if (value := shared.cells[r][c]) is not None
    }


def test_large_counts_all_stay() -> None:
    shared = suppress([[10, 200], [30, 40]])
    assert shared.cells == [[10, 200], [30, 40]]
    assert shared.row_totals == [210, 70]
    assert shared.column_totals == [40, 240]
    assert shared.total == 280


def test_one_small_count_takes_the_cheapest_rectangle_with_it() -> None:
    shared = suppress([[3, 100, 50], [40, 200, 60]])
    assert shared.cells == [[None, 100, None], [None, 200, None]]
    assert shared.row_totals == [153, 300]
    assert shared.column_totals == [43, 300, 110]


def test_two_small_counts_in_one_column_protect_each_other() -> None:
    shared = suppress([[3], [4], [100]])
    assert shared.cells == [[None], [None], [None]]  # 3 + 4 would be left of 107
    assert suppress([[6], [7], [100]]).cells == [[None], [None], [100]]


def test_zeros_that_add_up_to_nothing_take_a_larger_cell_with_them() -> None:
    """Two hidden zeros and a published total say that both are zero, unless a third cell is hidden."""
    shared = suppress([[0], [0], [50], [80]])
    assert shared.cells == [[None], [None], [None], [80]]
    assert shared.column_totals == [130]


def test_what_the_source_hid_stays_hidden_and_its_totals_are_unknown() -> None:
    shared = suppress([[None, None], [2488, 11722]], row_totals=[1480, None])
    assert shared.cells == [[None, None], [2488, 11722]]
    assert shared.row_totals == [1480, 14210]
    assert shared.column_totals == [None, None]


@pytest.mark.parametrize("counts", [[], [[]]])
def test_empty_table_is_empty(counts: list[list[int | None]]) -> None:
    assert suppress(counts).column_totals == []


def test_a_total_that_does_not_match_its_parts_is_hidden_rather_than_told() -> None:
    """Rounded shares of 10 invited may add up to 9."""
    assert suppress([[2, 7]], row_totals=[10]).row_totals == [None]
