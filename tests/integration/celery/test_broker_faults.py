"""F10, F13, F20-F24, F28: the broker floods, forgets, repeats or is gone, and clocks jump, while messages go out.

Real workers, the real SDK, the double of Twilio. What beat sends every 30 seconds the tests send themselves; beat's own
faults are in test_beat_faults.py.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import redis
import requests
from django.conf import settings as django_settings
from django.db import connection

from campaigns.models import SmsMessage
from campaigns.services.messages import sweep_in_doubt
from campaigns.services.planning import plan
from campaigns.tasks import send_due_messages
from outreach.access.data_context import data_context
from outreach.access.models import Organisation, OrganisationKind
from outreach.access.roles import Role
from outreach.celery import IMPORT, QUEUES, SMS, app
from outreach.clock.services import now as clock_now
from outreach.clock.services import set_demo_clock
from outreach.embedded.processes import start_web, start_worker, stop_processes, wait_until_served
from registry.models import NonresponderList, Programme
from registry.tasks import import_list, sweep_imports
from tests.factories.campaigns import NOW, fresh, statuses
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import records
from tests.factories.registry import csv_file, receive, row
from tests.fakes.twilio_double import Double, double_offset, running_double, twilio_settings
from tests.process_worker import process_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
# A host whose clock is wrong by this many seconds hands over what is due.
WRONG_CLOCK = """
import os, sys
import time_machine
from datetime import datetime, timedelta
with time_machine.travel(datetime.now().astimezone() + timedelta(seconds=int(sys.argv[1])), tick=True):
    import django
    django.setup()
    from campaigns.tasks import send_due_messages, sweep_messages
    send_due_messages()
    sweep_messages()
