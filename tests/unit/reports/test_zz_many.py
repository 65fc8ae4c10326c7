"""Disclosure control against an attacker who tries every table that fits what was published (D4)."""

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.disclosure import SharedTable, suppress

SMALL = 3  # the threshold of the random tables, so that trying every table stays possible


def is_determined(shared: SharedTable, cell: tuple[int, int], true: int, largest: int) -> bool:
    """Slow attacker: is there no table up to `largest` that fits the published one and has another value here?

    Margins have the index just past the last row or column.
    """
    others = sorted((value for value in range(largest * 9 + 1) if value != true), key=lambda value: abs(value - true))
    return not any(_fits(shared, {cell: value}, largest) for value in others[: largest * 2])


def _fits(shared: SharedTable, supposed: dict[tuple[int, int], int], largest: int) -> bool:
    """Whether some table agrees with what was published and with what is supposed."""
    rows, columns = len(shared.cells), len(shared.cells[0])
    row_totals = [supposed.get((r, columns), total) for r, total in enumerate(shared.row_totals)]
    column_totals = [supposed.get((rows, c), total) for c, total in enumerate(shared.column_totals)]
    total = supposed.get((rows, columns), shared.total)
    known = [[supposed.get((r, c), cell) for c, cell in enumerate(row)] for r, row in enumerate(shared.cells)]
    free = [(r, c) for r, c in product(range(rows), range(columns)) if known[r][c] is None]
    table = [[0 if cell is None else cell for cell in row] for row in known]

    def agrees(r: int, c: int, *, last_of_row: bool, last_of_column: bool, last: bool) -> bool:
        checks = (
            (sum(table[r]), row_totals[r], last_of_row),
            (sum(row[c] for row in table), column_totals[c], last_of_column),
            (sum(map(sum, table)), total, last),
        )
        return all(given is None or (added == given if whole else added <= given) for added, given, whole in checks)

    def walk(index: int) -> bool:
        if index == len(free):
            return all(
                agrees(r, c, last_of_row=True, last_of_column=True, last=True)
                for r, c in product(range(rows), range(columns))
            )
        r, c = free[index]
        later = free[index + 1 :]
        ends = {
            "last_of_row": all(other[0] != r for other in later),
            "last_of_column": all(other[1] != c for other in later),
            "last": not later,
        }
        for value in range(largest + 1):
            table[r][c] = value
            if agrees(r, c, **ends) and walk(index + 1):
                return True
        table[r][c] = 0
        return False

    return walk(0)


def hidden_of(shared: SharedTable, counts: list[list[int]]) -> dict[tuple[int, int], int]:
    """Every hidden cell, margins included, with its true value."""
    rows, columns = len(counts), len(counts[0])
    inner = {(r, c): counts[r][c] for r, c in product(range(rows), range(columns)) if shared.cells[r][c] is None}
    side = {(r, columns): sum(counts[r]) for r in range(rows) if shared.row_totals[r] is None}
    foot = {(rows, c): sum(row[c] for row in counts) for c in range(columns) if shared.column_totals[c] is None}
    return inner | side | foot | ({(rows, columns): sum(map(sum, counts))} if shared.total is None else {})


tables = st.integers(1, 3).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 5), min_size=columns, max_size=columns), min_size=1, max_size=3)
)


def test_the_attacker_finds_what_naive_suppression_gives_away() -> None:
    """Hiding only the small count: the total tells it."""
    naive = SharedTable([[None, 5], [5, 5]], [7, 10], [7, 10], 17)
    assert is_determined(naive, (0, 0), 2, largest=8)


@settings(max_examples=4000, deadline=None)
@given(tables)
@example([[0, 0], [0, 5]])
@example([[2]])
@example([[1, 5], [5, 5]])
@example([[0, 5, 5], [5, 0, 5], [5, 5, 0]])
def test_hidden_cells_have_more_than_one_solution(counts: list[list[int]]) -> None:
    shared = suppress(counts, threshold=SMALL)
    for cell, true in hidden_of(shared, counts).items():
        assert not is_determined(shared, cell, true, largest=8), (cell, shared)


@settings(max_examples=4000, deadline=None)
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


@settings(max_examples=4000, deadline=None)
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
