"""Delivery reports land on the message, the telephone number and the plan, whatever order they come in (S6)."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from campaigns.models import ContactAttempt, OptOut, SmsMessage, SmsPurpose, SmsStatusChange
from campaigns.selectors.timeline import timeline
from campaigns.services.callbacks import ORPHAN_ALARM, process_events
from campaigns.services.messages import dispatch_due, send_again, sweep_in_doubt
from campaigns.services.messages.claiming import claim_batch
from campaigns.services.planning import plan
from campaigns.services.receipts import apply_status
from outreach.access.models import Organisation, OrganisationKind
from outreach.messaging.models import GatewayEvent, MessageRoute, NumberRoute
from registry.models import Citizen, FollowUp
from tests.factories.callbacks import MOBILE, events, sent_message, sid
from tests.factories.campaigns import NOW, CountingGateway, fresh, step
from tests.factories.contact_pages import citizen, follow_up, phone, records
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def served(db: None) -> None:
    """Two municipalities use the program."""
    for code in (183, 169):
        Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=code, name=str(code))


def a_message(**changes: object) -> SmsMessage:
    with records():
        owner = citizen()
        phone(owner, MOBILE)
        follow_up(owner, sms_sent=1, first_contact_at=NOW, last_contact_at=NOW)
        return sent_message(owner, **changes)


def told(message: SmsMessage, status: str, error: str = "", number: int = 1, **more: object) -> None:
    """The gateway tells something, and a worker works on it."""
    GatewayEvent.objects.create(
        kind="status",
        gateway="twilio",
        gateway_id=sid(number),
        reference=message.pk,
        status=status,
        error_code=error,
        received_at=NOW + timedelta(minutes=1),
        **more,
    )
    process_events(now=NOW + timedelta(minutes=2))


def now_is(message: SmsMessage) -> SmsMessage:
    with records():
        return SmsMessage.objects.select_related("phone", "citizen").get(pk=message.pk)


def test_a_message_that_is_handed_over_leaves_a_way_back_to_its_municipality():
    with records() as by:
        fresh()
        plan(by=by, now=NOW)
    assert not MessageRoute.objects.exists()
    dispatch_due(now=NOW, gateway=CountingGateway())
    with records():
        message = SmsMessage.objects.get()
    assert MessageRoute.objects.get().message_id == message.pk
    route = NumberRoute.objects.get()
    assert (bytes(route.number_index), route.municipality_code) == (bytes(message.number_index), 183)
    assert route.last_message_at == message.handed_over_at


def test_a_receipt_is_written_on_the_message():
    message = a_message()
    told(message, "delivered")
    after = now_is(message)
    assert (after.status, after.gateway_id, after.status_at) == ("delivered", sid(), NOW + timedelta(minutes=1))
    assert events() == [("status", "delivered", "applied")]
    with records():
        assert [each.status for each in SmsStatusChange.objects.filter(message=message)] == ["delivered"]


def test_delivered_is_no_answer():
    message = a_message()
    with records():
        before = FollowUp.objects.values("status", "outcome", "first_contact_at", "sms_sent").get()
    told(message, "delivered")
    with records():
        assert FollowUp.objects.values("status", "outcome", "first_contact_at", "sms_sent").get() == before
        assert not ContactAttempt.objects.exists()


@pytest.mark.case("SW04")
def test_late_news_of_earlier_stages_change_nothing():
    message = a_message()
    for status in ("delivered", "sent", "queued"):
        told(message, status)
    assert now_is(message).status == "delivered"
    assert [result for _kind, _status, result in events()] == ["applied", "repeated", "repeated"]
    with records():
        assert SmsStatusChange.objects.filter(message=message).count() == 1


@pytest.mark.case("SW05")
@pytest.mark.parametrize(("first", "second"), [("delivered", "failed"), ("failed", "delivered")])
def test_a_second_end_is_kept_as_a_contradiction(first, second):
    message = a_message()
    told(message, first)
    told(message, second, error="30005" if second == "failed" else "")
    after = now_is(message)
    assert after.status == first
    assert after.phone.wrong_since is None
    assert [result for _kind, _status, result in events()] == ["applied", "conflict"]
    with records():
        assert f"conflict:{second}" in SmsStatusChange.objects.filter(message=message).values_list("note", flat=True)


@pytest.mark.case("SW08")
def test_words_nobody_knows_change_nothing():
    message = a_message()
    told(message, "foo", "abc")
    assert now_is(message).status == "accepted"
    assert events() == [("status", "foo", "unknown_status")]


@pytest.mark.case("SW08")
def test_a_failure_with_a_code_nobody_knows_says_so():
    message = a_message()
    told(message, "undelivered", "abc")
    after = now_is(message)
    assert (after.status, after.error_code, after.error_text) == (
        "undelivered",
        "abc",
        "Sms-operatøren gav ingen grund",
    )


@pytest.mark.case("SW06")
def test_receipts_for_nothing_of_ours_are_counted_and_many_raise_an_alarm(caplog):
    for number in range(ORPHAN_ALARM):
        GatewayEvent.objects.create(
            kind="status", gateway="twilio", gateway_id=sid(number), reference=uuid4(), status="sent", received_at=NOW
        )
    assert process_events(now=NOW) == {"orphan": ORPHAN_ALARM}
    assert [line.msg["number"] for line in caplog.records if line.msg["event"] == "gateway_orphans"] == [ORPHAN_ALARM]
    assert process_events(now=NOW) == {}


@pytest.mark.case("SW07", "F12")
def test_news_that_come_before_our_own_note_of_the_id_find_the_message():
    with records() as by:
        each = fresh()
        plan(by=by, now=NOW)
    with records():
        (hand_over,) = claim_batch(183, now=NOW, size=10).hand_overs
        message = SmsMessage.objects.get()
    assert (message.status, message.gateway_id, hand_over.message_id) == ("handing_over", "", message.pk)
    told(message, "sent")
    after = now_is(message)
    assert (after.status, after.gateway_id) == ("sent", sid())
    with records():
        assert ContactAttempt.objects.get().kind == "sms"
        assert step(each) == ("call", "sms_unanswered")
        assert each.sms_sent == 1


@pytest.mark.case("F12")
def test_a_message_in_doubt_is_resolved_once_and_its_step_is_not_used_twice():
    with records() as by:
        each = fresh()
        plan(by=by, now=NOW)
    with records():
        claim_batch(183, now=NOW, size=10)
        message = SmsMessage.objects.get()
    assert sweep_in_doubt(now=NOW + timedelta(minutes=16)) == 1
    with records():
        each.refresh_from_db()
        assert (each.sms_sent, each.first_contact_at, each.last_contact_at) == (1, None, None)
    told(message, "delivered")
    assert now_is(message).status == "delivered"
    with records():
        each.refresh_from_db()
        assert (each.sms_sent, ContactAttempt.objects.count()) == (1, 1)
        # K3: the deadline of the first contact is met when it went out, not when it was known.
        assert (each.first_contact_at, each.last_contact_at) == (NOW, NOW)


@pytest.mark.case("F12")
def test_a_message_in_doubt_that_a_person_sends_again_is_the_first_contact():
    with records() as by:
        each = fresh()
        plan(by=by, now=NOW)
    with records():
        claim_batch(183, now=NOW, size=10)
        message = SmsMessage.objects.get()
    sweep_in_doubt(now=NOW + timedelta(minutes=16))
    later = NOW + timedelta(minutes=20)
    with records() as by:
        send_again(by=by, message=message, now=later)
    dispatch_due(now=later, gateway=CountingGateway())
    with records():
        each.refresh_from_db()
        assert (each.sms_sent, each.first_contact_at, each.last_contact_at) == (1, later, later)


@pytest.mark.case("PH05")
@pytest.mark.parametrize(
    ("error", "text", "kind", "wrong", "stopped", "leads_to"),
    [
        ("30005", "Nummeret er ikke i brug", "mobile", True, False, "lookup"),
        ("30006", "Nummeret er en fastnettelefon eller kan ikke få sms", "landline", False, False, "call"),
        ("21610", "Modtageren har frameldt sms med STOP", "mobile", False, True, "call"),
        ("30003", "Telefonen er slukket eller uden dækning", "mobile", False, False, "call"),
        ("30007", "Teksten blev standset som uønsket reklame", "mobile", False, False, "call"),
    ],
)
def test_a_failure_is_told_in_danish_marks_the_number_and_leads_on(error, text, kind, wrong, stopped, leads_to):
    message = a_message()
    with records() as by:
        plan(by=by, now=NOW)
    told(message, "undelivered", error)
    after = now_is(message)
    assert (after.status, after.error_code, after.error_text) == ("undelivered", error, text)
    assert (after.phone.kind, after.phone.wrong_since is not None) == (kind, wrong)
    with records():
        assert OptOut.objects.exists() == stopped
        each = FollowUp.objects.get()
        assert each.next_step_kind == leads_to
        if leads_to == "call":
            assert each.next_step_reason == "sms_not_delivered"
        lines = [line for line in timeline(after.citizen) if line.kind == "sms"]
        assert (lines[0].text, lines[0].detail) == ("Sms: Ikke modtaget", text)


def test_many_plain_reports_together_are_what_they_are_one_by_one():
    orders = [["sent"], ["sent", "delivered"], ["delivered", "sent"], ["sent", "failed"], ["foo", "sent"], ["queued"]]
    messages = [a_message() for _order in orders]
    for number, (message, order) in enumerate(zip(messages, orders, strict=True)):
        for status in order:
            GatewayEvent.objects.create(
                kind="status", gateway="twilio", gateway_id=sid(number), reference=message.pk, status=status,
                received_at=NOW,
            )  # fmt: skip
    # By hand: two apply twice, "delivered, sent" once, the failure and the unknown word beside a "sent" each once.
    assert process_events(now=NOW) == {"applied": 7, "repeated": 2, "unknown_status": 1}
    assert [now_is(message).status for message in messages] == [
        "sent", "delivered", "delivered", "failed", "sent", "accepted",
    ]  # fmt: skip
    with records():
        counted = [SmsStatusChange.objects.filter(message=message).count() for message in messages]
    assert counted == [1, 2, 1, 2, 1, 0]


def test_a_storm_costs_few_statements():
    for number in range(40):
        GatewayEvent.objects.create(
            kind="status", gateway="twilio", gateway_id=sid(number), reference=a_message().pk, status="delivered",
            received_at=NOW,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        assert process_events(now=NOW) == {"applied": 40}
    assert len(queries) < 30


def test_a_reminder_that_does_not_arrive_changes_no_plan():
    message = a_message(purpose=SmsPurpose.REMINDER)
    with records() as by:
        plan(by=by, now=NOW)
        before = step(FollowUp.objects.get())
    told(message, "undelivered", "30003")
    with records():
        assert step(FollowUp.objects.get()) == before


def test_a_receipt_with_another_id_is_not_this_message():
    message = a_message(gateway_id=sid(7))
    told(message, "failed", number=8)
    assert now_is(message).status == "accepted"
    assert events() == [("status", "failed", "conflict")]


def test_nobody_applies_a_receipt_of_another_municipality():
    message = a_message()
    with records(HOEJE_TAASTRUP) as by, pytest.raises(Exception, match="municipality"):
        apply_status(by=by, message=message, status="failed", error_code="", gateway_id=sid(), at=NOW, now=NOW)


def test_one_event_that_cannot_be_worked_on_does_not_stop_the_others(monkeypatch, caplog):
    first, second = a_message(), a_message()
    for number, message in enumerate([first, second], start=1):
        GatewayEvent.objects.create(
            kind="status", gateway="twilio", gateway_id=sid(number), reference=message.pk, status="undelivered",
            received_at=NOW,
        )  # fmt: skip
    real = apply_status

    def fails(**values: object) -> str:
        if values["message"].pk == first.pk:  # type: ignore[attr-defined]
            raise ValueError("+4520123456")
        return real(**values)  # type: ignore[arg-type]

    monkeypatch.setattr("campaigns.services.callbacks.apply_status", fails)
    assert process_events(now=NOW) == {"again": 1, "applied": 1}
    for _number in range(4):
        process_events(now=NOW)
    assert events() == [("status", "undelivered", "failed"), ("status", "undelivered", "applied")]
    assert "+4520123456" not in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.case("SW03", "F13")
def test_two_workers_work_on_each_event_once():
    messages = [a_message() for _number in range(12)]
    for number, message in enumerate(messages):
        for place, status in enumerate(("delivered", "sent", "queued")):
            GatewayEvent.objects.create(
                kind="status", gateway="twilio", gateway_id=sid(number), reference=message.pk, status=status,
                received_at=NOW + timedelta(seconds=place),
            )  # fmt: skip
    counts: list[dict[str, int]] = []
    start = threading.Barrier(3)

    def work() -> None:
        try:
            start.wait()
            counts.append(process_events(now=NOW))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == 3
    assert sum(sum(each.values()) for each in counts) == 36
    assert sum(each.get("applied", 0) for each in counts) >= 12
    with records():
        assert set(SmsMessage.objects.values_list("status", flat=True)) == {"delivered"}
        assert SmsStatusChange.objects.filter(status="delivered").count() == 12
    assert Citizen.objects.count() == 0  # outside a context nothing is seen
