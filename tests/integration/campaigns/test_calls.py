"""K4: one caller per task and per household, by urgency, language and assignment; with real threads."""

import threading
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from campaigns.models import CallTask
from campaigns.services.calls import assign, claim, claim_next, release, take_over
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.access.roles import Role
from outreach.errors import UserError
from tests.factories.campaigns import NOW, caller
from tests.factories.contact_pages import call_task, citizen, follow_up, records, waiting_citizen

LATER = NOW + timedelta(minutes=31)


def _task(name: str = "Bo Prøve", household: str = "", **changes: Any) -> CallTask:
    owner = citizen(name, household_key=household)
    follow_up(owner)
    return call_task(owner, **changes)


@pytest.mark.django_db
def test_the_most_urgent_comes_first() -> None:
    by = caller()
    with data_context(by):
        voluntary = _task(priority=2, deadline=date(2021, 4, 1))
        mandatory_late = _task(priority=1, deadline=date(2021, 4, 22))
        mandatory_soon = _task(priority=1, deadline=date(2021, 4, 21))
        agreed = _task(priority=0, agreed_time=True, deadline=date(2021, 5, 1))
        _task(priority=0, agreed_time=True, due_at=NOW + timedelta(minutes=1))
        order = []
        while task := claim_next(by=by, now=NOW):
            order.append(task.pk)
            CallTask.objects.filter(pk=task.pk).update(state="done", claimed_until=None)
        assert order == [agreed.pk, mandatory_soon.pk, mandatory_late.pk, voluntary.pk]


@pytest.mark.django_db
def test_a_caller_who_has_one_gets_the_same_again_until_it_expires() -> None:
    mette, bo = caller("mette"), caller("bo")
    with data_context(mette):
        _task()
        first = claim_next(by=mette, now=NOW)
        assert claim_next(by=mette, now=NOW + timedelta(minutes=29)) == first
    with data_context(bo):
        assert claim_next(by=bo, now=NOW) is None
        again = claim_next(by=bo, now=LATER)
        assert (again, again.claimed_by_id) == (first, bo.user_id)


@pytest.mark.django_db
def test_two_callers_never_ring_one_household() -> None:
    mette, bo = caller("mette"), caller("bo")
    with data_context(mette):
        _task("Ane", household="vej 1")
        other = _task("Ib", household="vej 1")
        neighbour = _task("Per", household="vej 2", deadline=date(2021, 6, 1))
        assert claim_next(by=mette, now=NOW).household_key == "vej 1"
    with data_context(bo):
        assert claim_next(by=bo, now=NOW) == neighbour
        with pytest.raises(UserError) as refused:
            claim(by=bo, task=other, now=NOW)
        assert refused.value.code == "household_claimed"


@pytest.mark.django_db
def test_callers_get_their_languages_and_nobody_is_left_uncalled() -> None:
    danish, somali = caller("dansk"), caller("somali", languages=["so"])
    with data_context(somali):
        foreign = _task(language="so", deadline=date(2021, 6, 1))
        plain = _task(language="da", deadline=date(2021, 4, 1))
        assert claim_next(by=somali, now=NOW) == foreign
        release(by=somali, task=foreign, now=NOW)
    with data_context(danish):
        assert claim_next(by=danish, now=NOW) == plain
        CallTask.objects.filter(pk=plain.pk).update(state="done", claimed_until=None)
        assert claim_next(by=danish, now=NOW, language="ur") is None
        assert claim_next(by=danish, now=NOW) == foreign


@pytest.mark.django_db
def test_assigned_calls_go_to_their_caller_first_and_to_nobody_else() -> None:
    lead = caller("leder", role=Role.TEAM_LEAD)
    mette, bo = caller("mette"), caller("bo")
    with data_context(lead):
        mine, other = _task(deadline=date(2021, 6, 1)), _task(deadline=date(2021, 4, 1))
        assign(by=lead, task=mine, to_user=User.objects.get(pk=mette.user_id), now=NOW)
    with data_context(bo):
        assert claim_next(by=bo, now=NOW) == other
        CallTask.objects.filter(pk=other.pk).update(state="done", claimed_until=None)
        assert claim_next(by=bo, now=NOW) is None
    with data_context(mette):
        assert claim_next(by=mette, now=NOW) == mine


@pytest.mark.django_db
def test_a_lead_releases_takes_over_and_cannot_assign_to_strangers() -> None:
    lead, mette = caller("leder", role=Role.TEAM_LEAD), caller("mette")
    stranger = caller("region", role=Role.LIST_ADMIN)
    with data_context(mette):
        task = _task()
        claim_next(by=mette, now=NOW)
    with data_context(lead):
        assert take_over(by=lead, task=task, now=NOW).claimed_by_id == lead.user_id
        assert release(by=lead, task=task, now=NOW).state == "open"
        with pytest.raises(UserError) as refused:
            assign(by=lead, task=task, to_user=User.objects.get(pk=stranger.user_id), now=NOW)
        assert refused.value.code == "not_a_caller"
    with data_context(mette), pytest.raises(PermissionDenied):
        take_over(by=mette, task=task, now=NOW)


@pytest.mark.django_db
def test_nobody_is_called_without_an_open_follow_up() -> None:
    by = caller()
    with data_context(by):
        call_task(citizen())
        assert claim_next(by=by, now=NOW) is None


def _callers_at_once(callers: list[Actor], tasks_each: int) -> list[tuple[int, int]]:
    """Everybody starts at the same moment and takes tasks; (user, task) pairs come back."""
    barrier, taken, faults = threading.Barrier(len(callers)), [], []

    def work(by: Actor) -> None:
        try:
            barrier.wait()
            for _turn in range(tasks_each):
                with data_context(by):
                    task = claim_next(by=by, now=NOW)
                if task is None:
                    return
                taken.append((by.user_id, task.pk))
                with data_context(by):
                    CallTask.objects.filter(pk=task.pk).update(state="done", claimed_until=None)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(by,)) for by in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    return taken


@pytest.mark.django_db(transaction=True)
def test_twenty_callers_take_two_hundred_tasks_and_none_twice() -> None:
    callers = [caller(f"ringer-{number}") for number in range(20)]
    with records():
        for number in range(200):
            waiting_citizen(f"Bo {number}")
    taken = _callers_at_once(callers, tasks_each=15)
    assert max(Counter(task for _user, task in taken).values()) == 1
    assert len(taken) == 200


@pytest.mark.django_db(transaction=True)
def test_twenty_callers_and_one_household() -> None:
    callers = [caller(f"ringer-{number}") for number in range(20)]
    with records():
        for number in range(20):
            _task(f"Bo {number}", household="samme vej 1")
    barrier, claimed = threading.Barrier(20), []

    def work(by: Actor) -> None:
        try:
            barrier.wait()
            with data_context(by):
                if claim_next(by=by, now=NOW) is not None:
                    claimed.append(by.user_id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(by,)) for by in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == 1
