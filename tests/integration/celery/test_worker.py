"""A real worker and a real beat on the embedded servers."""

import os
import time
import urllib.request

import pytest
import redis
from django.db import connection

from outreach.celery import PERIODIC, QUEUES, app
from outreach.embedded.processes import (
    PortTakenError,
    start_beat,
    start_web,
    start_worker,
    stop_processes,
    wait_until_served,
)
from outreach.schedule.models import Heartbeat
from outreach.schedule.tasks import heartbeat

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture
def processes(monkeypatch):
    """Children that work on this test's database, and are stopped after it."""
    address = os.environ["DATABASE_URL"].replace("/outreach?", f"/{connection.settings_dict['NAME']}?")
    monkeypatch.setenv("DATABASE_URL", address)
    started = []
    yield started
    stop_processes(started)


def wait_for_heartbeat(seconds: float = 100) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if Heartbeat.objects.exists():
            return True
        time.sleep(0.1)
    return False


def test_worker_runs_what_is_sent_and_every_queue_is_served(processes):
    processes.append(start_worker(QUEUES, concurrency=1))
    heartbeat.delay()
    assert wait_for_heartbeat()
    served = {queue["name"] for queues in app.control.inspect(timeout=5).active_queues().values() for queue in queues}
    assert served == set(QUEUES)


def test_killed_worker_hands_its_work_to_the_next(processes):
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        broker.delete(PERIODIC)  # what an earlier test asked for and nobody fetched
        heartbeat.delay()
        assert broker.llen(PERIODIC) == 1
    worker = start_worker([PERIODIC], concurrency=1)
    worker.kill()
    worker.wait()
    processes.append(start_worker([PERIODIC], concurrency=1))
    assert wait_for_heartbeat()


@pytest.mark.drill  # the first tick is due after half a minute
def test_beat_ticks(processes):
    processes.append(start_beat())
    deadline = time.monotonic() + 60
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        while not broker.llen(PERIODIC) and not broker.llen("sms") and time.monotonic() < deadline:
            time.sleep(0.2)
        assert broker.llen(PERIODIC) or broker.llen("sms")


def test_web_serves_and_refuses_a_taken_port(processes):
    port = 18_000 + os.getpid() % 10_000
    web = start_web(port)
    processes.append(web)
    wait_until_served(web, port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/live") as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    with pytest.raises(PortTakenError, match="--port"):
        start_web(port)
