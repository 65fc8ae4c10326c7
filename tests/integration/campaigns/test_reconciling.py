"""F11, F19: what the gateway's own list says of messages in doubt, and of those whose callbacks never came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from campaigns.models import ContactAttempt, MessageStatus, SmsMessage
from campaigns.services.messages import dispatch_due, reconcile
from campaigns.services.planning import plan
from outreach.access.models import Organisation, OrganisationKind
from outreach.messaging.gateways import GatewayMessage, GatewayRetryable
from outreach.messaging.gateways.twilio import TwilioGateway
from tests.factories.campaigns import NOW, fresh, statuses
from tests.factories.contact_pages import records
from tests.fakes.twilio_double import Double, double_offset, running_double, twilio_settings

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=20)


class Listed:
    """A gateway that lists what it is told to, within the bounds it is asked for."""

    name = "twilio"

    def __init__(self, *messages: GatewayMessage) -> None:
        self.messages = messages

    def sent_between(
        self, *, first: datetime, last: datetime, to: str | None = None, limit: int
    ) -> Iterator[GatewayMessage]:
        for each in self.messages[:limit]:
            if first <= each.created_at <= last and to in (None, each.to):
                yield each


@pytest.fixture(autouse=True)
def ishoej() -> None:
    Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=183, name="Ishøj Kommune")


def _doubtful(number: int = 1) -> list[SmsMessage]:
    with records() as by:
        for each in range(number):
            fresh(f"Bo {each} Prøve")
        plan(by=by, now=NOW)
        SmsMessage.objects.update(status=MessageStatus.IN_DOUBT, handed_over_at=NOW, attempts=1)
        return list(SmsMessage.objects.select_related("phone").order_by("id"))


def _line(message: SmsMessage, seconds: float = 2, **changes: str) -> GatewayMessage:
    with records():
        number = message.phone.number
    values = {"gateway_id": "SM" + uuid4().hex, "to": number, "body": message.body, "status": "delivered"}
    return GatewayMessage(**{**values, "error_code": "", **changes}, created_at=NOW + timedelta(seconds=seconds))


def test_one_of_ours_and_one_of_theirs_fit_it_arrived() -> None:
    (message,) = _doubtful()
    line = _line(message)
    assert reconcile(now=SOON, gateway=Listed(line)) == {"resolved": 1}
    with records():
        message.refresh_from_db()
        assert (message.status, message.gateway_id) == ("delivered", line.gateway_id)
        assert ContactAttempt.objects.get().kind == "sms"
    assert reconcile(now=SOON, gateway=Listed(line)) == {}


@pytest.mark.parametrize(
    ("seconds", "changes"),
    [(2, {"body": "En anden tekst"}), (2, {"to": "+4520999999"}), (-120, {}), (600, {})],
)
def test_what_fits_in_part_only_says_nothing(seconds: float, changes: dict[str, str]) -> None:
    (message,) = _doubtful()
    assert reconcile(now=SOON, gateway=Listed(_line(message, seconds, **changes))) == {"unknown": 1}
    assert statuses() == {"in_doubt": 1}


def test_two_that_fit_leave_it_in_doubt() -> None:
    (message,) = _doubtful()
    assert reconcile(now=SOON, gateway=Listed(_line(message), _line(message, 3))) == {"ambiguous": 1}
    assert statuses() == {"in_doubt": 1}


def test_one_that_another_message_of_ours_fits_as_well_leaves_both_in_doubt() -> None:
    first, second = _doubtful(2)
    with records():
        same = {"number_ciphertext": first.number_ciphertext, "number_index": first.number_index, "body": first.body}
        for field, value in same.items():
            setattr(second, field, value)
        second.save()
    assert reconcile(now=SOON, gateway=Listed(_line(first))) == {"ambiguous": 2}
    assert statuses() == {"in_doubt": 2}


def test_one_that_is_known_to_be_another_message_is_not_taken_for_this_one() -> None:
    first, second = _doubtful(2)
    line = _line(first)
    with records():
        SmsMessage.objects.filter(pk=second.pk).update(status="delivered", gateway_id=line.gateway_id)
    assert reconcile(now=SOON, gateway=Listed(line)) == {"unknown": 1}


def test_nothing_is_asked_too_early_or_for_ever() -> None:
    (message,) = _doubtful()
    line = _line(message)
    assert reconcile(now=NOW + timedelta(minutes=1), gateway=Listed(line)) == {}
    assert reconcile(now=NOW + timedelta(hours=25), gateway=Listed(line)) == {}


def test_a_gateway_that_does_not_answer_changes_nothing() -> None:
    class Gone(Listed):
        def sent_between(self, **_bounds: object) -> Iterator[GatewayMessage]:
            raise GatewayRetryable("not_connected")

    _doubtful()
    assert reconcile(now=SOON, gateway=Gone()) == {}
    assert statuses() == {"in_doubt": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.case("F19")
def test_receipts_that_never_came_are_fetched_afterwards(tmp_path: Path, settings) -> None:
    """The callbacks' address was down for half an hour; the list has every status all the same."""
    with records() as by:
        for each in range(5):
            fresh(f"Bo {each} Prøve")
        plan(by=by, now=NOW)
    with running_double(tmp_path) as double:
        _down(double, settings)
        assert dispatch_due(now=NOW) == {"accepted": 5}
        sids = [each["sid"] for each in double.accepted()]
        for sid, status in zip(sids[:3], ["delivered", "delivered", "sent"], strict=True):
            double.report(sid, status)
        double.report(sids[3], "undelivered", 30005)
        gateway = TwilioGateway()
        assert reconcile(now=NOW + timedelta(minutes=5), gateway=gateway) == {}  # the callbacks may still come
        assert reconcile(now=NOW + timedelta(minutes=30), gateway=gateway) == {"fetched": 4}
        assert reconcile(now=NOW + timedelta(minutes=35), gateway=gateway) == {}
        gateway.close()
    assert statuses() == {"accepted": 1, "delivered": 2, "sent": 1, "undelivered": 1}
    with records():
        failed = SmsMessage.objects.select_related("phone").get(status="undelivered")
        assert (failed.gateway_id, failed.error_code) == (sids[3], "30005")
        assert failed.phone is not None
        assert failed.phone.wrong_reason == "Nummeret er ikke i brug"


def _down(double: Double, settings: object) -> None:
    double.behave(offset=double_offset(NOW))
    for name, value in twilio_settings(double, PUBLIC_URL="http://127.0.0.1:1").items():
        setattr(settings, name, value)
