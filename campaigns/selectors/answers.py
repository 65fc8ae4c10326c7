"""Answers that were saved a moment ago: so that a second click on "Gem" records nothing twice."""

from datetime import datetime, timedelta

from outreach.access.actor import Actor
from registry.models import Citizen

from ..models import ContactAttempt, ContactKind

SECOND_CLICK = timedelta(seconds=15)


def same_answer_just_saved(citizen: Citizen, outcome: str, *, by: Actor, now: datetime) -> ContactAttempt | None:
    """The person's own call-in answer of the same outcome within the last 15 seconds, or None.

    Locks the citizen for the transaction: the second of two simultaneous posts waits and then finds the first.
    """
    Citizen.objects.select_for_update().get(pk=citizen.pk)
    return ContactAttempt.objects.filter(
        citizen=citizen,
        kind=ContactKind.CALL_IN,
        by_user_id=by.user_id,
        at__gt=now - SECOND_CLICK,
        answers__outcome=outcome,
        undone_at=None,
    ).first()
