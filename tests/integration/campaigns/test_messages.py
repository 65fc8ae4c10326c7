"""S5: at most once, whatever dies. S4, S6, SS10: looked at again before it is sent."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from campaigns.models import ContactAttempt, ContactSettings, HealthDialogue, OptOut, SmsMessage
from campaigns.services.answers import record_answer
from campaigns.services.message_queue import queue_due_messages
from campaigns.services.messages import dispatch_due, sweep_in_doubt
from campaigns.services.messages.claiming import claim_batch
from campaigns.services.planning import plan
from outreach.access.models import Organisation, OrganisationKind, User
from outreach.messaging.gateways import GatewayInDoubt, GatewayRefused, GatewayRetryable, NumberFate
from outreach.messaging.models import OutboxMessage
from registry.models import FollowUp
from tests.factories.campaigns import NOW, CountingGateway, fresh, statuses, step
from tests.factories.contact_pages import phone, records

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ishoej() -> None:
    """The municipality uses the program."""
    Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=183, name="Ishøj Kommune")


def _queued(number: int = 1) -> list[FollowUp]:
    with records() as by:
        made = [fresh(f"Bo {each} Prøve") for each in range(number)]
        plan(by=by, now=NOW)
    return made


def test_a_message_is_sent_documented_and_followed_by_a_call() -> None:
    (each,) = _queued()
    assert dispatch_due(now=NOW) == {"sent": 1}
    with records():
        assert step(each) == ("call", "sms_unanswered")
        assert (each.sms_sent, each.first_contact_at, each.last_contact_at) == (1, NOW, NOW)
        message = SmsMessage.objects.get()
        assert [change.status for change in message.changes.all()] == ["queued", "handing_over", "sent"]
        assert ContactAttempt.objects.get().kind == "sms"
    assert OutboxMessage.objects.get().reference == message.pk
    assert dispatch_due(now=NOW) == {}


@pytest.mark.parametrize("kind", ["call", "call_in", "dialogue"])
def test_nothing_is_sent_on_the_day_of_a_call_whoever_called(kind: str) -> None:
    """K9: a talk with the health adviser is a call too."""
    (each,) = _queued()
    with records():
        ContactAttempt.objects.create(
            municipality_id=183, citizen=each.citizen, kind=kind, at=NOW - timedelta(minutes=30), by_name="Farah"
        )
    assert dispatch_due(now=NOW) == {"queued": 1}
    with records():
        message = SmsMessage.objects.get()
        assert message.status_reason == "called_today"
        assert message.not_before.date() > NOW.date()


def test_a_message_waits_while_an_adviser_talks_with_the_citizen() -> None:
    """K9: nobody gets a text from us with the health adviser on the line."""
    (each,) = _queued()
    adviser = User.objects.create(username="raadgiver")
    with records():
        HealthDialogue.objects.create(
            municipality_id=183, citizen=each.citizen, referred_at=NOW, referred_by_name="Mette", due_at=NOW,
            state="claimed", claimed_by=adviser, claimed_until=NOW + timedelta(minutes=20),
        )  # fmt: skip
    assert dispatch_due(now=NOW) == {"queued": 1}
    with records():
        assert SmsMessage.objects.get().status_reason == "being_called"
    assert dispatch_due(now=NOW + timedelta(hours=1)) == {"sent": 1}


def test_two_dispatchers_hand_over_nothing_twice() -> None:
    _queued(60)
    gateway = CountingGateway(lambda _reference, _to: time.sleep(0.005))
    totals: list[dict[str, int]] = []

    def work() -> None:
        try:
            totals.append(dispatch_due(now=NOW, gateway=gateway))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(totals) == 4
    assert (len(gateway.sent), set(gateway.sent.values())) == (60, {1})
    assert sum(each.get("accepted", 0) for each in totals) == 60


def test_a_dispatcher_that_dies_after_claiming_leaves_the_message_in_doubt_and_unsent() -> None:
    (each,) = _queued()
    with records():
        assert len(claim_batch(183, now=NOW, size=10).hand_overs) == 1
    gateway = CountingGateway()
    assert dispatch_due(now=NOW + timedelta(minutes=14), gateway=gateway) == {}
    assert sweep_in_doubt(now=NOW + timedelta(minutes=14)) == 0
    assert sweep_in_doubt(now=NOW + timedelta(minutes=15)) == 1
    assert statuses() == {"in_doubt": 1}
    assert dispatch_due(now=NOW + timedelta(hours=2), gateway=gateway) == {}
    assert gateway.sent == {}
    with records():
        assert step(each)[0] == "call"


@pytest.mark.parametrize(
    ("fault", "status", "leads_to"),
    [
        (GatewayRefused("21211", "Nummeret findes ikke", NumberFate.WRONG), "failed", "lookup"),
        (GatewayRefused("21610", "Modtageren har svaret STOP", NumberFate.OPTED_OUT), "failed", "call"),
        (GatewayRefused("21614", "Nummeret er ikke et mobilnummer", NumberFate.LANDLINE), "failed", "call"),
        (GatewayRefused("30007", "Afvist af operatøren"), "failed", "call"),
        (GatewayInDoubt("timeout"), "in_doubt", "call"),
        (ValueError("+4520123456 in the text of an error"), "in_doubt", "call"),
    ],
)
def test_what_the_gateway_says_decides_what_follows(fault: Exception, status: str, leads_to: str) -> None:
    (each,) = _queued()

    def fail(_reference: object, _to: str) -> None:
        raise fault

    gateway = CountingGateway(fail)
    assert dispatch_due(now=NOW, gateway=gateway) == {status: 1}
    assert dispatch_due(now=NOW + timedelta(days=1), gateway=gateway) == {}
    assert set(gateway.sent.values()) == {1}
    with records():
        assert step(each)[0] == leads_to
        assert not ContactAttempt.objects.exists()
        assert "+45" not in SmsMessage.objects.get().error_code


def test_a_gateway_that_is_down_is_tried_again_and_then_given_up() -> None:
    (_each,) = _queued()
    down = True

    def refuse(_reference: object, _to: str) -> None:
        if down:
            raise GatewayRetryable("no connection")

    gateway = CountingGateway(refuse)
    assert dispatch_due(now=NOW, gateway=gateway) == {"queued": 1}
    assert dispatch_due(now=NOW + timedelta(seconds=30), gateway=gateway) == {}
    down = False
    assert dispatch_due(now=NOW + timedelta(minutes=3), gateway=gateway) == {"accepted": 1}
    down = True
    (other,) = _queued()
    with records():
        SmsMessage.objects.filter(citizen=other.citizen).update(attempts=11)
    assert dispatch_due(now=NOW, gateway=gateway) == {"failed": 1}
    with records():
        assert step(other)[0] == "call"


def test_what_waited_for_the_morning_is_let_go_evenly() -> None:
    """S4: two a minute by the municipality's own setting, over both passes of the night."""
    night = datetime(2021, 4, 20, 20, 30, tzinfo=UTC)  # 22.30 in Copenhagen
    with records() as by:
        ContactSettings.objects.create(municipality_id=183, messages_per_minute=2)
        for each in range(3):
            fresh(f"Bo {each} Prøve")
        FollowUp.objects.update(next_step_kind="sms", next_step_at=night)
        queue_due_messages(by=by, now=night, citizen_ids=None, nonresponder_list_id=None)
    assert dispatch_due(now=night) == {"queued": 3}
    with records() as by:
        for each in range(3, 5):
            fresh(f"Bo {each} Prøve")
        FollowUp.objects.exclude(next_step_kind="sms").update(next_step_kind="sms", next_step_at=night)
    assert dispatch_due(now=night + timedelta(hours=1)) == {"queued": 2}
    nine = datetime(2021, 4, 21, 7, tzinfo=UTC)
    with records():
        released = sorted(SmsMessage.objects.values_list("not_before", flat=True))
    assert [(moment - nine).total_seconds() for moment in released] == [0, 0, 60, 60, 120]
    assert dispatch_due(now=nine) == {"sent": 2}
    assert dispatch_due(now=nine + timedelta(minutes=2)) == {"sent": 3}


