"""Raw events, ways back and strangers' replies are gone when their time is up, and not a day before (A5, SW12)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from campaigns.models import Conversation, InboundMessage
from campaigns.services.inbox import receive_reply
from campaigns.services.inbox.forgetting import erase_gateway_events, erase_routes, erase_strangers
from outreach.access.models import Organisation, OrganisationKind
from outreach.health.probes import callbacks
from outreach.messaging.models import GatewayEvent, MessageRoute, NumberRoute
from outreach.privacy.retention import retention_kinds
from tests.factories.callbacks import MOBILE, sid
from tests.factories.campaigns import NOW
from tests.factories.contact_pages import citizen, clock_at, phone, records
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db


def event(days: int, number: int, **values: object) -> GatewayEvent:
    at = NOW - timedelta(days=days)
    usual = {"processed_at": at, "result": "applied", "reference": uuid4(), "status": "sent"}
    return GatewayEvent.objects.create(
        kind="status", gateway="twilio", gateway_id=sid(number), **{"received_at": at} | usual | values
    )


def test_raw_events_go_after_a_month_and_what_nobody_could_work_on_after_three():
    event(30, 1)
    kept = {
        event(29, 2).pk,
        event(89, 3, result="failed").pk,
        event(89, 4, processed_at=None, result="").pk,
        event(89, 5, result="unrouted").pk,
    }
    for number, values in enumerate(({"result": "failed"}, {"processed_at": None, "result": ""}), start=6):
        event(90, number, **values)
    assert erase_gateway_events(NOW, NOW, True) == 3
    assert GatewayEvent.objects.count() == 7
    assert erase_gateway_events(NOW, NOW, False) == 3
    assert set(GatewayEvent.objects.values_list("pk", flat=True)) == kept
    assert erase_gateway_events(NOW, NOW, False) == 0


def test_ways_back_end_when_nothing_can_come_along_them():
    for days in (59, 60):
        MessageRoute.objects.create(message_id=uuid4(), municipality_code=ISHOEJ, made_at=NOW - timedelta(days=days))
    for place, days in enumerate((399, 400)):
        NumberRoute.objects.create(
            number_index=bytes([place]) * 32, municipality_code=ISHOEJ, last_message_at=NOW - timedelta(days=days)
        )
    assert (erase_routes(NOW, NOW, True), erase_routes(NOW, NOW, False)) == (2, 2)
    assert (MessageRoute.objects.count(), NumberRoute.objects.count()) == (1, 1)


@pytest.mark.case("SW12")
def test_strangers_are_forgotten_and_citizens_kept():
    Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=ISHOEJ, name="Ishøj")
    with records() as by:
        owner = citizen()
        phone(owner, MOBILE)
        for serial, (number, days) in enumerate(((MOBILE, 200), ("+4588776655", 90), ("+4588776656", 89))):
            at = NOW - timedelta(days=days)
            receive_reply(
                by=by, municipality_id=ISHOEJ, number=number, body="Hvem er I?", gateway_id=sid(serial), media=0,
                at=at, now=at,
            )  # fmt: skip
    assert (erase_strangers(NOW, NOW, True), erase_strangers(NOW, NOW, False)) == (1, 1)
    with records():
        assert {each.number for each in Conversation.objects.all()} == {MOBILE, "+4588776656"}
        assert InboundMessage.objects.count() == 2


def test_the_periods_are_registered():
    assert {"gateway_events", "gateway_routes", "unknown_senders"} <= {kind.name for kind in retention_kinds()}


@pytest.mark.case("SW06")
def test_the_status_page_says_when_callbacks_are_not_worked_on_or_belong_to_nobody():
    clock_at()
    assert callbacks().works
    waiting = event(0, 1, processed_at=None, result="", received_at=NOW - timedelta(minutes=6))
    assert (callbacks().works, callbacks().detail["waiting"]) == (False, 1)
    waiting.delete()
    GatewayEvent.objects.bulk_create(
        GatewayEvent(
            kind="status", gateway="twilio", gateway_id=sid(number), status="sent", received_at=NOW,
            processed_at=NOW, result="orphan",
        )
        for number in range(100)
    )  # fmt: skip
    assert (callbacks().works, callbacks().detail["orphan"]) == (False, 100)
