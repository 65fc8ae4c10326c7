"""Decide where a file and a hand-made edit disagree: ours or theirs, one by one or in bulk (ask before overwrite)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from outreach.access.actor import Actor

from ..citizen_fields import FIELD_COLUMNS
from ..models import Citizen, CitizenDifference, CitizenEdit, DifferenceState, EditedField


def theirs_of(difference: CitizenDifference) -> dict[str, Any]:
    """The file's columns with their own types: JSON knows no dates."""
    values = dict(difference.theirs)
    if until := values.get("protected_until"):
        values["protected_until"] = date.fromisoformat(until)
    return values


def settle_by_hand(*, by: Actor, citizen: Citizen, fields: Sequence[EditedField], now: datetime) -> int:
    """Close the differences that an edit made equal to the file; the field is then as the file has it."""
    settled = 0
    for difference in CitizenDifference.objects.filter(citizen=citizen, field__in=fields):
        field = EditedField(difference.field)
        theirs = theirs_of(difference)
        if field in FIELD_COLUMNS and all(getattr(citizen, name) == value for name, value in theirs.items()):
            _close(CitizenDifference.objects.filter(pk=difference.pk), DifferenceState.SAME, by, now)
            CitizenEdit.objects.filter(citizen=citizen, field=field).delete()
            settled += 1
    return settled


def _close(differences: QuerySet[CitizenDifference], state: DifferenceState, by: Actor, now: datetime) -> int:
    return differences.update(state=state, decided_by_name=by.name, decided_at=now)


__all__ = ["settle_by_hand", "theirs_of"]
