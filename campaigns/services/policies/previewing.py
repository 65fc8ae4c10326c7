"""What a change of the contact plan would do to today's queue: the planner's own SQL, run before and after the change
inside a savepoint that is rolled back. Nothing is written, nothing is sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from registry.models import NextStepKind, Programme

from ...contact_plans import ContactPlan
from ...selectors.policies import plan_of
from ...sending_window import Window
from ..planning import CALL_KINDS, RULE, expect_hashed_joins, known_extent, rule_parameters, sql
from .plans import own_municipality, put_plan, put_window

EXAMPLES = 6
CONTACT_KINDS = [NextStepKind.SMS, NextStepKind.CALL, NextStepKind.LETTER, NextStepKind.INTERPRETER_CALL]


@dataclass(frozen=True)
class Step:
    """A next step, or with `closed` the reason why there is none any more."""

    closed: str
    kind: str
    at: datetime | None
    reason: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class StepExample:
    """One follow-up whose next step the change moves."""

    follow_up_id: int
    citizen_id: int
    before: Step
    after: Step


@dataclass(frozen=True)
class Preview:
    """`figures` as sql/preview_compare.sql gives them; `examples` a few of those whose step changes."""

    figures: Mapping[str, Any]
    examples: list[StepExample]


class _TakenBack(Exception):
    """Raised to roll the savepoint back."""


def preview_plan(*, by: Actor, programme: Programme, plan: ContactPlan, now: datetime) -> Preview:
    """What saving the plan would do; the municipality is the actor's."""
    municipality = own_municipality(by)

    def change() -> None:
        put_plan(municipality, programme, plan_of(programme, municipality, localdate(now)), plan, now)

    return _preview(by, change, now)


def preview_window(*, by: Actor, window: Window, now: datetime) -> Preview:
    """What saving the sending window would do."""
    municipality = own_municipality(by)
    return _preview(by, lambda: put_window(municipality, window), now)


def _preview(by: Actor, change: Callable[[], None], now: datetime) -> Preview:
    by.require(Permission.MANAGE_POLICIES)
    today = localdate(now)
    parameters: dict[str, Any] = {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "week_ends": today + timedelta(days=6 - today.weekday()),
        "call_kinds": CALL_KINDS,
        "contact_kinds": [str(kind) for kind in CONTACT_KINDS],
        "examples": EXAMPLES,
    }
    found: list[Preview] = []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _take(cursor, "preview_before", now)
            change()
            _take(cursor, "preview_after", now)
            cursor.execute(sql("preview_compare"), parameters)
            figures = cursor.fetchone()[0]
            cursor.execute(sql("preview_examples"), parameters)
            found.append(Preview(_decoded(figures), [_example(row) for row in cursor.fetchall()]))
            raise _TakenBack
    except _TakenBack:
        return found[0]


def _take(cursor: Any, table: str, now: datetime) -> None:
    """Keep what the planner would write now, in a temporary table that the savepoint takes with it."""
    parameters = rule_parameters(now) | {"citizens": None, "list": None}
    open_ones = known_extent(None, parameters["today"])
    expect_hashed_joins(cursor, open_ones.number)
    statement = f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS " + sql("calendar", *RULE, "preview_take")
    cursor.execute(statement, parameters | open_ones.parameters())
    cursor.execute(f"ANALYZE {table}")


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _example(row: tuple[Any, ...]) -> StepExample:
    follow_up_id, citizen_id, *steps = row
    return StepExample(follow_up_id, citizen_id, _step(*steps[:5]), _step(*steps[5:]))


def _step(closed: str | None, kind: str | None, at: datetime | None, reason: str | None, detail: Any) -> Step:
    return Step(closed or "", kind or "", at, reason or "", _decoded(detail) or {})
