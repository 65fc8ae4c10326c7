"""Commit a list's rows to follow-ups: set-based, inside the caller's one transaction, verified by totals (L5).

Never decides anything: rows, classes and decisions are the review's; live statuses are read again here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.timezone import localdate

from .. import signals
from ..danish_order import search_key, sort_key
from ..models import NonresponderList
from ..selectors.reference import deadline_rule, mandatory_group_codes
from ..sql import expect_few_rows, expect_known_rows, expect_many_rows, statement
from ..working_days import add_working_days
from .list_gates import newest_of_scope
from .list_memory import memory_parameters


class CommitMismatch(RuntimeError):
    """The totals after a commit are not those of its rows: a fault of ours, everything is rolled back."""


@dataclass(frozen=True)
class Committed:
    """Follow-ups opened, reopened, seen again and closed; citizens made; rows that became what was decided."""

    opened: int
    reopened: int
    seen: int
    gone: int
    citizens: int
    decided: int


def mark_changed_rows(nonresponder_list: NonresponderList) -> dict[str, int]:
    """Send rows whose citizen changed since the review to a second one; how many, by what changed.

    Leaves the rows in `reviewed_rows` for `commit_rows`, until the transaction ends.
    """
    parameters = {
        "list": nonresponder_list.pk,
        "programme": nonresponder_list.programme_id,
        "municipality": nonresponder_list.municipality_id,
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS reviewed_rows, changed_rows")
        expect_known_rows(cursor, nonresponder_list.rows)
        cursor.execute(statement("reviewed_rows"), parameters)
        cursor.execute("ANALYZE reviewed_rows (row_id, citizen_id, cpr_index, row_class, acted_on)")
        changed = {}
        if _run(cursor, "changed_rows", parameters):
            cursor.execute(statement("changed_since_review"))
            changed = dict(cursor.fetchall())
        expect_few_rows(cursor)
        return changed


def commit_rows(nonresponder_list: NonresponderList, *, by_name: str, now: datetime) -> Committed:
    """Make citizens, open, reopen, see again and close follow-ups; after `mark_changed_rows`. Raises CommitMismatch."""
    parameters = _parameters(nonresponder_list, by_name, now)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS committing, first_steps, unknown_people, name_keys, barring")
        expect_known_rows(cursor, nonresponder_list.rows)
        citizens = _make_citizens(cursor, parameters)
        cursor.execute(statement("barring"), parameters)
        cursor.execute("ANALYZE barring")
        cursor.execute(statement("commit_rows"), parameters)
        cursor.execute("ANALYZE committing")
        cursor.execute("SELECT act, count(*) FROM committing GROUP BY act")
        expected: dict[str, int] = dict(cursor.fetchall())
        cursor.execute(statement("first_steps"))
        if expected.get("open"):
            signals.follow_ups_opening.send(
                sender=NonresponderList,
                nonresponder_list=nonresponder_list,
                answer_due=parameters["answer_due"],
                now=now,
            )
            cursor.execute("ANALYZE first_steps")
        counts = {
            name: _run(cursor, f"commit_{name}", parameters) for name in ("changes", "seen", "reopened", "opened")
        }
        # The follow-ups just written are in no statistics: with few of the gone, a loop over both took minutes.
        expect_many_rows(cursor, nonresponder_list.rows)
        gone = 0 if parameters["older"] else _run(cursor, "commit_gone", parameters)
        decided = _run(cursor, "commit_decided", parameters)
        wanted = {
            "changes": expected.get("see", 0) + expected.get("reopen", 0),
            "seen": expected.get("see", 0),
            "reopened": expected.get("reopen", 0),
            "opened": expected.get("open", 0) + expected.get("rest", 0),
        }
        if counts != wanted:
            raise CommitMismatch(f"list {nonresponder_list.pk}: {counts} instead of {wanted}")
        _verify(cursor, nonresponder_list, sum(expected.values()), parameters)
        expect_few_rows(cursor)
    return Committed(counts["opened"], counts["reopened"], counts["seen"], gone, citizens, decided)


def _parameters(nonresponder_list: NonresponderList, by_name: str, now: datetime) -> dict[str, Any]:
    rule = deadline_rule(nonresponder_list.programme, nonresponder_list.municipality)
    # K3: the deadline runs from the list's receipt.
    received = localdate(nonresponder_list.uploaded_at)
    newest = newest_of_scope(nonresponder_list)
    return {
        "municipality": nonresponder_list.municipality_id,
        "programme": nonresponder_list.programme_id,
        "list": nonresponder_list.pk,
        "mandatory": mandatory_group_codes(
            nonresponder_list.programme, nonresponder_list.as_of, nonresponder_list.municipality_id
        ),
        "first_contact_due": add_working_days(received, rule.first_contact_days),
        "answer_due": add_working_days(received, rule.answer_days),
        "received_at": nonresponder_list.uploaded_at,
        "older": newest is not None and newest.as_of > nonresponder_list.as_of,
        **memory_parameters(nonresponder_list, localdate(now)),
        "now": now,
        "by": by_name,
    }


def _run(cursor: Any, name: str, parameters: dict[str, Any]) -> int:
    cursor.execute(statement(name), parameters)
    return int(cursor.rowcount)


def _make_citizens(cursor: Any, parameters: dict[str, Any]) -> int:
    """L8b. Names get their Danish sort and search keys here, where only the unknown ones pass."""
    people = _run(cursor, "commit_unknown", parameters)
    if not people:
        return 0
    cursor.execute("SELECT row_id, name FROM unknown_people")
    names = cursor.fetchall()
    cursor.execute("CREATE TEMPORARY TABLE name_keys (row_id bigint, sort_name text, search_name text) ON COMMIT DROP")
    with cursor.copy("COPY name_keys FROM STDIN") as copy:
        for row_id, name in names:
            copy.write_row((row_id, sort_key(name)[:200], search_key(name)[:200]))
    cursor.execute("ANALYZE unknown_people")
    cursor.execute("ANALYZE name_keys")
    made = _run(cursor, "commit_citizens", parameters)
    linked = _run(cursor, "commit_link", parameters)
    if linked < people:
        raise CommitMismatch(f"list {parameters['list']}: {linked} of {people} unknown citizens linked")
    return made


def _verify(cursor: Any, nonresponder_list: NonresponderList, rows: int, parameters: dict[str, Any]) -> None:
    """After it all, every row acted on has its follow-up, and none of the gone is open."""
    cursor.execute(
        "SELECT count(f.id), count(f.id) FILTER (WHERE f.last_list_id = %(list)s OR c.act = 'leave')"
        " FROM committing AS c LEFT JOIN registry_followup AS f"
        " ON f.citizen_id = c.citizen_id AND f.programme_id = %(programme)s",
        parameters,
    )
    with_follow_up, on_this_list = cursor.fetchone()
    if not with_follow_up == on_this_list == rows:
        raise CommitMismatch(f"list {nonresponder_list.pk}: {with_follow_up}/{on_this_list} of {rows} followed up")
