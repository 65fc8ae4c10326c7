"""S5, F11, F12: dispatchers die with signal 9 while messages go out; nothing is handed over twice, nothing is hidden.

The gateway of the test writes each hand-over to a file before it answers, so that it counts what the phone would see.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from campaigns.models import SmsMessage
from campaigns.services.messages import dispatch_due, sweep_in_doubt
from campaigns.services.planning import plan
from outreach.access.models import Organisation, OrganisationKind
from tests.factories.campaigns import NOW, CountingGateway, fresh, statuses
from tests.factories.contact_pages import records

DRILL = os.environ.get("OUTREACH_DRILLS") == "1"
MESSAGES, KILLS = (3000, 21) if DRILL else (120, 3)
DISPATCHER = """
import os, sys, time
import django; django.setup()
from datetime import datetime
from campaigns.services.messages import dispatch_due
from outreach.messaging.gateways import Accepted

class Recorder:
    name = "recorder"
    def send(self, *, reference, to, body, sender, valid_seconds=None):
        line = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(line, f"{reference}\\n".encode())
        os.close(line)
        time.sleep(0.05)
        return Accepted(str(reference))

print("working", flush=True)
for _pass in range(100):
    dispatch_due(now=datetime.fromisoformat(sys.argv[2]), gateway=Recorder(), limit=20)
"""


@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_killed_dispatchers_hand_over_nothing_twice(tmp_path: Path) -> None:
    Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=183, name="Ishøj Kommune")
    with records() as by:
        for number in range(MESSAGES):
            fresh(f"Bo {number} Prøve")
        plan(by=by, now=NOW)
    handed_over = tmp_path / "handed-over"
    for _kill in range(KILLS):
        dispatcher = _dispatcher(handed_over)
        time.sleep(random.uniform(0.02, 0.3))
        dispatcher.kill()
        dispatcher.communicate()
    sweep_in_doubt(now=NOW + timedelta(minutes=15))
    # What was not in a dead dispatcher's hands goes on as ever.
    rest = CountingGateway()
    dispatch_due(now=NOW + timedelta(minutes=16), gateway=rest)
    lines = handed_over.read_text().split() if handed_over.exists() else []
    times = Counter(lines) + Counter(str(reference) for reference in rest.sent)
    assert max(times.values()) == 1
    found = statuses()
    assert set(found) <= {"accepted", "in_doubt"}
    assert sum(found.values()) == MESSAGES
    with records():
        uncertain = {str(key) for key in SmsMessage.objects.filter(status="in_doubt").values_list("pk", flat=True)}
    # Every message is either known to be accepted or shown as uncertain; none has vanished.
    assert len(times.keys() | uncertain) == MESSAGES


def _dispatcher(handed_over: Path) -> subprocess.Popen[bytes]:
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    dispatcher = subprocess.Popen(
        [sys.executable, "-c", DISPATCHER, str(handed_over), NOW.isoformat()],
        env={**os.environ, "DATABASE_URL": address, "LOG_LEVEL": "ERROR"},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
    )
    assert dispatcher.stdout is not None
    assert dispatcher.stdout.readline() == b"working\n"
    return dispatcher
