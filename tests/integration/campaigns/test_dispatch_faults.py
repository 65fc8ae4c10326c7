"""F14-F17, SS05, SS08, SS09: the whole way from the queue through the real SDK to the double, which misbehaves."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F

from campaigns.models import SmsMessage
from campaigns.services.messages import dispatch_due, sweep_expired
from campaigns.services.planning import plan
from outreach.access.models import Organisation, OrganisationKind
from outreach.messaging.gateways.twilio import TwilioGateway
from outreach.messaging.line import probe_now
from outreach.messaging.models import GatewayState, LineState
from outreach.privacy.sealing import seal
from registry.models import PhoneKind
from tests.factories.campaigns import NOW, fresh, statuses, step
from tests.factories.contact_pages import records
from tests.fakes.twilio_double import Double, running_double, twilio_settings
from tests.fakes.twilio_server import TOKEN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Double]:
    with running_double(tmp_path_factory.mktemp("twilio")) as found:
        yield found


@pytest.fixture
def double(running: Double, settings) -> Double:
    Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=183, name="Ishøj Kommune")
    for name, value in twilio_settings(running, SMS_THREADS=4).items():
        setattr(settings, name, value)
    running.behave(latency=0.0, token=TOKEN)
    return running


@pytest.fixture
def nowhere(double: Double, settings) -> Iterator[None]:
    """Nobody listens where the gateway should be."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.TWILIO_API_URL = f"http://127.0.0.1:{free.getsockname()[1]}"
        yield


def _queued(number: int = 1, **changes: object) -> None:
    with records() as by:
        for each in range(number):
            fresh(f"Bo {each} Prøve")
        plan(by=by, now=NOW)
        if changes:
            SmsMessage.objects.update(**changes)


def _line() -> GatewayState:
    return GatewayState.objects.get(pk="twilio")


def _later_for_the_line() -> None:
    GatewayState.objects.update(probe_at=F("probe_at") - timedelta(hours=1), slow_until=None)


@pytest.mark.case("F15", "SS08")
def test_refused_three_times_and_then_taken_is_one_message(double, nowhere, settings) -> None:
    _queued()
    before = len(double.accepted())
    moment = NOW
    for _refusal in range(3):
        assert dispatch_due(now=moment) == {"queued": 1}
        assert dispatch_due(now=moment + timedelta(seconds=20)) == {}  # not at once again
        moment += timedelta(minutes=10)
    settings.TWILIO_API_URL = double.url
    assert dispatch_due(now=moment) == {"accepted": 1}
    assert len(double.accepted()) == before + 1
    with records():
        message = SmsMessage.objects.get()
        assert (message.attempts, message.gateway_id) == (4, double.accepted()[-1]["sid"])


@pytest.mark.case("F14", "F15", "SS08")
@pytest.mark.parametrize("fault", [{"mode": "error", "status": 503}, {"mode": "hang", "seconds": 1}, {"mode": "cut"}])
def test_written_and_not_answered_is_asked_once_and_then_shown(double, fault) -> None:
    _queued()
    requests = double.requests()
    double.behave(fault)
    gateway = TwilioGateway(read_seconds=0.3)
    assert dispatch_due(now=NOW, gateway=gateway) == {"in_doubt": 1}
    for hours in (1, 24, 48):
        assert dispatch_due(now=NOW + timedelta(hours=hours), gateway=gateway) == {}
    gateway.close()
    assert double.requests() == requests + 1


@pytest.mark.case("F15", "F16")
def test_a_gateway_in_pieces_puts_a_few_in_doubt_and_not_the_whole_queue(double, settings) -> None:
    settings.SMS_FAILURES_IN_A_ROW = 5
    _queued(40)
    double.behave({"mode": "error", "status": 503, "times": 1000})
    found = dispatch_due(now=NOW)
    # Five in a row, and what the other three threads had begun by then.
    assert 5 <= found["in_doubt"] <= 8
    assert found["queued"] == 40 - found["in_doubt"]
    assert _line().state == LineState.PAUSED
    assert dispatch_due(now=NOW) == {}
    double.behave()
    _later_for_the_line()
    assert dispatch_due(now=NOW)["accepted"] == 40 - found["in_doubt"]
    assert _line().state == LineState.RUNNING
    with records():
        assert set(SmsMessage.objects.filter(status="accepted").values_list("attempts", flat=True)) == {1}


