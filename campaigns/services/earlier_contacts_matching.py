"""Match a file's rows with the registry, and work out what they do to each follow-up: set-based (L8, C6)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Count
from django.utils.timezone import localdate

from registry.models import FollowUp, Municipality
from registry.selectors.reask import days_a_refusal_rests
from registry.sql import expect_few_rows, expect_many_rows

from ..models import AnswerWord, EarlierContactRow, EarlierContacts, PaddedNumbers
from ..outcomes import NOT_REACHED
from ..selectors.follow_up_facts import policy_for
from .earlier_contacts_gates import many_ended
from .earlier_contacts_rules import FINAL, TAKEN_UP, Answer, rule_of
from .earlier_contacts_sql import statement

# What matching finds, and finds anew when it runs again; other problems are of the cells.
DERIVED = [
    "leading_zero", "phone_ambiguous", "date_before_birth", "citizen_unknown", "answer_left_out", "answer_unknown",
    "contact_repeated", "contact_known",
]  # fmt: skip
ANSWERS = """
    SELECT DISTINCT programme_id, outcome, contacted_on
    FROM earlier_match
    WHERE problem_code = ''
    ORDER BY 1, 2, 3
"""
LOCK = """
    SELECT f.id
    FROM registry_followup AS f
    WHERE EXISTS (
        SELECT FROM earlier_match AS m
        WHERE m.problem_code = '' AND m.citizen_id = f.citizen_id AND m.programme_id = f.programme_id
    )
    ORDER BY f.id
    FOR UPDATE OF f
"""


def remembered_words(municipality: Municipality) -> dict[str, str]:
    """Word → outcome ("" = no contact), as people of the municipality said before."""
    return dict(AnswerWord.objects.filter(municipality=municipality).values_list("word", "outcome"))


def match_rows(file: EarlierContacts, *, now: datetime, lock: bool = False) -> None:
    """Fill `earlier_match`, `earlier_news` and `earlier_stopped` of this transaction; write on each row what was found.

    `file.counts` says how many rows have each effect or a problem, `file.gates` what a second person must
    look at. With `lock` nobody changes the follow-ups concerned until the transaction ends.
    """
    left_out = [word for word, outcome in remembered_words(file.municipality).items() if not outcome]
    with connection.cursor() as cursor:
        expect_many_rows(cursor, file.rows)
        parameters: dict[str, Any] = {
            "file": file.pk,
            "municipality": file.municipality_id,
            "derived": DERIVED,
            "left_out": left_out,
            "padded": file.padded == PaddedNumbers.CONFIRMED,
        }
        cursor.execute(statement("earlier_contacts_match"), parameters)
        if lock:
            cursor.execute(LOCK)
        rules = json.dumps(_rules(cursor, file, now), cls=DjangoJSONEncoder)
        cursor.execute(
            statement("earlier_contacts_news"),
            {
                "rules": rules,
                "now": now,
                "not_reached": sorted(NOT_REACHED),
                "final": sorted(FINAL),
                "taken_up": sorted(TAKEN_UP),
            },
        )
        cursor.execute(statement("earlier_contacts_tell"))
        file.gates = many_ended(cursor, file)
        expect_few_rows(cursor)
    file.counts = _counts(file)


def _rules(cursor: Any, file: EarlierContacts, now: datetime) -> list[dict[str, Any]]:
    """What each answer and day that occurs leads to."""
    cursor.execute(ANSWERS)
    answers = [Answer(*found) for found in cursor.fetchall()]
    programmes = {answer.programme_id for answer in answers}
    policies = {
        each: policy_for(FollowUp(programme_id=each, municipality_id=file.municipality_id)) for each in programmes
    }
    rests = {each: days_a_refusal_rests(each, file.municipality_id) for each in programmes}
    lines = (
        rule_of(
            answer,
            policy=policies[answer.programme_id],
            rest_days=rests[answer.programme_id],
            today=localdate(now),
        )
        for answer in answers
    )
    return [line for line in lines if line is not None]


def _counts(file: EarlierContacts) -> dict[str, int]:
    """Effect or "problem" → rows."""
    rows = EarlierContactRow.objects.filter(file=file)
    effects = rows.filter(problem_code="").values_list("effect").annotate(rows=Count("pk")).order_by()
    return dict(effects) | {"problem": rows.exclude(problem_code="").count()}
