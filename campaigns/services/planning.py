"""The planner: restores K1 for every open follow-up in the context, set-based. Running it twice changes nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, Min

from outreach.access.actor import Actor
from registry.models import FollowUp, NonresponderList
from registry.selectors.reask import barring_rows
from registry.services.commit_lock import work_beside_commits
from registry.services.follow_ups import TO_BE_PLANNED
from registry.sql import MANY_ROWS, expect_few_rows, expect_many_rows
from registry.working_days import is_public_holiday, is_working_day

from ..next_steps import ENDED, LAST_WAIT_DAYS, LOOKUP_RESTS, WAIT_WITHOUT_DEADLINE_DAYS
from ..selectors.deadlines import breaches
from ..sending_window import COPENHAGEN
from ..step_reasons import ANSWER_REASONS
from .message_queue import queue_due_messages

SQL = Path(__file__).resolve().parent.parent / "sql"
# Kinds that are worked in the call queue; an interpreter call goes to those who speak the language first.
CALL_KINDS = ["call", "interpreter_call"]
# Days beyond the last known date that a step can reach: the longest delay with holidays in between.
CALENDAR_MARGIN = timedelta(days=90)
# Two planners over everything would wait for each other's rows; the number is this lock's name, nothing else.
PLANNER_LOCK = 7_305_118
# Up to this many rows, the citizens of a list are named one by one.
LOOKED_UP_ROWS = 20_000
# From here on the phones of a whole municipality are read rather than those of each citizen on the way.
MANY = 20_000
RULE = ("plan_policies", "plan_facts", "plan_steps", "plan_final")


@dataclass(frozen=True)
class PlanResult:
    """Open follow-ups looked at, those whose step was changed or ended, the rest, and deadlines passed (mandatory)."""

    open: int
    planned: int
    unchanged: int
    breaches: int
    queued_messages: int = 0


@dataclass(frozen=True)
class Extent:
    """The first and last day any step of some open follow-ups is counted from, their number, and whether one citizen
    may have several of them."""

    first: date
    last: date
    number: int
    several_programmes: bool

    def parameters(self) -> dict[str, Any]:
        """What the rule's statement needs to know of them."""
        return calendar(self.first, self.last) | {
            "everybody": self.number >= MANY,
            "several_programmes": self.several_programmes,
        }


@transaction.atomic
def plan(
    *,
    by: Actor,
    now: datetime,
    citizen_ids: Sequence[int] | None = None,
    nonresponder_list_id: int | None = None,
) -> PlanResult:
    """Give every open follow-up of the context its next step, keep call tasks and the SMS queue in step with them.

    With `citizen_ids` or `nonresponder_list_id` only these citizens. Breaches are counted for the whole context, and
    are 0 when single citizens are planned. 1,000,000 follow-ups are one statement, not a loop.
    """
    whole = citizen_ids is None
    # Before the planner's own lock: a commit plans at its end, while this would wait for the commit's rows.
    work_beside_commits(*by.personal_municipalities)
    with connection.cursor() as cursor:
        if whole:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PLANNER_LOCK])
        today = now.astimezone(COPENHAGEN).date()
        parameters = rule_parameters(now) | {
            "by_name": by.name,
            "citizens": None if citizen_ids is None else list(citizen_ids),
            "list": nonresponder_list_id,
            "call_kinds": CALL_KINDS,
        }
        _reopen_rested(cursor, today, parameters)
        to_plan = to_call = parameters
        if nonresponder_list_id is not None:
            to_plan, to_call = _of_list(cursor, nonresponder_list_id, parameters)
        open_ones = known_extent(to_plan["citizens"], today)
        if whole:
            expect_hashed_joins(cursor, open_ones.number)
        cursor.execute(sql("calendar", *RULE, "plan_write"), to_plan | open_ones.parameters())
        seen, moved, ended = cursor.fetchone()
        for statement in ("close_call_tasks", "open_call_tasks", "cancel_messages"):
            cursor.execute(sql(statement), to_call)
        expect_few_rows(cursor)
        cursor.execute("SET LOCAL enable_mergejoin TO DEFAULT")
    queued = queue_due_messages(by=by, now=now, citizen_ids=citizen_ids, nonresponder_list_id=nonresponder_list_id)
    if queued.without_usable_number:
        plan(by=by, now=now, citizen_ids=queued.without_usable_number)
    return PlanResult(
        open=seen - ended,
        planned=moved + ended,
        unchanged=seen - moved - ended,
        breaches=breaches(by, now).filter(mandatory=True).count() if whole else 0,
        queued_messages=queued.number,
    )