@pytest.mark.case("F16")
def test_six_hours_without_a_gateway(double, nowhere, settings) -> None:
    """From 14.20 to after the window closes: the messages wait, the night is kept, what came too late is ended."""
    settings.SMS_FAILURES_IN_A_ROW = 3
    _queued(12)
    with records():
        late = [message.pk for message in SmsMessage.objects.order_by("id")[:2]]
        SmsMessage.objects.filter(pk__in=late).update(expires_at=NOW + timedelta(hours=9))
    afternoon = NOW + timedelta(hours=3)
    for minutes in range(0, 6 * 60, 20):
        dispatch_due(now=afternoon + timedelta(minutes=minutes))
        if minutes % 120 == 0:
            _later_for_the_line()
    assert statuses() == {"queued": 12}
    assert _line().state == LineState.PAUSED
    # The gateway is back at nine in the evening: too late for today, and for two of them.
    settings.TWILIO_API_URL = double.url
    _later_for_the_line()
    before = len(double.accepted())
    night = datetime(2021, 4, 20, 20, 30, tzinfo=UTC)
    ended = dispatch_due(now=night).get("expired", 0) + sweep_expired(now=night)
    assert ended == 2
    assert statuses() == {"expired": 2, "queued": 10}
    assert len(double.accepted()) == before
    _later_for_the_line()
    assert dispatch_due(now=datetime(2021, 4, 21, 7, tzinfo=UTC)) == {"accepted": 10}
    assert len(double.accepted()) == before + 10
    with records():
        # A closed line wears nobody out: whoever was not the one to try has been tried once or twice.
        assert max(SmsMessage.objects.filter(status="accepted").values_list("attempts", flat=True)) <= 4


@pytest.mark.case("F17")
def test_revoked_credentials_stop_the_line_and_fail_nobody(double) -> None:
    _queued(20)
    double.behave(token="f" * 32)
    requests = double.requests()
    assert dispatch_due(now=NOW) == {"queued": 20}
    assert double.requests() - requests <= 4  # what the four threads had begun
    assert (_line().state, _line().reason) == (LineState.STOPPED, "20003")
    assert dispatch_due(now=NOW + timedelta(minutes=1)) == {}
    with records():
        assert set(SmsMessage.objects.values_list("status", "attempts")) == {("queued", 0)}
    # A person says it is mended when it is not, and then when it is.
    probe_now("twilio")
    assert dispatch_due(now=NOW + timedelta(minutes=2)) == {"queued": 1}
    assert _line().state == LineState.STOPPED
    double.behave(token=TOKEN)
    probe_now("twilio")
    assert dispatch_due(now=NOW + timedelta(minutes=3)) == {"accepted": 20}
    assert _line().state == LineState.RUNNING


@pytest.mark.case("SS08", "F15")
def test_throttled_in_the_middle_of_a_batch_sends_the_rest_later_and_none_twice(double) -> None:
    _queued(30)
    throttled = {"mode": "error", "status": 429, "code": 20429, "headers": {"Retry-After": "20"}, "times": 4}
    double.behave({"mode": "", "times": 10}, throttled)
    before = len(double.accepted())
    first = dispatch_due(now=NOW)
    assert first["accepted"] + first["queued"] == 30
    assert 10 <= first["accepted"] < 30
    assert dispatch_due(now=NOW, seconds=5) == {}
    accepted, moment = first["accepted"], NOW
    for _again in range(4):  # as many times as it refuses, when each meets a message of its own
        _later_for_the_line()
        moment += timedelta(minutes=10)
        accepted += dispatch_due(now=moment).get("accepted", 0)
    assert accepted == 30
    ours = double.accepted()[before:]
    assert len({each["To"] for each in ours}) == len(ours) == 30


@pytest.mark.case("SS09", "PH05")
def test_a_landline_can_still_be_called_and_a_stop_is_kept(double) -> None:
    with records() as by:
        landline, stopped = fresh("Ane Prøve"), fresh("Ib Prøve")
        plan(by=by, now=NOW)
        for each, number in ((landline, "+15005550009"), (stopped, "+15005550004")):
            for numbered in (SmsMessage.objects.filter(citizen=each.citizen), each.citizen.phones):
                numbered.update(**_sealed(number))
    assert dispatch_due(now=NOW) == {"failed": 2}
    assert dispatch_due(now=NOW + timedelta(days=2)) == {}
    with records():
        assert landline.citizen.phones.get().kind == PhoneKind.LANDLINE
        assert landline.citizen.phones.get().wrong_since is None
        assert [step(landline)[0], step(stopped)[0]] == ["call", "call"]
        assert "mobilnummer" in SmsMessage.objects.get(citizen=landline.citizen).error_text


@pytest.mark.case("SS05", "F16")
def test_what_expires_goes_with_its_time_or_not_at_all(double) -> None:
    _queued(2)
    with records():
        first, second = SmsMessage.objects.order_by("id")
        SmsMessage.objects.filter(pk=first.pk).update(expires_at=NOW + timedelta(minutes=30))
        SmsMessage.objects.filter(pk=second.pk).update(expires_at=NOW)
    assert dispatch_due(now=NOW) == {"accepted": 1, "expired": 1}
    assert double.accepted()[-1]["ValidityPeriod"] == "1800"


def _sealed(number: str) -> dict[str, bytes]:
    sealed = seal("phone", number)
    return {"number_ciphertext": sealed.ciphertext, "number_index": sealed.index}
