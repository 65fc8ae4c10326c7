"""Whom a selection names and what a start would do with them; what has become of a started one (L9)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from outreach.access.actor import Actor

from ..models import Citizen, FollowUp, FollowUpStatus, Municipality, Selection
from ..sql import statement
from .reask import reask_rows
from .reference import mandatory_group_codes
from .selections_criteria import SERVICES, Criteria

# What a start does with a citizen, in the order people ask. The first two become follow-ups.
ACTS = ("open", "reopen", "followed", "answered", "declined", "status", "do_not_contact")
# Outcomes that are no answer; the same as campaigns.outcomes.NOT_REACHED, and in the statements of selections.
NO_ANSWER = ("", "no_answer", "voicemail", "busy", "wrong_number")


def selections_for(actor: Actor) -> QuerySet[Selection]:
    """The actor's selections, newest first."""
    return Selection.objects.visible_to(actor).select_related("programme", "municipality")


def select_people(selection: Selection, *, today: date) -> None:
    """Fill the temporary table `selected_people` (citizen_id, target_group, mandatory, follow_up_id, act)."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS selected_people, barring")
        parameters = _parameters(selection, today)
        cursor.execute(statement("barring"), parameters)
        cursor.execute(statement("selection_people"), parameters)


def preview_counts(selection: Selection, *, today: date) -> dict[str, int]:
    """How many a start would open, and how many it would leave and why: act → citizens."""
    select_people(selection, today=today)
    return selected_counts()


def selected_counts() -> dict[str, int]:
    """Counts of the acts in `selected_people`; 0 for those that do not occur."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT act, count(*) FROM selected_people GROUP BY act")
        found: dict[str, int] = dict(cursor.fetchall())
    return {act: found.get(act, 0) for act in ACTS}


def selected_citizens(actor: Actor, act: str, *, limit: int) -> list[Citizen]:
    """The first citizens of one act in `selected_people`, in Danish order of names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT citizen_id FROM selected_people WHERE act = %s", [act])
        ids = [citizen_id for (citizen_id,) in cursor.fetchall()]
    found = Citizen.objects.visible_to(actor).filter(pk__in=ids).select_related("parish")
    return list(found.order_by("sort_name", "id")[:limit])


def standing_of(selection: Selection) -> dict[str, int]:
    """Where the follow-ups of a started selection stand: all, open, contacted, answered, declined, listed."""
    answered = ~Q(outcome__in=NO_ANSWER)
    counts: dict[str, int] = FollowUp.objects.filter(selection=selection).aggregate(
        all=Count("pk"),
        open=Count("pk", filter=Q(status=FollowUpStatus.OPEN)),
        contacted=Count("pk", filter=Q(last_contact_at__gte=selection.started_at)),
        answered=Count("pk", filter=answered & Q(outcome_at__gte=selection.started_at)),
        declined=Count("pk", filter=Q(outcome="declined", outcome_at__gte=selection.started_at)),
        listed=Count("pk", filter=Q(last_list__isnull=False)),
    )
    return counts


def target_group_of(citizen: Citizen, programme_id: int, municipality: Municipality, on: date) -> str:
    """The earliest group one citizen belongs to on a day, by the same statement; empty for none (C7)."""
    selection = Selection(municipality=municipality, programme_id=programme_id, criteria=Criteria(age_on=on).stored())
    select_people(selection, today=on)
    with connection.cursor() as cursor:
        cursor.execute("SELECT target_group FROM selected_people WHERE citizen_id = %s", [citizen.pk])
        row = cursor.fetchone()
    return row[0] if row else ""


def _parameters(selection: Selection, today: date) -> dict[str, Any]:
    criteria = Criteria.from_stored(selection.criteria)
    return {
        "municipality": selection.municipality_id,
        "programme": selection.programme_id,
        "mandatory": mandatory_group_codes(selection.programme, today, selection.municipality_id),
        "today": today,
        "rules": json.dumps(reask_rows(selection.programme_id, selection.municipality_id)),
        "age_on": criteria.age_on,
        "born_by": criteria.born_by,
        "born_after": criteria.born_after,
        "institution": criteria.institution,
        "parishes": list(criteria.parishes),
        "streets": list(criteria.streets),
        "target_group": criteria.target_group,
        "language": criteria.language,
        **{name: getattr(criteria, name) for name in SERVICES},
    }