def _reopen_rested(cursor: Any, today: date, parameters: dict[str, Any]) -> None:
    """Ask those again whose "no" has rested (L8), unless an answer in another programme says that nobody asks."""
    rested = FollowUp.objects.filter(status="closed", closed_reason="declined", reopen_on__lte=today)
    if parameters["citizens"] is not None:
        rested = rested.filter(citizen__in=parameters["citizens"])
    if parameters["list"] is not None:
        rested = rested.filter(last_list=parameters["list"])
    scopes = list(rested.order_by().values_list("municipality_id", "programme_id").distinct())
    if scopes:
        barring = {"barring": json.dumps(barring_rows(scopes))}
        cursor.execute(sql("calendar", "reopen_declined"), parameters | calendar(today, today) | barring)


def _of_list(
    cursor: Any, nonresponder_list_id: int, parameters: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parameters for whom the list leaves to be planned, and for all it names: a short list is looked up by its
    citizens, whatever the size of their municipality; a long one is joined with it."""
    rows = NonresponderList.objects.values_list("rows", flat=True).get(pk=nonresponder_list_id)
    if rows >= LOOKED_UP_ROWS:
        expect_many_rows(cursor, rows)
        return parameters, parameters
    named = FollowUp.objects.filter(last_list=nonresponder_list_id)
    everybody = list(named.values_list("citizen_id", "opened_at", "next_step_reason"))
    # As in sql/plan_facts.sql: those that the commit made with their first step are as planned.
    left = [
        citizen for citizen, opened_at, reason in everybody
        if opened_at != parameters["now"] or reason == TO_BE_PLANNED
    ]  # fmt: skip
    one_by_one = parameters | {"list": None}
    return one_by_one | {"citizens": left}, one_by_one | {"citizens": [citizen for citizen, *_rest in everybody]}


@lru_cache(maxsize=16)
def sql(*names: str) -> str:
    """The planner's statements, put together from their parts in sql/."""
    return "".join((SQL / f"{name}.sql").read_text(encoding="utf-8") for name in names)


def expect_hashed_joins(cursor: Any, rows: int) -> None:
    """Let the planner's statements read each table once and hash it, where there is much to plan.

    What it works out is in no statistics, so PostgreSQL expects one row of it: 40,000 calls were laid ready by nested
    loops in 8 s, and 200,000 steps sorted for a merge with a calendar. Until `expect_few_rows`.
    """
    expect_many_rows(cursor, rows)
    if rows >= MANY_ROWS:
        cursor.execute("SET LOCAL enable_mergejoin TO off")


def known_extent(citizen_ids: Sequence[int] | None, today: date) -> Extent:
    """What is to be planned, at a glance; `citizen_ids` None is everybody in the context."""
    follow_ups = FollowUp.objects.open()
    if citizen_ids is not None:
        follow_ups = follow_ups.filter(citizen__in=citizen_ids)
    counted = follow_ups.aggregate(
        Min("opened_at"), Min("last_contact_at"), Min("next_step_at"),
        Max("opened_at"), Max("last_contact_at"), Max("next_step_at"), Max("answer_due"),
        number=Count("pk"), one=Min("programme"), other=Max("programme"),
    )  # fmt: skip
    number, one, other = counted.pop("number"), counted.pop("one"), counted.pop("other")
    days = [
        value.astimezone(COPENHAGEN).date() if isinstance(value, datetime) else value
        for value in counted.values()
        if value is not None
    ]
    return Extent(min([today, *days]), max([today, *days]), number, several_programmes=one != other)


def rule_parameters(now: datetime) -> dict[str, Any]:
    """What sql/plan_steps.sql needs, whatever it plans."""
    return {
        "now": now,
        "today": now.astimezone(COPENHAGEN).date(),
        "looked_up_since": now - LOOKUP_RESTS,
        "ended": sorted(ENDED),
        "answer_reasons": sorted(ANSWER_REASONS),
        "last_wait": LAST_WAIT_DAYS,
        "wait_without_deadline": WAIT_WITHOUT_DEADLINE_DAYS,
    }


def calendar(first: date, last: date) -> dict[str, list[Any]]:
    """Parameters of sql/calendar.sql: from `first` to `last`, with a margin for the longest delays."""
    return _calendar_columns(first - CALENDAR_MARGIN, last + CALENDAR_MARGIN)


@lru_cache(maxsize=64)
def _calendar_columns(first: date, last: date) -> dict[str, list[Any]]:
    """Columns for sql/calendar.sql, one value for each day from `first` to `last`."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    working = [is_working_day(day) for day in days]
    return {
        "days": days,
        "numbers": list(accumulate(int(each) for each in working)),
        "working": working,
        "holidays": [is_public_holiday(day) for day in days],
    }
