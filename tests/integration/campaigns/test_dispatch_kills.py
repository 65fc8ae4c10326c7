"""S5, F11: worker processes die with signal 9 while messages go out; nothing is sent twice, nothing is hidden.

Real Celery workers send through the real SDK to the double, which writes down what a phone would get before it answers.
"""

import os
import random
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from campaigns.models import ContactAttempt, SmsMessage
from campaigns.services.messages import reconcile, sweep_in_doubt
from campaigns.services.planning import plan
from campaigns.tasks import send_due_messages
from outreach.access.models import Organisation, OrganisationKind
from outreach.clock.services import now as clock_now
from outreach.clock.services import set_demo_clock
from outreach.messaging.gateways.twilio import TwilioGateway
from tests.factories.campaigns import NOW, fresh, statuses
from tests.factories.contact_pages import records
from tests.fakes.twilio_double import Double, double_offset, running_double, twilio_settings
from tests.process_worker import process_worker

DRILL = os.environ.get("OUTREACH_DRILLS") == "1"
MESSAGES, KILLS = (3000, 25) if DRILL else (150, 3)
# With few kills each comes while the gateway (0.1 s) still has the first request.
PAUSES = (0.05, 0.6) if DRILL else (0.0, 0.06)
# Slow enough that something is left to kill for.
PER_SECOND = 60 if DRILL else 20


@pytest.mark.case("F11")
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_killed_workers_hand_over_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> None:
    Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=183, name="Ishøj Kommune")
    with records() as by:
        for number in range(MESSAGES):
            fresh(f"Bo {number} Prøve")
        plan(by=by, now=NOW)
    set_demo_clock(NOW)
    with running_double(tmp_path) as double:
        double.behave(latency=0.1, offset=double_offset(clock_now()))
        for name, value in twilio_settings(double, SMS_PER_SECOND=float(PER_SECOND)).items():
            monkeypatch.setenv(name, str(value))
            setattr(settings, name, value)
        with process_worker() as worker:
            kills = _kill_while_it_sends(double, worker)
            _let_it_finish()
        assert kills == KILLS
        times = double.times_by_reference()
        assert max(times.values()) == 1
        found = statuses()
        # What a dead worker had in its hands is not touched by anybody else until it is shown as uncertain.
        assert set(found) <= {"accepted", "handing_over"}
        assert found["handing_over"] >= 1
        assert sweep_in_doubt(now=clock_now() + timedelta(minutes=15)) == found["handing_over"]
        with records():
            uncertain = {str(key) for key in SmsMessage.objects.filter(status="in_doubt").values_list("pk", flat=True)}
            known = {str(key) for key in SmsMessage.objects.filter(status="accepted").values_list("pk", flat=True)}
        # Every message is either known to be accepted or shown as uncertain; none has vanished.
        assert len(known | uncertain) == MESSAGES
        assert known <= times.keys()
        _gateway_tells(uncertain & times.keys())


def _kill_while_it_sends(double: Double, worker: subprocess.Popen[bytes]) -> int:
    """Kill the process that sends, again and again, each time after it has begun to; return how often."""
    kills = 0
    while kills < KILLS and statuses().get("queued"):
        before = double.requests()
        send_due_messages.delay()
        deadline = time.monotonic() + 90
        while double.requests() == before and time.monotonic() < deadline:
            assert worker.poll() is None
            time.sleep(0.02)
        time.sleep(random.uniform(*PAUSES))
        for child in psutil.Process(worker.pid).children():
            child.kill()
        kills += 1
    return kills


def _let_it_finish() -> None:
    deadline = time.monotonic() + (600 if DRILL else 120)
    while statuses().get("queued") and time.monotonic() < deadline:
        send_due_messages.delay()
        time.sleep(2)
    time.sleep(2)  # the last answers are written down


def _gateway_tells(arrived: set[str]) -> None:
    """The list says which of the uncertain ones it has taken; those and no others are resolved."""
    gateway = TwilioGateway()
    try:
        for run in range(1 + MESSAGES // 50):
            reconcile(now=clock_now() + timedelta(minutes=15 + run), gateway=gateway)
    finally:
        gateway.close()
    with records():
        still = {str(key) for key in SmsMessage.objects.filter(status="in_doubt").values_list("pk", flat=True)}
        resolved = SmsMessage.objects.exclude(status="in_doubt")
        assert arrived.isdisjoint(still)
        assert resolved.count() + len(still) == MESSAGES
        # A contact is documented for whoever got a message, once.
        assert ContactAttempt.objects.count() == resolved.count()
