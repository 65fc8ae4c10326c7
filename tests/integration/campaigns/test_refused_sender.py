"""A municipality's sender that the gateway refuses: its messages wait, its neighbour's go (S5, F17)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from campaigns.models import ContactPoint, SmsMessage
from campaigns.services.message_cancelling import cancel_messages
from campaigns.services.messages import dispatch_due
from outreach.access.models import Organisation, OrganisationKind
from outreach.messaging.gateways import Accepted, GatewaySenderTrouble
from outreach.messaging.line import alarms
from outreach.messaging.refused_senders import refused_senders
from tests.factories.campaigns import NOW, CountingGateway
from tests.factories.contact_pages import citizen, phone, records
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


class OneRefused(CountingGateway):
    """Knows every sender but that of Ishøj, until it is mended."""

    mended = False
    asked = 0

    def send(self, *, reference: UUID, to: str, body: str, sender: str, valid_seconds: int | None = None) -> Accepted:
        if sender == "Ishoj":
            self.asked += 1
            if not self.mended:
                raise GatewaySenderTrouble("21606", "Afsendernummeret kan ikke sende sms'er")
        return super().send(reference=reference, to=to, body=body, sender=sender, valid_seconds=valid_seconds)


def _queued(code: int, number: int) -> None:
    with records(code):
        for each in range(number):
            owner = citizen(f"Bo {each} Prøve", code=code)
            mobile = phone(owner, f"+452012{owner.pk % 10_000:04d}")
            SmsMessage.objects.create(
                municipality_id=code, citizen=owner, phone=mobile, number_ciphertext=mobile.number_ciphertext,
                number_index=mobile.number_index, purpose="reply", body="Vi ringer.", encoding="gsm7", segments=1,
                status_at=NOW, queued_at=NOW, not_before=NOW, step_key=f"reply:{owner.pk}:1",
            )  # fmt: skip


def _states(code: int) -> set[tuple[str, int]]:
    with records(code):
        return set(SmsMessage.objects.values_list("status", "attempts"))


def _told() -> list[tuple[int, str, str]]:
    return [(each.municipality_code, each.code, each.danish) for each in refused_senders()]


def test_the_watchers_word_goes_when_nothing_waits_any_more() -> None:
    Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=ISHOEJ, name="Ishøj")
    ContactPoint.objects.create(municipality_id=ISHOEJ, phone="43 57 75 75", sms_sender="Ishoj")
    _queued(ISHOEJ, 1)
    dispatch_due(now=NOW, gateway=OneRefused())
    assert [code for code, *_words in _told()] == [ISHOEJ]
    with records(ISHOEJ):
        cancel_messages(SmsMessage.objects.all(), reason="contacted", now=NOW)
    dispatch_due(now=NOW + timedelta(minutes=1), gateway=OneRefused())
    assert _told() == []


@pytest.mark.case("F17")
def test_a_refused_sender_stops_its_own_municipality_and_nobody_else(settings) -> None:
    settings.SMS_THREADS = THREADS
    for code, name in ((ISHOEJ, "Ishoj"), (HOEJE_TAASTRUP, "HTK")):
        Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=code, name=name)
        ContactPoint.objects.create(municipality_id=code, phone="43 57 75 75", sms_sender=name)
        _queued(code, 20)
    gateway = OneRefused()

    def sent(later: timedelta) -> dict[str, int]:
        moment: datetime = NOW + later
        return dispatch_due(now=moment, gateway=gateway)

    assert sent(timedelta()) == {"queued": 20, "accepted": 20}
    assert gateway.asked <= THREADS
    assert _states(ISHOEJ) == {("queued", 0)}  # none failed, no attempt used up
    assert _states(HOEJE_TAASTRUP) == {("accepted", 1)}
    assert alarms() == []  # the line itself is open
    assert _told() == [(ISHOEJ, "21606", "Afsendernummeret kan ikke sende sms'er")]
    answer = Client().get("/status").json()["parts"]["messages"]
    assert (answer["works"], list(answer["detail"])) == (False, ["sender_0183"])
    # Not asked again before a quarter of an hour has passed; then a few, and all when it is mended.
    assert sent(timedelta(minutes=10)) == {}
    assert sent(timedelta(minutes=16)) == {"queued": 20}
    assert gateway.asked <= 2 * THREADS
    gateway.mended = True
    assert sent(timedelta(minutes=20)) == {}
    assert sent(timedelta(minutes=32)) == {"accepted": 20}
    assert set(gateway.sent.values()) == {1}
    assert _told() == []
    with records(ISHOEJ):
        assert set(SmsMessage.objects.values_list("error_code", "status_reason")) == {("", "")}
