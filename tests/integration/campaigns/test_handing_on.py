"""A team lead gives calls to somebody, frees them, takes them over, several at once, and undoes it (K4)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.models import CallTask, CallTaskState
from campaigns.services.calls import (
    assign_all,
    claim,
    claim_next,
    release_all,
    take_over_all,
    undo_handing_on,
)
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.access.roles import Role
from outreach.audit.models import Action
from outreach.errors import UserError
from tests.factories.campaigns import NOW, caller
from tests.factories.contact_pages import citizen, logged, records, waiting_citizen
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Actor:
    return caller("leder", role=Role.TEAM_LEAD)


def _user(by: Actor) -> User:
    return User.objects.get(pk=by.user_id)


def _tasks(number: int) -> list[CallTask]:
    with records():
        return [waiting_citizen(f"Bo {each}") for each in range(number)]


def _standing(tasks: list[CallTask]) -> list[tuple[Any, Any, Any]]:
    with records():
        return list(
            CallTask.objects.filter(pk__in=[task.pk for task in tasks])
            .order_by("pk")
            .values_list("state", "assigned_to", "claimed_by")
        )


def test_several_calls_are_given_to_a_colleague_and_back(lead: Actor) -> None:
    mette, bo, tasks = caller("mette"), caller("bo"), _tasks(3)
    with data_context(bo):
        claim(by=bo, task=tasks[0], now=NOW)
    before = _standing(tasks)
    with data_context(lead):
        given = assign_all(by=lead, task_ids=[task.pk for task in tasks], to_user=_user(mette), now=NOW)
        assert (given.changed, given.left) == (3, 0)
    assert _standing(tasks) == [("open", mette.user_id, None)] * 3
    with data_context(lead):
        undone = undo_handing_on(by=lead, batch=given.batch, now=NOW + timedelta(seconds=20))
        assert (undone.changed, undone.left) == (3, 0)
    assert _standing(tasks) == before
    with data_context(lead):
        assert undo_handing_on(by=lead, batch=given.batch, now=NOW + timedelta(seconds=21)).changed == 0


def test_what_ended_meanwhile_is_left_alone(lead: Actor) -> None:
    mette, tasks = caller("mette"), _tasks(2)
    with data_context(lead):
        CallTask.objects.filter(pk=tasks[0].pk).update(state=CallTaskState.DONE)
        given = assign_all(by=lead, task_ids=[task.pk for task in tasks], to_user=_user(mette), now=NOW)
        assert (given.changed, given.left) == (1, 1)


def test_a_call_that_was_moved_again_or_answered_is_not_put_back(lead: Actor) -> None:
    mette, bo, tasks = caller("mette"), caller("bo"), _tasks(3)
    with data_context(lead):
        given = assign_all(by=lead, task_ids=[task.pk for task in tasks], to_user=_user(mette), now=NOW)
        assign_all(by=lead, task_ids=[tasks[0].pk], to_user=_user(bo), now=NOW)
        CallTask.objects.filter(pk=tasks[1].pk).update(state=CallTaskState.DONE)
        undone = undo_handing_on(by=lead, batch=given.batch, now=NOW)
        assert (undone.changed, undone.left) == (1, 2)
    assert _standing(tasks) == [("open", bo.user_id, None), ("done", mette.user_id, None), ("open", None, None)]


def test_releasing_frees_claims_and_reservations(lead: Actor) -> None:
    mette, tasks = caller("mette"), _tasks(2)
    with data_context(mette):
        claim(by=mette, task=tasks[0], now=NOW)
    with data_context(lead):
        CallTask.objects.filter(pk=tasks[1].pk).update(assigned_to=mette.user_id)
        assert release_all(by=lead, task_ids=[task.pk for task in tasks], now=NOW).changed == 2
    assert _standing(tasks) == [("open", None, None)] * 2


def test_taking_over_brings_the_calls_to_the_lead_one_after_another(lead: Actor) -> None:
    mette, tasks = caller("mette"), _tasks(3)
    with data_context(mette):
        claim(by=mette, task=tasks[1], now=NOW)
    with data_context(lead):
        take_over_all(by=lead, task_ids=[tasks[0].pk, tasks[1].pk], now=NOW)
        assert claim_next(by=lead, now=NOW) in tasks[:2]
    with data_context(mette):
        assert claim_next(by=mette, now=NOW) == tasks[2]


def test_an_ended_claim_is_not_given_back_when_the_household_has_a_new_caller(lead: Actor) -> None:
    mette, bo = caller("mette"), caller("bo")
    with records():
        first, second = waiting_citizen("Ane", household_key="vej 1"), waiting_citizen("Ib", household_key="vej 1")
    with data_context(mette):
        claim(by=mette, task=first, now=NOW)
    with data_context(lead):
        freed = release_all(by=lead, task_ids=[first.pk], now=NOW)
    with data_context(bo):
        claim(by=bo, task=second, now=NOW)
    with data_context(lead):
        assert undo_handing_on(by=lead, batch=freed.batch, now=NOW).changed == 1
    assert _standing([first, second]) == [("open", None, None), ("claimed", None, bo.user_id)]


def test_only_the_one_who_did_it_may_undo_it_and_not_for_long(lead: Actor) -> None:
    other, tasks = caller("leder-2", role=Role.TEAM_LEAD), _tasks(1)
    with data_context(lead):
        freed = release_all(by=lead, task_ids=[tasks[0].pk], now=NOW)
    with data_context(other), pytest.raises(UserError) as refused:
        undo_handing_on(by=other, batch=freed.batch, now=NOW)
    assert refused.value.code == "not_yours"
    with data_context(lead), pytest.raises(UserError) as refused:
        undo_handing_on(by=lead, batch=freed.batch, now=NOW + timedelta(minutes=3))
    assert refused.value.code == "too_late"


def test_strangers_callers_and_nothing_chosen_are_refused(lead: Actor) -> None:
    mette, stranger, tasks = caller("mette"), caller("liste", role=Role.LIST_ADMIN), _tasks(1)
    with data_context(lead):
        with pytest.raises(UserError) as refused:
            assign_all(by=lead, task_ids=[], to_user=None, now=NOW)
        assert refused.value.code == "none_chosen"
        with pytest.raises(UserError) as refused:
            assign_all(by=lead, task_ids=[tasks[0].pk], to_user=_user(stranger), now=NOW)
        assert refused.value.code == "not_a_caller"
    with data_context(mette), pytest.raises(PermissionDenied):
        release_all(by=mette, task_ids=[tasks[0].pk], now=NOW)
    with data_context(mette), pytest.raises(PermissionDenied):
        undo_handing_on(by=mette, batch=uuid4(), now=NOW)


def test_another_municipalitys_calls_are_not_touched(lead: Actor) -> None:
    with records(HOEJE_TAASTRUP):
        owner = citizen("Fremmed", code=HOEJE_TAASTRUP)
        foreign = CallTask.objects.create(
            municipality_id=HOEJE_TAASTRUP, citizen=owner, household_key="x", due_at=NOW, created_at=NOW
        )
    with data_context(lead):
        handed = release_all(by=lead, task_ids=[foreign.pk], now=NOW)
        assert (handed.changed, handed.left) == (0, 1)


def test_each_call_handed_on_is_logged(lead: Actor) -> None:
    tasks = _tasks(2)
    with data_context(lead):
        release_all(by=lead, task_ids=[task.pk for task in tasks], now=NOW)
    assert {event.subject_id for event in logged(Action.CHANGE)} == {str(task.citizen_id) for task in tasks}
