"""K4: promises come exactly then and to whoever made them; retries come last, and at another time of day."""

from datetime import date, timedelta
from typing import Any

import pytest

from campaigns.models import CallTask, CallTaskState, ContactAttempt, TriedPart
from campaigns.services.answers import record_answer
from campaigns.services.calls import assign, claim, claim_next
from campaigns.services.planning import plan
from outreach.access.actor import Actor, system_actor
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.access.roles import Role
from registry.models import FollowUp
from tests.factories.campaigns import NOW, caller
from tests.factories.contact_pages import call_task, citizen, follow_up, phone
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db
# 11.20 in Copenhagen: the morning.
SOON = timedelta(minutes=2)


def _task(name: str = "Bo Prøve", household: str = "", **changes: Any) -> CallTask:
    owner = citizen(name, household_key=household)
    follow_up(owner)
    return call_task(owner, **changes)


def _promise(by: Actor, **changes: Any) -> CallTask:
    return _task(**{"priority": 0, "agreed_time": True, "promised_by_user_id": by.user_id, "due_at": NOW} | changes)


def _works(by: Actor, minutes_ago: int) -> None:
    """The caller has finished a call so long ago."""
    ContactAttempt.objects.create(
        municipality_id=ISHOEJ,
        citizen=citizen("En anden"),
        kind="call",
        at=NOW - timedelta(minutes=minutes_ago),
        by_user_id=by.user_id,
        by_name=by.name,
    )


def _order(by: Actor, now: Any = NOW) -> list[int]:
    """The tasks in the order in which the caller gets them."""
    found = []
    while task := claim_next(by=by, now=now):
        found.append(task.pk)
        CallTask.objects.filter(pk=task.pk).update(state="done", claimed_until=None)
    return found


def test_retries_come_after_the_untried_of_their_group_unless_their_deadline_presses() -> None:
    by = caller()
    with data_context(by):
        today, tomorrow, next_week = date(2021, 4, 20), date(2021, 4, 21), date(2021, 4, 27)
        retry_tomorrow = _task(attempts=1, tried_part=TriedPart.EVENING, deadline=tomorrow)
        untried_next_week = _task(deadline=next_week)
        untried_without_deadline = _task(deadline=None)
        retry_overdue = _task(attempts=2, tried_part=TriedPart.AFTERNOON, deadline=date(2021, 4, 16))
        untried_today = _task(deadline=today)
        voluntary_today = _task(priority=2, deadline=today)
        expected = [
            untried_today, retry_overdue, untried_next_week, untried_without_deadline, retry_tomorrow, voluntary_today,
        ]  # fmt: skip
        assert _order(by) == [task.pk for task in expected]


def test_who_did_not_answer_in_the_morning_is_not_tried_in_the_morning_while_others_wait() -> None:
    by = caller()
    with data_context(by):
        morning = _task(attempts=1, tried_part=TriedPart.MORNING, deadline=date(2021, 4, 22))
        evening = _task(attempts=1, tried_part=TriedPart.EVENING, deadline=date(2021, 4, 29))
        afternoon = _task(attempts=1, tried_part=TriedPart.AFTERNOON, deadline=date(2021, 4, 28))
        assert _order(by) == [afternoon.pk, evening.pk, morning.pk]


def test_a_promise_comes_exactly_then_and_before_everything() -> None:
    by = caller()
    with data_context(by):
        overdue = _task(deadline=date(2021, 4, 1))
        assign(by=caller("leder", role=Role.TEAM_LEAD), task=overdue, to_user=_user(by), now=NOW)
        promise = _promise(by, deadline=date(2021, 6, 1), due_at=NOW + timedelta(minutes=1))
        assert claim_next(by=by, now=NOW) == overdue
        CallTask.objects.filter(pk=overdue.pk).update(state="done", claimed_until=None)
        assert claim_next(by=by, now=NOW) is None
        assert claim_next(by=by, now=NOW + timedelta(minutes=1)) == promise


def test_a_promise_waits_five_minutes_for_whoever_made_it_and_is_at_work() -> None:
    mette, bo = caller("mette"), caller("bo")
    with data_context(bo):
        _works(mette, minutes_ago=40)
        promise, other = _promise(mette), _task()
        assert claim_next(by=bo, now=NOW + SOON) == other
        CallTask.objects.filter(pk=other.pk).update(state="done", claimed_until=None)
        assert claim_next(by=bo, now=NOW + timedelta(minutes=5)) == promise
        CallTask.objects.update(state="open", claimed_by=None, claimed_until=None)
    with data_context(mette):
        assert claim_next(by=mette, now=NOW + SOON) == promise