"""


@pytest.fixture
def double(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: object) -> Iterator[Double]:
    app.control.purge()
    Organisation.objects.get_or_create(kind=OrganisationKind.MUNICIPALITY, code=183, defaults={"name": "Ishøj"})
    set_demo_clock(NOW)
    with running_double(tmp_path) as found:
        found.behave(latency=0.05, offset=double_offset(clock_now()))
        for name, value in twilio_settings(found).items():
            monkeypatch.setenv(name, str(value))
            setattr(settings, name, value)
        yield found
    app.control.purge()


def _queued(number: int) -> None:
    with records() as by:
        for each in range(number):
            fresh(f"Bo {each} Prøve")
        plan(by=by, now=clock_now())


def _broker() -> redis.Redis:
    return redis.Redis.from_url(os.environ["REDIS_URL"])


def _until(condition: Callable[[], bool], what: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def _all_accepted(number: int) -> Callable[[], bool]:
    return lambda: statuses() == {"accepted": number}


@contextmanager
def _workers(queues: tuple[str, ...], concurrency: int) -> Iterator[None]:
    address = os.environ["DATABASE_URL"].replace("/outreach?", f"/{connection.settings_dict['NAME']}?")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", address)
        patch.setenv("UPLOAD_ROOT", str(django_settings.UPLOAD_ROOT))
        worker = start_worker(queues, concurrency=concurrency)
        try:
            yield
        finally:
            stop_processes([worker])


@pytest.mark.case("F13", "F20", "F24", "SS04")
def test_a_broker_that_repeats_forgets_and_goes_back_in_time_sends_nothing_twice_and_loses_nothing(double) -> None:
    _queued(40)
    for _time in range(20):
        send_due_messages.delay()
    with _broker() as broker:
        snapshot = {key: broker.dump(key) for key in broker.scan_iter() if broker.type(key) == b"list"}
        assert broker.llen(SMS) == 20
    with _workers(QUEUES, 4):
        # F13: the same work on four workers at once.
        _until(_all_accepted(40), "the first forty")
        # F24: the broker comes back as it was before.
        with _broker() as broker:
            for key, content in snapshot.items():
                broker.restore(key, 0, content, replace=True)
            _until(lambda: not broker.llen(SMS), "the repeated calls")
        # F20: everything it knows is gone. (One broker serves several test processes, so ours is flushed, not theirs.)
        _queued(15)
        with _broker() as broker:
            send_due_messages.delay()
            broker.flushdb()
        send_due_messages.delay()  # what beat does within half a minute
        _until(_all_accepted(55), "those whose calls were lost")
    times = double.times_by_reference()
    assert (len(times), set(times.values())) == (55, {1})


@pytest.mark.case("F10")
def test_messages_go_out_while_the_import_queue_is_full(double) -> None:
    admin = actor_with_role(Role.LIST_ADMIN, username="listeadmin")
    lists = []
    for number in range(6):
        rows = [row(serial) for serial in range(number * 400 + 1, number * 400 + 401)]
        lists.append(receive(admin, csv_file(rows), as_of=NOW.date() - timedelta(days=number)).pk)
    _queued(50)
    for list_id in lists * 5:
        import_list.delay(list_id)
    with _workers((IMPORT,), 1), _workers((SMS,), 1):
        with _broker() as broker:
            _until(lambda: broker.llen(IMPORT) < 30, "the first import begun")
            started = time.time()
            send_due_messages.delay()
            _until(_all_accepted(50), "the messages")
        handed_over = sorted(each["at"] - started for each in double.accepted())
        # The one limit that the catalogue gives: 95 of 100 within ten seconds of the wake-up call.
        assert handed_over[len(handed_over) * 95 // 100] < 10
    assert set(double.times_by_reference().values()) == {1}


@pytest.mark.case("F28")
@pytest.mark.parametrize("jump", [3600, -3600])
def test_a_host_whose_clock_is_an_hour_wrong_changes_nothing(double, jump: int) -> None:
    _queued(6)
    address = os.environ["DATABASE_URL"].replace("/outreach?", f"/{connection.settings_dict['NAME']}?")
    for _run in range(2):
        subprocess.run(
            [sys.executable, "-c", WRONG_CLOCK, str(jump)],
            env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "outreach.settings"},
            cwd=django_settings.BASE_DIR,
            check=True,
        )
    times = double.times_by_reference()
    assert (len(times), set(times.values())) == (6, {1})
    assert statuses() == {"accepted": 6}
    with records():
        moments = list(SmsMessage.objects.values_list("handed_over_at", flat=True))
    assert all(NOW <= moment <= clock_now() for moment in moments)
    assert sweep_in_doubt(now=clock_now()) == 0


@pytest.mark.case("F23")
def test_a_full_broker_refuses_and_never_forgets(double) -> None:
    with _broker() as broker:
        assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert int(broker.config_get("maxmemory")["maxmemory"]) > 0
    composed = (django_settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    assert "--maxmemory-policy noeviction" in composed


@pytest.mark.case("F21", "F22")
def test_without_a_broker_people_log_in_read_and_hand_in_and_the_work_is_found_later(
    double, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # the web process's own
    admin = actor_with_role(Role.LIST_ADMIN, username="listeadmin")
    address = os.environ["DATABASE_URL"].replace("/outreach?", f"/{connection.settings_dict['NAME']}?")
    port = 19_000 + os.getpid() % 9_000
    with monkeypatch.context() as patch:
        patch.setenv("DATABASE_URL", address)
        patch.setenv("UPLOAD_ROOT", str(django_settings.UPLOAD_ROOT))
        patch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
        web = start_web(port)
        try:
            wait_until_served(web, port, seconds=200)
            _hand_in_a_list(f"http://127.0.0.1:{port}")
            status = requests.get(f"http://127.0.0.1:{port}/status", timeout=30)
            assert (status.status_code, status.json()["parts"]["broker"]["works"]) == (503, False)
        finally:
            stop_processes([web])
    with data_context(admin):
        received = NonresponderList.objects.get()
        assert received.state == "uploaded"
    with process_worker():
        sweep_imports.delay()
        _until(lambda: NonresponderList.objects.get().state == "reviewed", "the list read once the broker is back")


def _hand_in_a_list(site: str) -> None:
    """Log in and upload, as a browser does."""
    with requests.Session() as browser:
        browser.trust_env = False
        inside = _post(browser, f"{site}/log-ind/", {"login": "listeadmin", "password": "adgang-til-test-1"})
        assert "session" in browser.cookies, inside.text[-3000:]
        assert browser.get(f"{site}/lister/", timeout=30).status_code == 200
        programme = str(Programme.objects.get(code="covid-19").pk)
        stated = {"kind": "standing", "programme": programme, "as_of": "20.04.2021", "waiting_days": "22"}
        file = {"file": ("liste.csv", csv_file([row(serial) for serial in range(1, 11)]).getvalue(), "text/csv")}
        answer = _post(browser, f"{site}/lister/indlaes/", stated, file)
        assert answer.status_code == 200
        assert re.search(r"/lister/\d+/", answer.url), answer.text[:2000]


def _post(browser: requests.Session, url: str, form: dict, file: dict | None = None) -> requests.Response:
    page = browser.get(url, timeout=30).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    data = {**form, "csrfmiddlewaretoken": token[1]}
    return browser.post(url, data=data, files=file, headers={"Referer": url}, timeout=30)
