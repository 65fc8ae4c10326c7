"""A wave under way meets somebody who has just said no, or is protected by now (K9, C5, SS10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.models import Conversation, SmsMessage, SmsWaveRecipient
from campaigns.services.inbox import receive_reply
from campaigns.services.messages import dispatch_due
from campaigns.services.waves.jobs import queue_wave
from registry.models import Citizen
from tests.factories.callbacks import sid
from tests.factories.campaigns import CountingGateway
from tests.factories.contact_pages import NOW, citizen, follow_up, phone, records
from tests.factories.geography import ISHOEJ
from tests.factories.waves import approved, lead, listener, queued

pytestmark = pytest.mark.django_db
EARLIER = NOW - timedelta(days=2)
HERS, ANOTHERS = "+4520123456", "+4520123457"


def test_who_wrote_no_before_their_place_came_up_gets_nothing() -> None:
    with records():
        listener("Aase Nej", HERS, next_step_kind="call", sms_sent=1, first_contact_at=EARLIER, last_contact_at=EARLIER)
        listener("Bente Tavs", ANOTHERS)
    wave = approved(lead("a"), lead("b"))
    with records() as by:
        receive_reply(
            by=by, municipality_id=ISHOEJ, number=HERS, body="Nej tak, det vil jeg ikke", gateway_id=sid(),
            media=0, at=NOW, now=NOW,
        )  # fmt: skip
    queue_wave(wave.pk, now=NOW)
    dispatch_due(now=NOW + timedelta(minutes=10), gateway=CountingGateway())
    assert _ends() == {"Bente Tavs": ("accepted", "")}
    with records():
        left_out = SmsWaveRecipient.objects.values_list("citizen__name", "left_out").exclude(left_out="")
        assert dict(left_out) == {"Aase Nej": "reply_waiting"}


def test_who_is_protected_since_it_was_queued_gets_nothing() -> None:
    with records():
        listener("Aase Skjult", HERS)
        listener("Bente Kendt", ANOTHERS)
    queued(lead("a"), lead("b"))
    with records():
        Citizen.objects.filter(name="Aase Skjult").update(protected=True)
    dispatch_due(now=NOW + timedelta(minutes=10), gateway=CountingGateway())
    assert _ends() == {"Aase Skjult": ("cancelled", "protected"), "Bente Kendt": ("accepted", "")}


def test_a_list_after_the_reply_sends_nothing_before_somebody_has_read_it() -> None:
    lead("a")
    with records() as by:
        owner = citizen()
        phone(owner, HERS)
        receive_reply(
            by=by, municipality_id=ISHOEJ, number=HERS, body="Lad mig være", gateway_id=sid(), media=0, at=NOW, now=NOW
        )
        follow_up(owner, next_step_kind="sms", next_step_at=NOW, next_step_reason="first_sms")
    dispatch_due(now=NOW + timedelta(minutes=10), gateway=CountingGateway())
    assert _ends() == {owner.name: ("queued", "reply_waiting")}
    with records():
        Conversation.objects.update(state="done", done_at=NOW)
    dispatch_due(now=NOW + timedelta(hours=2), gateway=CountingGateway())
    assert _ends() == {owner.name: ("accepted", "")}


def _ends() -> dict[str, tuple[str, str]]:
    with records():
        rows = SmsMessage.objects.values_list("citizen__name", "status", "status_reason")
        return {name: (status, reason) for name, status, reason in rows}