def test_somebody_on_the_telephone_is_at_work() -> None:
    mette, bo = caller("mette"), caller("bo")
    with data_context(mette):
        call, promise = _task(), _promise(mette)
        claim(by=mette, task=call, now=NOW)
    with data_context(bo):
        assert claim_next(by=bo, now=NOW + SOON) is None
        assert claim_next(by=bo, now=NOW + timedelta(minutes=5)) == promise


def test_a_promise_of_somebody_who_went_home_is_kept_by_whoever_is_there() -> None:
    mette, bo = caller("mette"), caller("bo")
    with data_context(bo):
        _works(mette, minutes_ago=46)
        promise = _promise(mette)
        assert claim_next(by=bo, now=NOW) == promise


def test_a_promise_given_to_a_colleague_is_the_colleagues() -> None:
    mette, bo, per = caller("mette"), caller("bo"), caller("per")
    with data_context(per):
        _works(mette, minutes_ago=1)
        _works(bo, minutes_ago=1)
        promise = _promise(mette, assigned_to_id=bo.user_id)
        assert claim_next(by=per, now=NOW) is None
    with data_context(mette):
        assert claim_next(by=mette, now=NOW) is None
    with data_context(bo):
        assert claim_next(by=bo, now=NOW) == promise


def test_languages_nobody_speaks_come_last_in_their_group_and_by_deadline() -> None:
    by = caller("somali", languages=["so", "tr"])
    with data_context(by):
        urdu = _task(language="ur", deadline=date(2021, 4, 19))
        polish = _task(language="pl", deadline=date(2021, 4, 18))
        danish = _task(deadline=date(2021, 4, 30))
        turkish = _task(language="tr", deadline=date(2021, 4, 23))
        somali = _task(language="so", deadline=date(2021, 4, 24))
        assert _order(by) == [turkish.pk, somali.pk, danish.pk, polish.pk, urdu.pk]


def test_the_planner_writes_when_somebody_was_tried_and_who_promised() -> None:
    mette = caller("mette")
    with data_context(mette):
        silent, busy = citizen("Ane Stille"), citizen("Bo Senere")
        for owner, number in ((silent, "+4520000001"), (busy, "+4520000002")):
            phone(owner, number)
            follow_up(owner)
            call_task(owner)
        record_answer(by=mette, citizen=silent, outcome="no_answer", now=NOW)
        again = NOW + timedelta(hours=3)
        record_answer(by=mette, citizen=busy, outcome="call_back", call_back_at=again, now=NOW)
        waiting = {task.citizen_id: task for task in CallTask.objects.filter(state=CallTaskState.OPEN)}
        assert (waiting[silent.pk].tried_part, waiting[silent.pk].promised_by_user_id) == (TriedPart.MORNING, None)
        promised = waiting[busy.pk]
        assert (promised.agreed_time, promised.promised_by_user_id, promised.due_at) == (True, mette.user_id, again)
        before = list(CallTask.objects.order_by("pk").values())
    with data_context(system_actor("planner", [ISHOEJ])) as planner:
        plan(by=planner, now=NOW)
        assert list(CallTask.objects.order_by("pk").values()) == before


def test_a_call_whose_case_ended_is_dropped_and_the_next_one_taken() -> None:
    by = caller()
    with data_context(by):
        ended, wanted = _task(deadline=date(2021, 4, 1)), _task(deadline=date(2021, 4, 29))
        FollowUp.objects.filter(citizen=ended.citizen_id).delete()
        assert claim_next(by=by, now=NOW) == wanted
        ended.refresh_from_db()
        assert (ended.state, ended.closed_at) == (CallTaskState.CANCELLED, NOW)


def test_a_claim_that_ran_out_holds_neither_citizen_nor_household() -> None:
    mette, bo = caller("mette"), caller("bo")
    with data_context(mette):
        first, second = _task("Ane", household="vej 1"), _task("Ib", household="vej 1")
        claim(by=mette, task=first, now=NOW)
    with data_context(bo):
        assert claim(by=bo, task=second, now=NOW + timedelta(minutes=30)).claimed_by_id == bo.user_id
        first.refresh_from_db()
        assert first.state == CallTaskState.OPEN


def _user(by: Actor) -> User:
    return User.objects.get(pk=by.user_id)
