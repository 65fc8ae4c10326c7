"""The timeline, the queue's figures and the deadlines, counted by hand."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import CallTask
from campaigns.selectors.deadlines import breaches
from campaigns.selectors.lookups import waiting
from campaigns.selectors.queue import counts, deadlines, progress_today
from campaigns.selectors.timeline import timeline
from campaigns.services.answers import record_answer, undo_answer
from campaigns.services.lookups import nothing_found, number_found
from campaigns.services.planning import plan
from outreach.access.data_context import data_context
from registry.models import Citizen, FollowUpChange, PhoneKind
from tests.factories.campaigns import NOW, caller, fresh, unplanned
from tests.factories.contact_pages import call_task, citizen, follow_up, records

pytestmark = pytest.mark.django_db


def test_the_timeline_merges_everything_newest_first() -> None:
    with records() as by:
        each = fresh(invited_on=date(2021, 3, 22))
        FollowUpChange.objects.create(
            municipality_id=183, follow_up=each, kind="seen_again", at=NOW, by_name="Lise", week=3
        )
        plan(by=by, now=NOW)
        nothing_found(by=by, citizen=each.citizen, now=NOW + timedelta(hours=1), places=["care"])
        record_answer(
            by=by,
            citizen=each.citizen,
            outcome="undecided",
            barrier="distrust",
            spoke_with="relative",
            note="Spørger sin datter",
            now=NOW + timedelta(hours=2),
        )
        entries = timeline(each.citizen)
        assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)
        texts = [entry.text for entry in entries]
        assert "Opkald: I tvivl (Mistillid, myter eller bivirkninger)" in texts
        assert "Stadig på listen, 3. uge" in texts
        assert {
            "Inviteret af SSI",
            "Påmindelsesbrev fra SSI",
            "Intet telefonnummer fundet. Ledt her: hjemmepleje eller bosted",
            "Sms: Annulleret",
        } <= {*texts}
        said = next(entry for entry in entries if entry.kind == "call")
        assert said.detail == "Talte med: pårørende. Spørger sin datter"
        reminder = next(entry for entry in entries if entry.kind == "reminder")
        assert reminder.at.date() == date(2021, 4, 19)
        assert all(entry.at <= NOW for entry in timeline(each.citizen, until=NOW))


def test_the_timeline_takes_the_same_queries_however_long_it_is() -> None:
    with records() as by:
        each = fresh()
        record_answer(by=by, citizen=each.citizen, outcome="undecided", now=NOW)
        with CaptureQueriesContext(connection) as short:
            timeline(each.citizen)
        for hour in range(1, 8):
            record_answer(by=by, citizen=each.citizen, outcome="no_answer", now=NOW + timedelta(hours=hour))
        with CaptureQueriesContext(connection) as long:
            timeline(each.citizen)
    assert len(short) == len(long)


def test_an_undone_answer_stays_on_the_timeline_as_such() -> None:
    by = caller()
    with data_context(by):
        each = fresh()
        attempt = record_answer(by=by, citizen=each.citizen, outcome="declined", now=NOW)
        undo_answer(by=by, attempt=attempt, now=NOW)
        assert "Fortrudt: Opkald: Ønsker ikke" in [entry.text for entry in timeline(each.citizen)]


def _tasks() -> None:
    for due, deadline, agreed in [
        (NOW, date(2021, 4, 20), False),
        (NOW - timedelta(days=1), date(2021, 4, 21), False),
        (NOW - timedelta(days=1), date(2021, 4, 19), False),
        (NOW + timedelta(hours=2), date(2021, 4, 20), True),
        (NOW + timedelta(days=2), None, True),
    ]:
        owner = citizen()
        follow_up(owner)
        call_task(owner, due_at=due, deadline=deadline, agreed_time=agreed)


def test_the_queue_in_figures() -> None:
    by = caller()
    with data_context(by):
        _tasks()
        found = counts(by, NOW)
        assert (found.due, found.later, found.claimed, found.agreed) == (3, 2, 0, 1)
        assert (found.deadline_today, found.deadline_tomorrow, found.overdue) == (1, 1, 1)
        assert CallTask.objects.visible_to(by).waiting().count() == 5
        record_answer(by=by, citizen=citizen_with_call(), outcome="no_answer", now=NOW)
        record_answer(by=by, citizen=citizen_with_call(), outcome="declined", now=NOW)
        made = progress_today(by, NOW)
        assert (made.mine, made.reached, made.everybody) == (2, 1, 2)


def citizen_with_call() -> Citizen:
    """Somebody with an open follow-up."""
    return fresh().citizen


@pytest.mark.parametrize(
    ("changes", "over"),
    [
        ({"first_contact_due": date(2021, 4, 19)}, True),
        ({"first_contact_due": date(2021, 4, 20)}, False),
        ({"first_contact_at": NOW, "first_contact_due": date(2021, 4, 1), "answer_due": date(2021, 4, 20)}, False),
        ({"first_contact_at": NOW, "answer_due": date(2021, 4, 19)}, True),
        ({"first_contact_at": NOW, "answer_due": date(2021, 4, 19), "outcome": "no_answer"}, True),
        ({"first_contact_at": NOW, "answer_due": date(2021, 4, 19), "outcome": "undecided"}, False),
        ({"first_contact_at": NOW, "answer_due": date(2021, 4, 19), "next_step_reason": "attempts_done"}, False),
    ],
)
def test_breaches(changes: dict[str, object], over: bool) -> None:
    with records() as by:
        follow_up(citizen(), **changes)
        assert breaches(by, NOW).exists() is over


def test_deadlines_keep_voluntary_groups_apart() -> None:
    with records() as by:
        follow_up(citizen(), first_contact_due=date(2021, 4, 1))
        follow_up(citizen(), first_contact_due=date(2021, 4, 1), mandatory=False)
        follow_up(citizen(), first_contact_due=date(2021, 4, 20))
        follow_up(citizen(), first_contact_due=date(2021, 4, 21))
        found = deadlines(by, NOW)
        assert (found.breaches_mandatory, found.breaches_voluntary) == (1, 1)
        assert (found.due_today, found.due_tomorrow) == (1, 1)


def test_who_waits_for_a_number() -> None:
    with records() as by:
        each = unplanned(citizen())
        plan(by=by, now=NOW)
        assert list(waiting(by)) == [each]
        number_found(by=by, citizen=each.citizen, number="20123456", kind=PhoneKind.MOBILE, now=NOW)
        assert not waiting(by).exists()
        assert "Telefonnummer fundet" in [entry.text for entry in timeline(each.citizen)]