def test_nothing_is_sent_at_night_and_the_message_waits() -> None:
    _queued()
    night = datetime(2021, 4, 20, 20, 30, tzinfo=UTC)
    gateway = CountingGateway()
    assert dispatch_due(now=night, gateway=gateway) == {"queued": 1}
    with records():
        message = SmsMessage.objects.get()
        assert (message.status_reason, message.not_before) == ("quiet_hours", datetime(2021, 4, 21, 7, tzinfo=UTC))
    assert dispatch_due(now=datetime(2021, 4, 21, 7, tzinfo=UTC), gateway=gateway) == {"accepted": 1}


@pytest.mark.parametrize("what", ["dead", "do_not_contact", "opted_out", "wrong_number", "child", "declined"])
def test_who_must_not_be_messaged_any_more_is_found_at_the_last_moment(what: str) -> None:
    (each,) = _queued()
    with records() as by:
        owner = each.citizen
        number = owner.phones.get()
        if what == "dead":
            type(owner).objects.filter(pk=owner.pk).update(status="deceased")
        elif what == "do_not_contact":
            type(owner).objects.filter(pk=owner.pk).update(do_not_contact_since=NOW)
        elif what == "child":
            type(owner).objects.filter(pk=owner.pk).update(birth_date=NOW.date() - timedelta(days=3000))
        elif what == "opted_out":
            OptOut.objects.create(municipality_id=183, number_index=number.number_index, since=NOW, source="reply")
        elif what == "wrong_number":
            type(number).objects.update(wrong_since=NOW)
        else:
            record_answer(by=by, citizen=owner, outcome="declined", now=NOW)
    gateway = CountingGateway()
    assert dispatch_due(now=NOW, gateway=gateway) in ({"cancelled": 1}, {})
    assert (gateway.sent, statuses()) == ({}, {"cancelled": 1})


def test_one_number_gets_one_message_in_24_hours() -> None:
    with records() as by:
        for name in ("Ane Prøve", "Ib Prøve"):
            each = fresh(name)
            each.citizen.phones.all().delete()
            phone(each.citizen, "+4520123456")
        plan(by=by, now=NOW)
    gateway = CountingGateway()
    assert dispatch_due(now=NOW, gateway=gateway) == {"accepted": 1, "queued": 1}
    assert dispatch_due(now=NOW + timedelta(hours=23), gateway=gateway) == {}
    assert dispatch_due(now=NOW + timedelta(hours=24), gateway=gateway) == {"accepted": 1}


def test_the_limit_holds() -> None:
    _queued(5)
    assert dispatch_due(now=NOW, limit=2) == {"sent": 2}
    assert statuses() == {"queued": 3, "sent": 2}


def test_what_the_plan_calls_for_later_is_sent_without_a_planner_run() -> None:
    with records() as by:
        evening = datetime(2021, 4, 20, 19, 0, tzinfo=UTC)
        each = fresh(opened_at=evening)
        plan(by=by, now=evening)
        assert step(each) == ("sms", "first_contact")
        assert not SmsMessage.objects.exists()
    assert dispatch_due(now=datetime(2021, 4, 21, 8, tzinfo=UTC)) == {"sent": 1}
