"""Replies find their municipality and their citizen, and STOP, START and RING are acted on at once (S7)."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from campaigns.models import (
    CallTask,
    ContactPoint,
    Conversation,
    InboundMessage,
    OptOut,
    SmsMessage,
)
from campaigns.services.callbacks import process_events
from campaigns.services.inbox import receive_reply
from campaigns.services.inbox.routing import municipality_of
from campaigns.services.messages import dispatch_due
from campaigns.services.opt_outs import opt_out
from campaigns.services.planning import plan
from outreach.access.models import Organisation, OrganisationKind
from outreach.messaging.models import GatewayEvent, NumberRoute
from outreach.privacy.sealing import seal
from registry.imports.citizens import import_citizens
from registry.models import Citizen, FollowUp, Municipality
from tests.factories.callbacks import MOBILE, OWN_NUMBER, events, sent_message, sid
from tests.factories.campaigns import NOW, CountingGateway
from tests.factories.contact_pages import citizen, follow_up, phone, records
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def served(db: None) -> None:
    """Two municipalities use the program, and Ishøj has a number of its own to be answered on."""
    for code in (ISHOEJ, HOEJE_TAASTRUP):
        Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=code, name=str(code))
    ContactPoint.objects.create(municipality_id=ISHOEJ, phone="43 57 75 75", sms_sender=OWN_NUMBER)


def writes(
    body: str, *, sender: str = MOBILE, to: str = OWN_NUMBER, number: int = 1, media: int = 0, **more: Any
) -> str:
    """Somebody writes, and a worker works on it; the result."""
    sealed = seal("phone", sender)
    event = GatewayEvent.objects.create(
        kind="inbound",
        gateway="twilio",
        gateway_id=sid(number),
        number_ciphertext=sealed.ciphertext,
        number_index=sealed.index,
        own_number=to,
        body=body,
        media=media,
        received_at=NOW + timedelta(minutes=1),
        **more,
    )
    process_events(now=LATER)
    event.refresh_from_db()
    return event.result


def somebody(name: str = "Aase Birthe Mikkelsen", number: str = MOBILE, code: int = ISHOEJ, **step: Any) -> FollowUp:
    """A citizen with the number, who has had a message and waits to be called because nobody answered."""
    with records(code):
        owner = citizen(name, code=code)
        phone(owner, number)
        values = {
            "sms_sent": 1,
            "first_contact_at": NOW,
            "last_contact_at": NOW,
            "next_step_kind": "call",
            "next_step_at": NOW + timedelta(days=3),
            "next_step_reason": "sms_unanswered",
        }
        return follow_up(owner, **values | step)


def conversation(code: int = ISHOEJ) -> Conversation:
    with records(code):
        return Conversation.objects.select_related("citizen").get()


def the_reply(code: int = ISHOEJ) -> InboundMessage:
    with records(code):
        return InboundMessage.objects.get()


@pytest.mark.parametrize(
    ("own", "lately", "senders", "served_codes", "expected"),
    [
        ("+451", [169], {"+451": {183}}, [169, 183], 183),  # its own number, whoever wrote last
        ("+451", [169, 183], {}, [169, 183], 169),  # a common number: who wrote last
        ("+451", [101, 169, 183], {"+451": {169, 183}}, [101, 169, 183], 169),  # shared by two of them
        ("+451", [], {"+451": {169, 183}}, [169, 183], None),
        ("+451", [], {}, [169, 183], None),
        ("+451", [], {}, [183], 183),  # one municipality alone
    ],
)
def test_which_municipality_a_reply_is_for(own, lately, senders, served_codes, expected):
    assert municipality_of(own, lately, senders, served_codes) == expected


def test_a_reply_becomes_a_conversation_with_the_citizen():
    each = somebody()
    assert writes("Må jeg komme fredag i stedet?") == "applied"
    found = conversation()
    assert (found.citizen_id, found.unread, found.suggestion) == (each.citizen_id, True, "text")
    assert the_reply().body == "Må jeg komme fredag i stedet?"


def test_the_next_reply_joins_the_open_conversation():
    somebody()
    writes("Hvem er I?")
    writes("Nej tak", number=2)
    with records():
        assert InboundMessage.objects.filter(conversation=Conversation.objects.get()).count() == 2
        assert Conversation.objects.get().suggestion == "no"


@pytest.mark.case("SW14")
def test_the_same_reply_twice_is_one():
    somebody()
    writes("JA")
    with records() as by:
        again = receive_reply(
            by=by, municipality_id=ISHOEJ, number=MOBILE, body="JA", gateway_id=sid(), media=0, at=NOW, now=LATER
        )
        assert again is None
        assert InboundMessage.objects.count() == 1


def test_what_was_written_stands_behind_row_security_alone():
    somebody()
    writes("Min diagnose er hemmelig")
    event = GatewayEvent.objects.get()
    assert (event.body, event.number_ciphertext, event.number_index) == ("", None, None)
    assert not Conversation.objects.exists()
    with connection.cursor() as cursor, records():
        cursor.execute("SELECT campaigns_inboundmessage::text FROM campaigns_inboundmessage")
        assert b"diagnose".hex() not in cursor.fetchone()[0]


@pytest.mark.case("SW11")
def test_a_number_of_several_citizens_is_attached_to_none_and_seen_by_its_own_municipality():
    for name in ("Aase Ager", "Bo Ager", "Carl Ager"):
        somebody(name)
    somebody("Ditte Nabo", code=HOEJE_TAASTRUP)
    writes("Hej, hvad er det her?")
    assert conversation().citizen_id is None
    with records(HOEJE_TAASTRUP):
        assert not Conversation.objects.exists()


def test_a_reply_on_a_common_number_goes_to_whom_wrote_last():
    own = somebody().citizen
    with records():
        sent_message(own, handed_over_at=NOW - timedelta(days=2))
    other = somebody("Ditte Nabo", code=HOEJE_TAASTRUP).citizen
    with records(HOEJE_TAASTRUP):
        sent_message(other, handed_over_at=NOW - timedelta(days=1))
    assert NumberRoute.objects.count() == 2
    writes("Hej", to="+4599887766")
    assert conversation(HOEJE_TAASTRUP).citizen_id == other.pk
    with records():
        assert not Conversation.objects.exists()


@pytest.mark.case("SW12")
def test_an_unknown_number_stands_in_the_inbox_of_the_number_it_wrote_to():
    assert writes("Hvem er det?", sender="+4588776655") == "applied"
    found = conversation()
    assert (found.citizen_id, found.number) == (None, "+4588776655")


def test_an_unknown_number_to_an_unknown_number_belongs_to_nobody_and_is_not_lost():
    assert writes("Hej", sender="+4588776655", to="+4599887766") == "unrouted"
    assert GatewayEvent.objects.get().body == "Hej"


@pytest.mark.case("SW13")
@pytest.mark.parametrize(
    ("body", "media", "suggestion"),
    [("<b>hej</b>", 0, "text"), ("x" * 1600, 0, "text"), ("👩‍👩‍👧‍👦", 0, "text"), ("", 0, "empty"), ("", 2, "media")],
)
def test_every_reply_is_kept(body, media, suggestion):
    somebody()
    assert writes(body, media=media) == "applied"
    assert (the_reply().body, the_reply().media, conversation().suggestion) == (body, media, suggestion)


def test_stop_opts_out_at_once_for_everybody_with_the_number():
    first, second = somebody("Aase Ager"), somebody("Bo Ager", next_step_kind="sms", next_step_reason="first_contact")
    with records() as by:
        plan(by=by, now=NOW)
    writes("Stop!")
    assert the_reply().act == "opted_out"
    with records():
        assert OptOut.objects.get().source == "reply"
        for each in (first, second):
            each.refresh_from_db()
            assert each.next_step_kind == "call"
        assert not SmsMessage.objects.filter(status="queued").exists()


def test_stop_cancels_what_waits_and_nothing_more_is_queued_or_sent():
    each = somebody(sms_sent=0, last_contact_at=None, first_contact_at=None, opened_at=NOW)
    with records() as by:
        FollowUp.objects.filter(pk=each.pk).update(next_step_reason="to_be_planned", next_step_kind="wait")
        plan(by=by, now=NOW)
        assert SmsMessage.objects.get().status == "queued"
    writes("AFMELD")
    with records() as by:
        assert [message.status for message in SmsMessage.objects.all()] == ["cancelled"]
        plan(by=by, now=LATER)
        assert SmsMessage.objects.count() == 1
    gateway = CountingGateway()
    dispatch_due(now=LATER, gateway=gateway)
    assert gateway.sent == {}


@pytest.mark.case("PH11")
def test_an_opt_out_survives_the_next_import_of_the_number(tmp_path):
    somebody()
    writes("STOP")
    with records() as by:
        header = "cpr;navn;adresse;postnr;by;mobil"
        row = "7110390009;Nina Ny;Vejlebrovej 1;2635;Ishøj;20 12 34 56"
        path = tmp_path / "borgere.csv"
        path.write_text(f"{header}\n{row}\n", encoding="utf-8")
        receipt = import_citizens(
            by=by,
            municipality=Municipality.objects.get(pk=ISHOEJ),
            path=path,
            display_name="borgere.csv",
            now=NOW + timedelta(days=7),
        )
        assert receipt.counts["added"] == 1
        newcomer = Citizen.objects.get(name="Nina Ny")
        follow_up(newcomer, next_step_kind="wait", next_step_reason="to_be_planned", next_step_at=NOW)
        plan(by=by, now=NOW + timedelta(days=7))
        assert not SmsMessage.objects.filter(citizen=newcomer).exists()
        assert FollowUp.objects.get(citizen=newcomer).next_step_reason == "sms_opted_out"


def test_start_undoes_the_citizens_own_stop():
    somebody()
    writes("STOP")
    writes("START", number=2)
    with records():
        assert not OptOut.objects.exists()
        assert [reply.act for reply in InboundMessage.objects.all()] == ["opted_out", "opted_in"]


def test_start_does_not_undo_what_a_caseworker_wrote_down():
    somebody()
    with records() as by:
        opt_out(by=by, municipality=Municipality.objects.get(pk=ISHOEJ), number=MOBILE, source="caseworker", now=NOW)
    writes("START")
    with records():
        assert OptOut.objects.exists()
        assert (InboundMessage.objects.get().act, Conversation.objects.get().suggestion) == ("", "start")


def test_ring_makes_a_call_that_is_due_now_and_leaves_the_inbox_empty():
    each = somebody()
    writes("RING")
    with records():
        each.refresh_from_db()
        assert (each.next_step_kind, each.next_step_at, each.next_step_reason) == ("call", LATER, "asked_for_call")
        task = CallTask.objects.get()
        assert (task.citizen_id, task.due_at, task.priority) == (each.citizen_id, LATER, 0)
        assert InboundMessage.objects.get().act == "call_planned"
        assert Conversation.objects.get().state == "done"


def test_ring_from_a_shared_number_is_for_whom_we_wrote_to():
    first, second = somebody("Aase Ager"), somebody("Bo Ager")
    with records():
        sent_message(second.citizen)
    writes("ring mig op")
    with records():
        assert list(CallTask.objects.filter(due_at=LATER).values_list("citizen_id", flat=True)) == [second.citizen_id]
        first.refresh_from_db()
        assert first.next_step_reason != "asked_for_call"


def test_ring_from_somebody_whose_case_is_closed_waits_for_a_person():
    somebody(
        status="closed",
        closed_reason="declined",
        closed_at=NOW,
        next_step_kind="",
        next_step_at=None,
        next_step_reason="",
    )
    writes("RING")
    with records():
        assert not CallTask.objects.exists()
        found = Conversation.objects.get()
        assert (found.state, found.suggestion, found.unread) == ("open", "ring", True)


def test_ring_takes_no_booking_from_the_one_who_works_on_it():
    each = somebody(next_step_kind="booking_request", next_step_reason="booking_help")
    writes("RING")
    with records():
        each.refresh_from_db()
        assert each.next_step_kind == "booking_request"
        assert Conversation.objects.get().state == "open"


def test_an_answer_silences_the_machine_until_somebody_has_read_it():
    each = somebody()
    writes("JA")
    with records() as by:
        each.refresh_from_db()
        assert (each.next_step_kind, each.next_step_reason) == ("wait", "reply_waiting")
        # Tuesday 11.22; two working days later at 8 in Copenhagen.
        assert each.next_step_at.isoformat() == "2021-04-22T06:00:00+00:00"
        plan(by=by, now=NOW + timedelta(days=1))
        each.refresh_from_db()
        assert each.next_step_kind == "wait"
        plan(by=by, now=NOW + timedelta(days=3))
        each.refresh_from_db()
        assert (each.next_step_kind, each.next_step_reason) == ("call", "check_call")


@pytest.mark.parametrize("body", ["Hun er død", "Forkert nummer"])
def test_a_death_or_a_wrong_number_is_only_proposed(body):
    each = somebody()
    writes(body)
    with records():
        each.citizen.refresh_from_db()
        assert each.citizen.status == "active"
        assert not each.citizen.phones.exclude(wrong_since=None).exists()
        assert Conversation.objects.get().suggestion in {"deceased", "wrong_number"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.case("SW14")
def test_two_workers_and_two_replies_make_one_conversation():
    somebody()
    sealed = seal("phone", MOBILE)
    for number in range(8):
        GatewayEvent.objects.create(
            kind="inbound", gateway="twilio", gateway_id=sid(number), number_ciphertext=sealed.ciphertext,
            number_index=sealed.index, own_number=OWN_NUMBER, body=f"Svar {number}", received_at=NOW,
        )  # fmt: skip
    start = threading.Barrier(3)

    def work() -> None:
        try:
            start.wait()
            process_events(now=LATER)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    process_events(now=LATER)  # whoever lost a race comes again
    assert {result for _kind, _status, result in events()} == {"applied"}
    with records():
        assert (Conversation.objects.count(), InboundMessage.objects.count()) == (1, 8)
