"""Callbacks at the real web process, from a double of Twilio that signs them, worked on by a real worker (F12, F18)."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.db import connection
from twilio.request_validator import RequestValidator

from campaigns.models import ContactAttempt, Conversation, OptOut, SmsMessage
from campaigns.services.callbacks import process_events
from campaigns.services.planning import plan
from outreach.access.models import Organisation, OrganisationKind
from outreach.clock.services import now as clock_now
from outreach.clock.services import set_demo_clock
from outreach.messaging.models import GatewayEvent
from tests.factories.callbacks import FORM, INBOUND, sent_message, sid, status_path
from tests.factories.campaigns import NOW, fresh, statuses
from tests.factories.contact_pages import citizen, phone, records
from tests.fakes.twilio_double import Double, double_offset, running_double, twilio_settings
from tests.fakes.twilio_server import ACCOUNT, TOKEN
from tests.process_worker import process_worker
from tests.web_process import free_port, web_process

pytestmark = pytest.mark.django_db(transaction=True)

DRILL = os.environ.get("OUTREACH_DRILLS") == "1"
STORM, SENDERS = (100_000, 8) if DRILL else (400, 4)
# A worker that hands one message over and dies at the moment the gateway has answered.
DIES_AFTER_SENDING = """
import os, signal
import django
django.setup()
from campaigns.services.messages import dispatch_due
from outreach.clock.services import now
from outreach.messaging.gateways.twilio import TwilioGateway

class Dying(TwilioGateway):
    def send(self, **values):
        super().send(**values)
        os.kill(os.getpid(), signal.SIGKILL)

dispatch_due(now=now(), gateway=Dying())
"""


@pytest.fixture
def double(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[Double]:
    """Twilio's double, and a site with its worker's settings that it can call."""
    Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=183, name="Ishøj Kommune")
    set_demo_clock(NOW)
    port = free_port()
    with running_double(tmp_path) as running:
        running.behave(offset=double_offset(clock_now()))
        chosen = twilio_settings(running, PUBLIC_URL=f"http://127.0.0.1:{port}")
        environment = {name: str(value) for name, value in chosen.items()}
        for name, value in chosen.items():
            monkeypatch.setenv(name, str(value))
            setattr(settings, name, value)
        with web_process(port, environment):
            running.site = ("127.0.0.1", port)  # type: ignore[attr-defined]
            yield running


def post(double: Double, path: str, form: dict[str, str], signed: str | None = None, host: str = "") -> int:
    """Post a form to the site as Twilio does; the answer's status."""
    address, port = double.site  # type: ignore[attr-defined]
    mark = (
        RequestValidator(TOKEN).compute_signature(f"http://{address}:{port}{path}", form) if signed is None else signed
    )
    connected = http.client.HTTPConnection(address, port, timeout=30)
    headers = {"Content-Type": FORM, "X-Twilio-Signature": mark} | ({"Host": host} if host else {})
    connected.request("POST", path, urlencode(form), headers)
    status = connected.getresponse().status
    connected.close()
    return status


def receipt(status: str, number: int = 1) -> dict[str, str]:
    return {"AccountSid": ACCOUNT, "MessageSid": sid(number), "MessageStatus": status}


@pytest.mark.case("SW01", "SW02", "SW03", "SW15")
@pytest.mark.timeout(180)
def test_the_web_process_takes_in_what_twilio_signed_for_its_public_address(double: Double) -> None:
    path, form = status_path(uuid4()), receipt("delivered")
    assert [post(double, path, form) for _time in range(3)] == [200, 200, 200]
    assert post(double, path, form, signed="") == 403
    assert post(double, path, form | {"More": "1"}, signed="AAAA") == 403
    assert post(double, path, form | {"AccountSid": "AC" + "2" * 32}) == 403
    # Another name in the Host header changes nothing about the address that is checked.
    evil = RequestValidator(TOKEN).compute_signature(f"http://localhost{path}", form)
    assert post(double, path, form, signed=evil, host="localhost") == 403
    assert post(double, path, form, host="localhost") == 200
    assert GatewayEvent.objects.count() == 1


