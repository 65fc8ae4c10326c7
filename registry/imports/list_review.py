"""Prepare the review: who is gone, how many of each class, and which gates hold the list (L3, L4, L7)."""

from __future__ import annotations

import re
import time
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.data_context import job_context

from ..models import ListRow, ListState, NonresponderList
from ..services.file_gates import wrong_file
from ..services.list_gates import evaluate, newest_of_scope, row_figures
from ..services.list_memory import other_live_lists
from ..services.list_states import move
from ..sql import expect_few_rows, expect_many_rows, statement

# A date in a file's name, as year-month-day or day-month-year, with or without separators.
NAMED_DATE = re.compile(r"(?<!\d)(?:(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)|(\d\d)[-_.](\d\d)[-_.](20\d\d))(?!\d)")
NAMED_WEEK = re.compile(r"(?i)(?:uge|week)[-_ ]?(\d{1,2})(?!\d)")


def review(current: NonresponderList, *, job: str, now: datetime) -> None:
    """From `matched` to `reviewed`; nothing when somebody took the list away meanwhile."""
    started = time.monotonic()
    with job_context(job, [current.municipality_id]) as by:
        covered = current.groups_covered = groups_covered(current)
        newest = newest_of_scope(current)
        figures = row_figures(current)
        # A file that is not this list at all says nothing about those who are missing from it (L7).
        if (newest is None or newest.as_of <= current.as_of) and not wrong_file(current, figures):
            gone = _write_gone(current, covered, localdate(now))
            figures = row_figures(current) if gone else figures
        moved = move(
            current,
            ListState.REVIEWED,
            by_name=by.name,
            now=now,
            groups_covered=covered,
            counts=figures.by_class,
            gates=evaluate(current, figures, localdate(now)),
            warnings=[*current.warnings, *name_warnings(current.display_name, current.as_of)],
            progress={"stage": "reviewed", "done": current.rows, "of": current.rows},
            seconds={**current.seconds, "review": round(time.monotonic() - started, 3)},
            attempts=0,
        )
        if not moved:
            connection.set_rollback(True)


def groups_covered(current: NonresponderList) -> list[str]:
    """L8b: the groups stated; else those in the file and in the previous committed list of the same kind."""
    if current.groups_stated:
        return list(current.groups_stated)
    in_file = set(
        ListRow.objects.filter(nonresponder_list=current)
        .exclude(target_group="")
        .values_list("target_group", flat=True)
        .distinct()
    )
    previous = set(current.previous.groups_covered) if current.previous is not None else set()
    return sorted(in_file | previous)


def _write_gone(current: NonresponderList, covered: list[str], today: date) -> int:
    """How many there are."""
    scope = NonresponderList.objects.filter(
        municipality_id=current.municipality_id,
        programme_id=current.programme_id,
        kind=current.kind,
        order_id=current.order_id,
        state=ListState.COMMITTED,
    )
    earlier = current.previous.rows if current.previous is not None else 0
    with connection.cursor() as cursor:
        # The rows just read, and often last week's follow-ups, are in no statistics: 28 s for 30,000 rows in a loop.
        expect_many_rows(cursor, max(current.rows, earlier))
        cursor.execute(
            statement("gone"),
            {
                "municipality": current.municipality_id,
                "programme": current.programme_id,
                "list": current.pk,
                "scope": list(scope.values_list("pk", flat=True)),
                # Rows whose group nobody could tell are compared with the like, unless the groups are stated.
                "groups": covered if current.groups_stated else [*covered, ""],
                **other_live_lists(current, today),
                "previous": current.previous_id,
            },
        )
        gone = int(cursor.rowcount)
        expect_few_rows(cursor)
        return gone


def name_warnings(display_name: str, as_of: date) -> list[dict[str, Any]]:
    """IH10: a date or week in the file's name that is not the as-of date stated."""
    for match in NAMED_DATE.finditer(display_name):
        year, month, day = (int(part) for part in (match.groups()[:3] if match[1] else reversed(match.groups()[3:])))
        if (year, month, day) != (as_of.year, as_of.month, as_of.day):
            return [_name_warning(as_of)]
        return []
    if (week := NAMED_WEEK.search(display_name)) and int(week[1]) != as_of.isocalendar().week:
        return [_name_warning(as_of)]
    return []


def _name_warning(as_of: date) -> dict[str, Any]:
    text = _("Filens navn passer ikke til datoen %(as_of)s. Kontrollér, at det er den rigtige fil.")
    return {"code": "name_differs", "message": text % {"as_of": f"{as_of:%d.%m.%Y}"}}
