"""F25-F27, F29: two clocks, none, or one that comes back; and the nights when the hour is changed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from outreach.celery import INTERVALS, PERIODIC, app
from outreach.embedded.processes import stop_processes
from outreach.schedule.models import Heartbeat, PeriodicRun
from outreach.schedule.services import BEAT, claim_slot
from tests.process_worker import process_worker

pytestmark = pytest.mark.timeout(400)
JOB = "campaigns.reconcile-messages"
# Beat's own loop with our application and a schedule in a hurry: what comes every five minutes comes every second. It
# sends names only, so that Django is not loaded for it: on a busy machine that alone takes longer than all the rest.
HASTY_BEAT = f"""
import sys
from celery.beat import Service
from outreach.celery import app
app.conf.beat_schedule = {{name: {{"task": name, "schedule": 1.0}} for name in ("{JOB}", "schedule.heartbeat")}}
Service(app, schedule_filename=sys.argv[1]).start()
"""


@pytest.fixture
def beats(tmp_path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Clocks that are stopped after the test."""
    app.control.purge()
    started: list[subprocess.Popen[bytes]] = []
    yield started
    stop_processes(started)
    app.control.purge()


def _start(beats: list[subprocess.Popen[bytes]], folder: object) -> None:
    address = os.environ["DATABASE_URL"].replace("/outreach?", f"/{connection.settings_dict['NAME']}?")
    beats.append(
        subprocess.Popen(
            [sys.executable, "-c", HASTY_BEAT, f"{folder}/schedule-{len(beats)}"],
            env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "outreach.settings"},
            cwd=settings.BASE_DIR,
            stderr=subprocess.DEVNULL,
        )
    )


def _heartbeats_come(newer_than: datetime | None) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        seen = Heartbeat.objects.filter(name=BEAT).values_list("seen_at", flat=True).first()
        if seen and (newer_than is None or seen > newer_than):
            return
        time.sleep(0.1)
    raise AssertionError("no heartbeat came")


def _runs_are_more_than(number: int) -> None:
    deadline = time.monotonic() + 120
    while PeriodicRun.objects.filter(job=JOB).count() <= number:
        assert time.monotonic() < deadline, "no slot was claimed"
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("outreach.health.urls")
@pytest.mark.drill
@pytest.mark.case("F25", "F26", "F27")
def test_two_clocks_none_and_one_again(beats, tmp_path, client: Client) -> None:
    with process_worker():
        # F25: two at once. Twenty calls, one execution for each slot of five minutes.
        _start(beats, tmp_path)
        _start(beats, tmp_path)
        _heartbeats_come(None)
        began = timezone.now()
        _heartbeats_come(began + timedelta(seconds=4))
        slots = PeriodicRun.objects.filter(job=JOB).values_list("slot", flat=True)
        ended = timezone.now()
        crossed = int(ended.timestamp()) // INTERVALS[JOB] - int(began.timestamp() - 90) // INTERVALS[JOB]
        assert 1 <= len(slots) <= 1 + crossed
        assert len(set(slots)) == len(slots)
        # F26: none. Nothing tells so but the age of the heartbeat.
        for beat in beats:
            beat.kill()
            beat.wait()
        app.control.purge()
        time.sleep(1)
        assert client.get("/status").json()["parts"]["beat"]["works"] is True
        Heartbeat.objects.update(seen_at=F("seen_at") - timedelta(minutes=5, seconds=10))
        assert client.get("/status").status_code == 503
        # F27: back after three slots were missed: the one that runs now is done once, those that passed are not.
        missed = timedelta(seconds=3 * INTERVALS[JOB])
        stopped = timezone.now()
        before = PeriodicRun.objects.filter(job=JOB).update(slot=F("slot") - missed)
        _start(beats, tmp_path)
        # Not the heartbeat alone: the worker may still have one in hand of those that were stopped.
        _runs_are_more_than(before)
        _heartbeats_come(timezone.now() + timedelta(seconds=3))
        after = PeriodicRun.objects.filter(job=JOB).count()
        boundary = int(timezone.now().timestamp()) // INTERVALS[JOB] - int(stopped.timestamp()) // INTERVALS[JOB]
        assert 1 <= after - before <= 1 + boundary
        assert client.get("/status").json()["parts"]["beat"]["works"] is True


@pytest.mark.django_db
@pytest.mark.urls("outreach.health.urls")
@pytest.mark.case("F25", "F26", "F27")
def test_the_rows_behind_two_clocks_none_and_one_again(client: Client) -> None:
    """What the drill does with programs: repeated calls, a silent clock, and one that missed three slots."""
    now = timezone.now()
    assert [claim_slot(JOB, 300, now) for _call in range(10)].count(True) == 1
    Heartbeat.objects.create(name=BEAT, seen_at=now - timedelta(minutes=5, seconds=10))
    assert client.get("/status").json()["parts"]["beat"]["works"] is False
    PeriodicRun.objects.update(slot=F("slot") - timedelta(minutes=15))
    assert [claim_slot(JOB, 300, now) for _call in range(10)].count(True) == 1
    assert PeriodicRun.objects.filter(job=JOB).count() == 2  # the missed ones are not made up for


@pytest.mark.django_db
@pytest.mark.case("F29")
@pytest.mark.parametrize(
    "night",
    [
        datetime(2026, 3, 29, 0, 0, tzinfo=UTC),  # 02:30 does not exist in Copenhagen
        datetime(2026, 10, 25, 0, 0, tzinfo=UTC),  # 02:30 comes twice
    ],
)
def test_on_the_nights_of_the_clock_change_each_slot_runs_once(night: datetime) -> None:
    ran = [
        moment
        for seconds in range(0, 3 * 3600, 30)
        for moment in [night + timedelta(seconds=seconds)]
        if claim_slot("night", 1800, moment)
    ]
    # Half past every hour and every full one, three real hours long: six, whatever the clock on the wall shows.
    assert ran == [night + timedelta(minutes=30 * each) for each in range(6)]
    assert PeriodicRun.objects.filter(job="night").count() == 6


def test_every_periodic_task_is_served_by_some_queue() -> None:
    """A job that no worker listens for would be a clock that strikes for nobody."""
    served = {queue.name for queue in app.conf.task_queues}
    routed = {name: app.conf.task_routes.get(name, {}).get("queue", PERIODIC) for name in INTERVALS}
    assert set(routed.values()) <= served
