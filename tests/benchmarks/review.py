"""A reviewed list of many rows, made in SQL: what each page and each decision costs in queries and milliseconds.

OUTREACH_VAR=/tmp/bench .venv/bin/python tests/benchmarks/review.py 100000
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

import contact_data  # noqa: F401  starts the servers and sets Django up
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from outreach.access.actor import Actor, system_actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import ListRow, ListState, NonresponderList, Programme, RowClass
from registry.selectors.list_review import (
    RowFilter,
    count_rows,
    follow_ups_of,
    last_step,
    row_page,
    waiting_by_problem,
)
from registry.services.lists import decide_each, decide_matching, undo_decisions
from tests.factories.cast import actor_with_role

NOW = datetime(2021, 4, 20, 7, 14, tzinfo=UTC)
ISHOEJ = 183
# Of ten rows: three have lost their leading zero, one stands beside another with the same number, six are new.
ROWS = """
INSERT INTO registry_listrow (municipality_id, nonresponder_list_id, row_number, cpr_ciphertext, cpr_index, cpr_kind,
    sex, name, target_group, row_class, problem_code, problem_column, warning_code, same_as_row, decision,
    decided_by_name, week, earlier_outcome, reviewed_state)
SELECT %(municipality)s, %(list)s, g + 1, NULL, sha256(g::text::bytea), 'replacement', 'M', 'Bo Prøve ' || g, '7',
    CASE WHEN g %% 10 < 4 THEN 'needs_decision' ELSE 'new' END,
    CASE WHEN g %% 10 < 3 THEN 'leading_zero' WHEN g %% 10 = 3 THEN 'same_cpr_differs' ELSE '' END,
    '', '', CASE WHEN g %% 10 = 3 THEN g + 1 END, '', '', 1, '', ''
FROM generate_series(1, %(rows)s) g
"""


def main(rows: int) -> None:
    """Fill, then measure each step of a review three times and print the best."""
    call_command("migrate", verbosity=0, interactive=False)
    by = actor_with_role(Role.LIST_ADMIN)
    listed = _fill(rows)
    new, deciding = RowFilter(RowClass.NEW), RowFilter(RowClass.NEEDS_DECISION)
    today = localdate(NOW)
    steps = {
        "first page": lambda: _page(listed, new, None),
        "page in the middle": lambda: _page(listed, new, rows // 2),
        "last page": lambda: _page(listed, new, rows - 40),
        "rows to decide, with counts": lambda: (
            _page(listed, deciding, None),
            waiting_by_problem(listed, new.row_class),
        ),
        "how many wait, by problem": lambda: waiting_by_problem(listed, RowClass.NEEDS_DECISION),
        "search by row number": lambda: _page(listed, RowFilter(RowClass.NEW, text=str(rows // 2)), None),
        "search by name, counted": lambda: count_rows(listed, RowFilter(RowClass.NEW, text="prøve 99"), today=today),
    }
    print(f"{rows} rows")
    for name, step in steps.items():
        _measure(by, name, step)
    _decisions(by, listed, rows)


def _fill(rows: int) -> NonresponderList:
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE registry_listrow, registry_nonresponderlist CASCADE")
    listed = NonresponderList.objects.create(
        municipality_id=ISHOEJ,
        programme=Programme.objects.get(code="covid-19"),
        as_of=NOW.date(),
        waiting_days=22,
        mapping={"cpr": "CPR", "name": "Navn"},
        file_bytes=0,
        rows=rows,
        counts={"new": rows * 6 // 10, "needs_decision": rows * 4 // 10},
        state=ListState.REVIEWED,
        state_changed_at=NOW,
        uploaded_at=NOW,
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET row_security = off")
        cursor.execute(ROWS, {"municipality": ISHOEJ, "list": listed.pk, "rows": rows})
        cursor.execute("VACUUM ANALYZE registry_listrow")
    return listed


def _page(listed: NonresponderList, row_filter: RowFilter, after: int | None) -> None:
    page = row_page(listed, row_filter, today=localdate(NOW), limit=25, after=after)
    follow_ups_of(listed, page.rows)


def _decisions(by: Actor, listed: NonresponderList, rows: int) -> None:
    with data_context(system_actor("benchmark", [ISHOEJ])):
        one = ListRow.objects.filter(nonresponder_list=listed, problem_code="leading_zero").order_by("row_number")[0].pk
    _measure(
        by, "decide one row", lambda: decide_each(by=by, nonresponder_list=listed, choices={"skip": [one]}, now=NOW), 1
    )
    criteria, waiting = Q(problem_code="leading_zero"), rows * 3 // 10 - 1

    def all_of_a_problem() -> int:
        return decide_matching(
            by=by, nonresponder_list=listed, criteria=criteria, decision="import", expected=waiting, now=NOW
        )

    _measure(by, f"decide {waiting} rows at once", all_of_a_problem, 1)
    listed.refresh_from_db()
    _measure(by, "what the newest step did", lambda: last_step(listed))
    _measure(
        by,
        "take them back",
        lambda: undo_decisions(by=by, nonresponder_list=listed, step=listed.decision_steps, now=NOW),
        1,
    )


def _measure(by: Actor, name: str, step: object, times: int = 3) -> None:
    best, queries = float("inf"), 0
    for _each in range(times):
        with data_context(by), CaptureQueriesContext(connection) as captured:
            started = time.perf_counter()
            step()  # type: ignore[operator]
            best = min(best, time.perf_counter() - started)
            queries = len(captured)
    print(f"| {name} | {queries} | {best * 1000:.1f} ms |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
