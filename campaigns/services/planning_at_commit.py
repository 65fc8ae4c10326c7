"""The first step of follow-ups that a commit is about to make, by the planner's own rule; 1 M in seconds."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from registry.models import NonresponderList

from ..sending_window import COPENHAGEN
from .planning import calendar, rule_parameters, sql


def write_first_steps(nonresponder_list: NonresponderList, *, answer_due: date, now: datetime) -> None:
    """Fill `first_steps` for the rows of `committing` that open a follow-up.

    Left out, for the planner to see afterwards: citizens with another open follow-up (their steps depend on each
    other), those who are not to be contacted, and those for whom a look-up was tried at this very moment.
    """
    today = now.astimezone(COPENHAGEN).date()
    parameters = rule_parameters(now) | {
        "municipality": nonresponder_list.municipality_id,
        "programme": nonresponder_list.programme_id,
        "answer_due": answer_due,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            sql("calendar", "plan_policies", "plan_fresh_facts", "plan_steps", "write_first_steps"),
            parameters | calendar(min(today, answer_due), max(today, answer_due)),
        )
