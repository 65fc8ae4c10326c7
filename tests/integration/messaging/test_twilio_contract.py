"""S1: our real requests, and our double's real answers, held against Twilio's own OpenAPI document by Prism.

Prism stands between the SDK and the double: a request or an answer that breaks the contract comes back as an error.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from outreach.messaging.gateways import GatewayRefused
from outreach.messaging.gateways.twilio import TwilioGateway
from tests.fakes.twilio_double import Double, running_double, twilio_settings
from tests.fakes.twilio_server import ACCOUNT, PREFIX, TOKEN

ROOT = Path(__file__).resolve().parents[3]
PRISM = ROOT / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
SPEC = ROOT / "node_modules" / "@twilio-alpha" / "mcp" / "twilio-oai" / "spec" / "json" / "twilio_api_v2010.json"

pytestmark = [
    pytest.mark.skipif(
        not (PRISM.exists() and SPEC.exists() and shutil.which("node")) and not os.environ.get("CI"),
        reason="the contract mock is not installed: npm ci",
    ),
    pytest.mark.timeout(180),
]


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Double]:
    with running_double(tmp_path_factory.mktemp("twilio")) as found:
        yield found


@contextmanager
def running_prism(*mode: str) -> Iterator[str]:
    """Prism's address. A mock refuses requests that break the document; `proxy --errors` answers as well."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command, *more = mode
    program = subprocess.Popen(
        ["node", str(PRISM), command, "-h", "127.0.0.1", "-p", str(port), str(SPEC), *more],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 120
        while not _listens(port):
            assert program.poll() is None, "prism did not start"
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        program.kill()
        program.wait()


@pytest.fixture(scope="module")
def prism(double: Double) -> Iterator[str]:
    """In front of the double."""
    with running_prism("proxy", double.url, "--errors") as address:
        yield address


@pytest.fixture
def gateway(prism: str, double: Double, settings) -> Iterator[TwilioGateway]:
    for name, value in twilio_settings(double, TWILIO_API_URL=prism, PUBLIC_URL="https://opsoeg.example.dk").items():
        setattr(settings, name, value)
    made = TwilioGateway()
    yield made
    made.close()


def test_what_we_send_and_what_the_double_answers_keep_the_contract(gateway, double, settings) -> None:
    for valid_seconds in (None, 3600):
        gateway.send(reference=uuid4(), to="+4520123456", body="Hej Åse €", sender="Ishoj", valid_seconds=valid_seconds)
    settings.TWILIO_MESSAGING_SERVICE_SID = "MG" + "a" * 32
    gateway.send(reference=uuid4(), to="+4520123456", body="Hej", sender="Ishoj")
    assert len(double.accepted()) == 3


def test_our_question_to_the_list_keeps_the_contract_and_twilios_own_example_is_understood(gateway, settings) -> None:
    with running_prism("mock") as mock:
        settings.TWILIO_API_URL = mock
        asking = TwilioGateway()
        now = datetime.now(UTC)
        found = list(asking.sent_between(first=now - timedelta(hours=1), last=now, to="+4520999999", limit=2))
        asking.close()
    first = found[0]
    assert (first.body, first.status) == ("testing", "sent")
    assert first.created_at == datetime(2019, 5, 24, 17, 44, 46, tzinfo=UTC)


def test_the_doubles_list_keeps_the_contract(gateway, double, prism) -> None:
    sids = [gateway.send(reference=uuid4(), to="+4520999999", body=f"Hej {each}", sender="Ishoj") for each in range(3)]
    double.report(sids[0].gateway_id, "undelivered", 30005)
    basic = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    question = urllib.request.Request(
        f"{prism}{PREFIX}.json?To=%2B4520999999&PageSize=2", headers={"Authorization": f"Basic {basic}"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(question, timeout=10)
    broken = {(each["code"], each["location"][-1]) for each in json.load(refused.value)["validation"]}
    # The document asks for whole addresses, where its own examples, like Twilio, give paths. Nothing else is amiss.
    assert broken == {("format", "first_page_uri"), ("format", "next_page_uri"), ("format", "uri")}


def test_a_single_message_keeps_the_contract(gateway, double, prism) -> None:
    sid = gateway.send(reference=uuid4(), to="+4520888888", body="Hej", sender="Ishoj").gateway_id
    fetched = gateway._client.messages(sid).fetch()
    assert (fetched.sid, fetched.to) == (sid, "+4520888888")


def test_the_contract_is_really_checked(gateway, prism, double) -> None:
    """A request that breaks it never reaches the double: an unknown kind of validity, a page beyond the bounds."""
    before = len(double.accepted())
    wrong = urllib.request.Request(
        f"{prism}{PREFIX}.json",
        data=b"To=%2B4520123456&Body=Hej&From=Ishoj&ValidityPeriod=soon",
        headers={"Authorization": "Basic eDp5"},
    )
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(wrong, timeout=10)
    assert len(double.accepted()) == before


def test_a_refusal_comes_through_as_it_is(gateway) -> None:
    with pytest.raises(GatewayRefused, match="21211"):
        gateway.send(reference=uuid4(), to="+15005550001", body="Hej", sender="Ishoj")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
