"""S1, S5: the real SDK against the double over real sockets; each way of failing is what it must be."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured

from outreach.messaging.gateways import (
    GatewayAccountTrouble,
    GatewayInDoubt,
    GatewayRefused,
    GatewayRetryable,
    GatewaySenderTrouble,
    NumberFate,
    get_gateway,
)
from outreach.messaging.gateways.twilio import TwilioGateway
from tests.fakes.twilio_double import Double, running_double, twilio_settings
from tests.fakes.twilio_server import ACCOUNT

NUMBER, TEXT = "+4520123456", "Hej Åse, ring på 43 57 75 75. €"


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Double]:
    with running_double(tmp_path_factory.mktemp("twilio")) as found:
        yield found


@pytest.fixture
def gateway(double: Double, settings) -> Iterator[TwilioGateway]:
    for name, value in twilio_settings(double).items():
        setattr(settings, name, value)
    double.behave(latency=0.0)
    made = TwilioGateway(read_seconds=0.5)
    yield made
    made.close()


def _send(gateway: TwilioGateway, to: str = NUMBER, valid_seconds: int | None = None) -> str:
    reference = uuid4()
    gateway.send(reference=reference, to=to, body=TEXT, sender="Ishoj", valid_seconds=valid_seconds)
    return str(reference)


def test_a_message_arrives_as_it_was_written_with_our_id_in_its_callback(gateway, double, settings) -> None:
    reference = uuid4()
    accepted = gateway.send(reference=reference, to=NUMBER, body=TEXT, sender="Ishoj", valid_seconds=7200)
    taken = double.accepted()[-1]
    assert taken["sid"] == accepted.gateway_id
    assert (taken["To"], taken["Body"], taken["From"]) == (NUMBER, TEXT, "Ishoj")
    assert taken["StatusCallback"] == f"http://localhost:8000/webhooks/twilio/status/{reference}/"
    assert taken["ValidityPeriod"] == "7200"
    assert taken["SmartEncoded"].lower() == "false"  # S2: no character is replaced


@pytest.mark.parametrize(
    ("seconds", "sent"), [(0, "1"), (-5, "1"), (1, "1"), (36_000, "36000"), (99_999, "36000"), (None, None)]
)
@pytest.mark.case("SS05")
def test_how_long_it_is_valid_stays_within_the_gateways_bounds(gateway, double, seconds, sent) -> None:
    _send(gateway, valid_seconds=seconds)
    assert double.accepted()[-1].get("ValidityPeriod") == sent


def test_the_sender_is_the_service_or_our_number_before_the_municipalitys_name(gateway, double, settings) -> None:
    settings.TWILIO_FROM = "+4592450000"
    _send(gateway)
    assert double.accepted()[-1]["From"] == "+4592450000"
    settings.TWILIO_MESSAGING_SERVICE_SID = "MG" + "a" * 32
    _send(gateway)
    assert double.accepted()[-1]["MessagingServiceSid"] == "MG" + "a" * 32
    assert "From" not in double.accepted()[-1]


@pytest.mark.parametrize(
    ("number", "code", "fate"),
    [
        ("+15005550001", "21211", NumberFate.WRONG),
        ("+15005550009", "21614", NumberFate.LANDLINE),
        ("+15005550004", "21610", NumberFate.OPTED_OUT),
        ("+15005550002", "21612", NumberFate.NOTHING),
        ("+15005550003", "21408", NumberFate.NOTHING),
    ],
)
@pytest.mark.case("SS09")
def test_a_number_that_is_refused(gateway, double, number, code, fate) -> None:
    before = len(double.accepted())
    with pytest.raises(GatewayRefused) as refused:
        _send(gateway, to=number)
    assert (refused.value.code, refused.value.fate) == (code, fate)
    assert len(double.accepted()) == before


def test_an_unknown_code_is_shown_with_its_number(gateway, double) -> None:
    double.behave({"mode": "error", "status": 400, "code": 21999})
    with pytest.raises(GatewayRefused) as refused:
        _send(gateway)
    assert "21999" in refused.value.danish
    assert not refused.value.fate


@pytest.mark.case("F15", "SS08")
def test_throttled_is_tried_again_when_the_gateway_says_so(gateway, double) -> None:
    double.behave({"mode": "error", "status": 429, "code": 20429, "headers": {"Retry-After": "17"}})
    with pytest.raises(GatewayRetryable) as slow:
        _send(gateway)
    assert (slow.value.unreachable, slow.value.retry_after, slow.value.code) == (False, 17.0, "20429")
    double.behave({"mode": "error", "status": 429, "code": 20429, "headers": {"Retry-After": "Wed, 21 Oct 2026"}})
    with pytest.raises(GatewayRetryable) as undated:
        _send(gateway)
    assert undated.value.retry_after is None


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 401, "code": 20003},
        {"status": 403, "code": 20003},
        {"status": 403, "code": 20008},
        {"status": 401},
        {"status": 404, "code": 20404},
        {"status": 400, "code": 21703},
        {"status": 400, "code": 21608},
    ],
)
@pytest.mark.case("F17")
def test_trouble_with_our_own_account_is_no_fault_of_the_message(gateway, double, fault) -> None:
    double.behave({"mode": "error", **fault})
    with pytest.raises(GatewayAccountTrouble) as trouble:
        _send(gateway)
    assert trouble.value.danish


@pytest.mark.parametrize("code", [21212, 21606, 21659, 21660])
@pytest.mark.case("F17")
def test_a_refused_sender_is_the_municipalitys_trouble_unless_it_is_everybodys(gateway, double, settings, code) -> None:
    double.behave({"mode": "error", "status": 400, "code": code, "times": 2})
    with pytest.raises(GatewaySenderTrouble, match=str(code)):
        _send(gateway)
    settings.TWILIO_FROM = "+4592450000"
    with pytest.raises(GatewayAccountTrouble, match=str(code)):
        _send(gateway)


@pytest.mark.case("F17")
def test_credentials_that_were_revoked(gateway, double) -> None:
    double.behave(token="f" * 32)
    with pytest.raises(GatewayAccountTrouble, match="20003"):
        _send(gateway)
    double.behave(token="0123456789abcdef0123456789abcdef")
    _send(gateway)


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        ({"mode": "hang", "seconds": 2}, 1),
        ({"mode": "hang", "seconds": 2, "accept": False}, 0),
        ({"mode": "cut"}, 1),
        ({"mode": "drop"}, 0),
        ({"mode": "nonsense"}, 1),
        ({"mode": "error", "status": 500}, 0),
        ({"mode": "error", "status": 502}, 0),
        ({"mode": "error", "status": 503, "code": 20503}, 0),
        ({"mode": "error", "status": 503, "accept": True}, 1),
        ({"mode": "error", "status": 408}, 0),
        ({"mode": "error", "status": 302, "headers": {"Location": "/elsewhere"}}, 0),
    ],
)
@pytest.mark.case("F14", "F15", "SS08")
def test_what_was_written_and_not_answered_is_in_doubt_and_asked_once(gateway, double, fault, taken) -> None:
    before, requests = len(double.accepted()), double.requests()
    double.behave(fault)
    with pytest.raises(GatewayInDoubt):
        _send(gateway)
    assert double.requests() == requests + 1
    assert len(double.accepted()) == before + taken


@pytest.mark.case("F15")
def test_a_kept_connection_that_the_other_end_closed_is_in_doubt_too(gateway, double) -> None:
    _send(gateway)
    double.behave({"mode": "drop"})
    with pytest.raises(GatewayInDoubt):
        _send(gateway)
    _send(gateway)


@pytest.mark.case("F15")
def test_nobody_there_is_certain(gateway, settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        settings.TWILIO_API_URL = f"http://127.0.0.1:{port}"
        refused = TwilioGateway()
        with pytest.raises(GatewayRetryable, match="not_connected") as found:
            _send(refused)
    assert found.value.unreachable
    refused.close()


def test_a_name_that_nobody_has_is_certain(gateway, settings) -> None:
    settings.TWILIO_API_URL = "http://gateway.invalid"
    unknown = TwilioGateway()
    with pytest.raises(GatewayRetryable):
        _send(unknown)
    unknown.close()


def test_a_connection_that_is_never_taken_is_certain(gateway, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.messaging.gateways.twilio_http.CONNECT_SECONDS", 0.3)
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        settings.TWILIO_API_URL = f"http://127.0.0.1:{full.getsockname()[1]}"
        never = TwilioGateway()
        with pytest.raises(GatewayRetryable, match="connect_timeout"):
            _send(never)
        never.close()


def test_the_other_end_speaks_no_tls_nothing_was_written(gateway, double, settings) -> None:
    """The handshake fails before the request; which error it is differs, so it counts as doubt, never as sent."""
    settings.TWILIO_API_URL = double.url.replace("http://", "https://")
    before = len(double.accepted())
    wrong = TwilioGateway()
    with pytest.raises((GatewayRetryable, GatewayInDoubt)):
        _send(wrong)
    wrong.close()
    assert len(double.accepted()) == before


def test_the_list_finds_what_went_to_a_number(gateway, double) -> None:
    started = datetime.now(UTC) - timedelta(seconds=2)
    numbers = [f"+45201290{each:02d}" for each in range(5)]
    for number in numbers:
        _send(gateway, to=number)
    last = datetime.now(UTC) + timedelta(seconds=2)
    found = list(gateway.sent_between(first=started, last=last, to=numbers[3], limit=10))
    assert [(each.to, each.body, each.status) for each in found] == [(numbers[3], TEXT, "queued")]
    assert abs(found[0].created_at - datetime.now(UTC)) < timedelta(seconds=30)
    newest = list(gateway.sent_between(first=started, last=last, limit=3))
    assert [each.to for each in newest] == numbers[:1:-1]
    assert list(gateway.sent_between(first=last, last=last + timedelta(hours=1), limit=10)) == []


def test_the_list_pages(gateway, double, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.messaging.gateways.twilio.PAGE", 2)
    started = datetime.now(UTC) - timedelta(seconds=2)
    for each in range(5):
        _send(gateway, to=f"+45201291{each:02d}")
    found = gateway.sent_between(first=started, last=datetime.now(UTC) + timedelta(seconds=2), limit=5)
    assert [each.to[-1] for each in found] == ["4", "3", "2", "1", "0"]


def test_reading_the_list_is_never_in_doubt(gateway, double, settings) -> None:
    now = datetime.now(UTC)
    double.behave(token="f" * 32)
    with pytest.raises(GatewayAccountTrouble):
        list(gateway.sent_between(first=now, last=now, limit=1))
    double.behave(token="0123456789abcdef0123456789abcdef")
    settings.TWILIO_API_URL = "http://gateway.invalid"
    unknown = TwilioGateway()
    with pytest.raises(GatewayRetryable):
        list(unknown.sent_between(first=now, last=now, limit=1))
    unknown.close()


def test_nothing_personal_reaches_a_log_at_any_level(gateway, double, caplog: pytest.LogCaptureFixture) -> None:
    """A4: the SDK would log number and text of each request, and urllib3 the query of the list."""
    with caplog.at_level(logging.DEBUG):
        _send(gateway)
        double.behave({"mode": "error", "status": 400, "code": 21211})
        with pytest.raises(GatewayRefused) as refused:
            _send(gateway)
        double.behave({"mode": "drop"})
        with pytest.raises(GatewayInDoubt) as doubt:
            _send(gateway)
        now = datetime.now(UTC)
        list(gateway.sent_between(first=now - timedelta(minutes=1), last=now, to=NUMBER, limit=1))
    written = " ".join([caplog.text, repr(refused.value), repr(doubt.value), str(refused.value.__cause__)])
    for secret in ("20123456", "43 57 75 75", "Åse", "%2B45", ACCOUNT):
        assert secret not in written


def test_credentials_are_needed(settings) -> None:
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "", ""
    with pytest.raises(ImproperlyConfigured, match="TWILIO_AUTH_TOKEN"):
        get_gateway("twilio")


def test_the_environment_neither_names_the_account_nor_a_way_out(
    double: Double, gateway, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    before = len(double.accepted())
    own = TwilioGateway()
    _send(own)
    own.close()
    assert len(double.accepted()) == before + 1