@pytest.mark.case("F12")
@pytest.mark.timeout(240)
def test_a_message_whose_worker_died_with_the_answer_in_its_hands_is_resolved_by_the_callback(double: Double) -> None:
    with records() as by:
        each = fresh()
        plan(by=by, now=NOW)
    address = os.environ["DATABASE_URL"].replace("/outreach?", f"/{connection.settings_dict['NAME']}?")
    died = subprocess.run(
        [sys.executable, "-c", DIES_AFTER_SENDING], env={**os.environ, "DATABASE_URL": address}, check=False
    )
    assert died.returncode == -9
    assert statuses() == {"handing_over": 1}
    ((reference, times),) = double.times_by_reference().items()
    assert times == 1
    with records():
        message = SmsMessage.objects.get()
    assert (str(message.pk), message.gateway_id) == (reference, "")
    with process_worker():
        told = double.accepted()[0]["sid"]
        assert double.call_back(told, "sent") == [200]
        _until(lambda: statuses() == {"sent": 1})
    with records():
        message.refresh_from_db()
        assert message.gateway_id == told
        assert ContactAttempt.objects.get().kind == "sms"
        each.refresh_from_db()
        assert each.sms_sent == 1


@pytest.mark.timeout(240)
def test_a_stop_that_comes_over_the_wire_stops_the_number(double: Double) -> None:
    with records():
        owner = citizen()
        phone(owner, "+4520123456")
        sent_message(owner)
    reply = {
        "AccountSid": ACCOUNT, "MessageSid": sid(9), "From": "+4520123456", "To": "+4552998877", "Body": "Stop 🙏",
        "NumMedia": "0",
    }  # fmt: skip
    with process_worker():
        assert post(double, INBOUND, reply) == 200
        _until(lambda: _in_context(OptOut.objects.exists))
    with records():
        assert Conversation.objects.get().suggestion == "stop"


@pytest.mark.case("F18")
@pytest.mark.timeout(1800)
def test_a_storm_of_callbacks_is_only_kept_and_worked_on_afterwards(double: Double, capsys) -> None:
    with records():
        owner = citizen()
        references = [sent_message(owner, step_key=f"storm-{number}").pk for number in range(min(STORM, 1000))]
    times = _storm(double, references)
    assert len(times) == STORM
    times.sort()
    with capsys.disabled():
        print(f"\n{STORM:,} callbacks from {SENDERS} senders: p50 {times[STORM // 2] * 1000:.0f} ms,", end=" ")
        print(f"p95 {times[STORM * 95 // 100] * 1000:.0f} ms, longest {times[-1] * 1000:.0f} ms", end="")
    assert GatewayEvent.objects.count() == STORM
    assert not GatewayEvent.objects.exclude(processed_at=None).exists()
    started = time.monotonic()
    process_events(now=NOW)
    with capsys.disabled():
        print(f"; worked on at {STORM / (time.monotonic() - started):.0f} a second")
    with records():
        assert set(SmsMessage.objects.values_list("status", flat=True)) == {"delivered"}


def _storm(double: Double, references: list[UUID]) -> list[float]:
    """Post signed receipts from several senders at once; seconds of each, every one answered 200."""
    address, port = double.site  # type: ignore[attr-defined]
    validator = RequestValidator(TOKEN)
    times: list[float] = []
    faults: list[int] = []

    def send(sender: int) -> None:
        connected = http.client.HTTPConnection(address, port, timeout=30)
        for number in range(sender, STORM, SENDERS):
            path, form = status_path(references[number % len(references)]), receipt("delivered", number)
            mark = validator.compute_signature(f"http://{address}:{port}{path}", form)
            body = urlencode(form)
            started = time.perf_counter()
            connected.request("POST", path, body, {"Content-Type": FORM, "X-Twilio-Signature": mark})
            answer = connected.getresponse()
            answer.read()
            times.append(time.perf_counter() - started)
            if answer.status != 200:
                faults.append(answer.status)
        connected.close()

    threads = [threading.Thread(target=send, args=(sender,)) for sender in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    return times


def _in_context(ask):  # type: ignore[no-untyped-def]
    with records():
        return ask()


def _until(holds) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < deadline, "the worker did not do it"
        time.sleep(0.2)
