"""Citizens, follow-ups, history and calls row by row, for the tests of the keys between them."""

from contextlib import AbstractContextManager

from django.db import connection

from campaigns.models import CallTask
from outreach.access.actor import Actor
from outreach.access.data_context import job_context
from registry.models import FollowUp, FollowUpChange, Programme

from .geography import ISHOEJ
from .registry import NOON

ABSENT = 2_000_000_000


def place(*municipalities: int) -> AbstractContextManager[Actor]:
    """A transaction that sees these municipalities, or Ishøj."""
    return job_context("prøve", municipalities or [ISHOEJ])


def unwritten(citizen_id: int, *, municipality: int = ISHOEJ) -> FollowUp:
    """An open follow-up, not saved."""
    return FollowUp(
        municipality_id=municipality,
        citizen_id=citizen_id,
        programme=Programme.objects.get(code="covid-19"),
        opened_at=NOON,
        next_step_kind="wait",
        next_step_at=NOON,
        next_step_reason="to_be_planned",
        updated_at=NOON,
    )


def follow_up(citizen_id: int, *, municipality: int = ISHOEJ) -> FollowUp:
    """The same, saved."""
    written = unwritten(citizen_id, municipality=municipality)
    written.save()
    return written


def change(follow_up_id: int, *, municipality: int = ISHOEJ) -> FollowUpChange:
    """One line of a follow-up's history."""
    return FollowUpChange.objects.create(
        municipality_id=municipality, follow_up_id=follow_up_id, kind="opened", at=NOON, by_name="prøve"
    )


def call(citizen_id: int, *, municipality: int = ISHOEJ) -> CallTask:
    """A call to be made."""
    return CallTask.objects.create(
        municipality_id=municipality, citizen_id=citizen_id, household_key="prøvevej 1", due_at=NOON, created_at=NOON
    )


def delete_row(table: str, pk: int) -> None:
    """Delete without the cascade that Django would make."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [pk])
