"""K1 in the database: one next step each, call tasks in step with them, messages queued once; twice = unchanged."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import CallTask, OptOut, SmsMessage
from campaigns.services.planning import plan
from registry.models import FollowUp, FollowUpChange
from registry.signals import list_committed
from tests.factories.campaigns import NOW, contact_point, fresh, step, unplanned
from tests.factories.contact_pages import citizen, phone, records, relative
from tests.factories.world import make_list

pytestmark = pytest.mark.django_db


def test_a_fresh_follow_up_gets_a_message_at_once_and_a_call_two_working_days_later() -> None:
    contact_point()
    with records() as by:
        each = fresh("Søren Ærø")
        result = plan(by=by, now=NOW)
        assert (result.open, result.planned, result.unchanged, result.queued_messages) == (1, 1, 0, 1)
        assert step(each) == ("sms", "first_contact")
        message = SmsMessage.objects.get()
        assert message.body.startswith(
            "Hej Søren. Ishøj Kommune vil gerne i kontakt med dig. Ring til os på 43 57 75 75"
        )
        assert (message.encoding, message.segments, message.not_before) == ("GSM-7", 2, NOW)


def test_without_a_number_to_call_the_message_asks_for_a_reply() -> None:
    with records() as by:
        fresh()
        plan(by=by, now=NOW)
        assert "Svar RING" in SmsMessage.objects.get().body


def test_planning_twice_changes_nothing() -> None:
    with records() as by:
        for number in range(5):
            fresh(f"Bo {number} Prøve")
        unplanned(citizen("Uden Nummer"))
        landline = citizen("Kun Fastnet")
        phone(landline, "+4543577575", kind="landline")
        unplanned(landline)
        first = plan(by=by, now=NOW)
        rows = list(FollowUp.objects.order_by("id").values())
        tasks = list(CallTask.objects.order_by("id").values())
        second = plan(by=by, now=NOW)
        assert (first.planned, first.unchanged) == (7, 0)
        assert (second.planned, second.unchanged, second.queued_messages) == (0, 7, 0)
        assert list(FollowUp.objects.order_by("id").values()) == rows
        assert list(CallTask.objects.order_by("id").values()) == tasks
        assert SmsMessage.objects.count() == 5


def test_the_number_of_queries_does_not_grow_with_the_follow_ups() -> None:
    with records() as by:
        fresh()
        with CaptureQueriesContext(connection) as few:
            plan(by=by, now=NOW)
        for number in range(20):
            fresh(f"Bo {number} Prøve")
        with CaptureQueriesContext(connection) as many:
            plan(by=by, now=NOW)
    assert len(many) <= len(few)


def test_call_tasks_match_the_steps_and_carry_priority_deadline_and_language() -> None:
    with records() as by:
        owner = citizen("Amina Prøve", language="so", needs_interpreter=True, household_key="vej 1")
        phone(owner, kind="landline")
        unplanned(owner, mandatory=False, first_contact_due=date(2021, 4, 27))
        unplanned(owner, "influenza", mandatory=True, first_contact_due=date(2021, 4, 23))
        plan(by=by, now=NOW)
        task = CallTask.objects.get()
        assert (task.priority, task.deadline, task.language) == (1, date(2021, 4, 23), "so")
        assert (task.household_key, task.due_at) == ("vej 1", datetime(2021, 4, 21, 8, tzinfo=UTC))


def test_a_citizen_who_is_not_to_be_called_any_more_loses_the_task() -> None:
    with records() as by:
        owner = citizen()
        phone(owner, kind="landline")
        each = unplanned(owner)
        plan(by=by, now=NOW)
        assert CallTask.objects.get().state == "open"
        owner.status = "deceased"
        owner.save()
        plan(by=by, now=NOW)
        each.refresh_from_db()
        assert (each.status, each.closed_reason, CallTask.objects.get().state) == ("closed", "status", "cancelled")
        assert FollowUpChange.objects.get(follow_up=each).reason == "status"


def test_opted_out_and_wrong_numbers_lead_on() -> None:
    with records() as by:
        stopped = fresh("Stoppet Prøve")
        number = stopped.citizen.phones.get()
        OptOut.objects.create(municipality_id=183, number_index=number.number_index, since=NOW, source="reply")
        wrong = fresh("Forkert Prøve")
        wrong.citizen.phones.update(wrong_since=NOW)
        plan(by=by, now=NOW)
        assert step(stopped) == ("call", "sms_opted_out")
        assert step(wrong) == ("lookup", "no_phone")
        assert not SmsMessage.objects.exists()


def test_children_are_never_messaged_and_their_custody_holder_is_called() -> None:
    with records() as by:
        child = citizen("Barn Prøve", birth_date=date(2010, 1, 1))
        phone(child)
        each = unplanned(child)
        plan(by=by, now=NOW)
        assert step(each) == ("lookup", "no_custody_holder_phone")
        relative(child, "custody_holder")
        plan(by=by, now=NOW)
        assert step(each) == ("call", "custody_holder")
        assert not SmsMessage.objects.exists()


def test_a_queued_message_is_cancelled_when_its_step_is_gone() -> None:
    with records() as by:
        each = fresh()
        plan(by=by, now=NOW)
        each.citizen.do_not_contact_since = NOW
        each.citizen.save()
        plan(by=by, now=NOW)
        message = SmsMessage.objects.get()
        assert (message.status, message.status_reason) == ("cancelled", "no_longer_due")
        assert [change.status for change in message.changes.all()] == ["queued", "cancelled"]


def test_one_message_serves_all_programmes() -> None:
    with records() as by:
        each = fresh()
        unplanned(each.citizen, "influenza")
        plan(by=by, now=NOW)
        assert SmsMessage.objects.count() == 1


def test_declined_rest_and_are_asked_again_while_still_on_the_newest_list() -> None:
    with records() as by:
        old = make_list(citizen().municipality, NOW, state="committed", as_of=date(2021, 4, 13), groups_covered=["7"])
        new = make_list(citizen().municipality, NOW, state="committed", as_of=date(2021, 4, 20), groups_covered=["7"])
        closed = {
            "status": "closed",
            "closed_reason": "declined",
            "closed_at": NOW,
            "reopen_on": date(2021, 4, 20),
            "next_step_kind": "",
            "next_step_at": None,
            "next_step_reason": "",
            "outcome": "declined",
        }
        listed = fresh("På Listen", last_list=new, **closed)
        gone = fresh("Ikke Mere", last_list=old, **closed)
        later = fresh("Endnu Ikke", last_list=new, **closed | {"reopen_on": date(2021, 4, 21)})
        plan(by=by, now=NOW)
        for each in (listed, gone, later):
            each.refresh_from_db()
        assert (listed.status, listed.next_step_kind, listed.reopen_on) == ("open", "sms", None)
        # 5 and 15 working days from Tuesday 20 April 2021; Store bededag and Ascension Day do not count.
        assert (listed.first_contact_due, listed.answer_due) == (date(2021, 4, 27), date(2021, 5, 12))
        assert (gone.status, later.status) == ("closed", "closed")


def test_breaches_count_mandatory_groups_only() -> None:
    with records() as by:
        fresh("Pligt", first_contact_due=date(2021, 4, 19))
        fresh("Frivillig", first_contact_due=date(2021, 4, 19), mandatory=False)
        fresh("I Tide", first_contact_due=date(2021, 4, 20))
        assert plan(by=by, now=NOW).breaches == 1


def test_a_committed_list_has_its_steps_in_the_same_transaction() -> None:
    with records() as by:
        listed = make_list(citizen().municipality, NOW, state="committed")
        on_list, other = fresh("På Listen", last_list=listed), fresh("En Anden")
        list_committed.send(sender=None, nonresponder_list_id=listed.pk, municipality_id=183, now=NOW, by=by)
        assert step(on_list)[0] == "sms"
        assert step(other) == ("wait", "to_be_planned")


def test_only_the_named_citizens_are_planned() -> None:
    with records() as by:
        one, other = fresh("Den Ene"), fresh("Den Anden")
        assert plan(by=by, now=NOW, citizen_ids=[one.citizen_id]).open == 1
        assert step(other) == ("wait", "to_be_planned")


def test_the_wait_after_all_attempts_closes_in_the_end() -> None:
    with records() as by:
        each = fresh(sms_sent=1, call_attempts=3, letters_sent=1, last_contact_at=NOW, answer_due=date(2021, 4, 21))
        plan(by=by, now=NOW)
        assert step(each) == ("wait", "attempts_done")
        plan(by=by, now=NOW + timedelta(days=10))
        each.refresh_from_db()
        assert (each.status, each.closed_reason) == ("closed", "attempts_documented")


def test_a_mobile_that_takes_no_messages_is_struck_out_and_the_plan_goes_on() -> None:
    with records() as by:
        owner = citizen()
        phone(owner, "+4590123456")
        each = unplanned(owner)
        plan(by=by, now=NOW)
        assert step(each) == ("lookup", "no_phone")
        assert owner.phones.get().wrong_since == NOW
