"""Several at one wave at the same time, and a worker that dies: decided once, and nobody written to twice (SS04)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, connections

from campaigns.models import SmsMessage, SmsWave, SmsWaveRecipient, WaveState
from campaigns.services.waves import approve_wave, take_back
from campaigns.services.waves.jobs import queue_wave
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.errors import UserError
from tests.factories.contact_pages import NOW, records
from tests.factories.waves import approved, awaiting, lead, listener

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
RECIPIENTS, BATCH = 60, 5
# A worker that queues in small batches and says so, until it is killed.
WORKER = f"""
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "outreach.settings"
import django
django.setup()
from datetime import datetime
from campaigns.services.waves import queue_batch
from outreach.access.data_context import job_context
while True:
    with job_context("sms-waves", [183]) as by:
        number = queue_batch(by=by, wave_id=int(sys.argv[1]), now=datetime.fromisoformat(sys.argv[2]), size={BATCH})
    print(number, flush=True)
    if not number:
        break
"""


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run them on threads of their own, beginning together; answers or errors in their order."""
    barrier, answers = threading.Barrier(len(works)), [None] * len(works)  # type: list[object]

    def run(place: int) -> None:
        try:
            barrier.wait()
            answers[place] = works[place]()
        except UserError as error:
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def people(number: int) -> None:
    with records():
        for each in range(number):
            listener(f"Borger{each} Hansen")


def decide(by: Actor, wave: SmsWave) -> SmsWave:
    with data_context(by):
        return approve_wave(by=by, wave=wave, version=wave.version, now=NOW)


def test_two_who_approve_at_once_approve_it_once() -> None:
    people(3)
    maker, one, other = lead("laver"), lead("en"), lead("to")
    with data_context(maker):
        wave = awaiting(maker)
    answers = at_once(lambda: decide(one, wave), lambda: decide(other, wave))
    refused = [answer for answer in answers if isinstance(answer, UserError)]
    assert [error.code for error in refused] == ["wave_state"]
    with records():
        assert SmsWaveRecipient.objects.filter(wave=wave).count() == 3
    assert [change.state for change in wave.changes.all()].count("approved") == 1


def test_approving_while_it_is_taken_back_ends_in_one_of_the_two() -> None:
    people(2)
    maker, approver = lead("laver"), lead("godkender")
    with data_context(maker):
        wave = awaiting(maker)

    def back() -> SmsWave:
        with data_context(maker):
            return take_back(by=maker, wave=wave, now=NOW)

    answers = at_once(lambda: decide(approver, wave), back)
    assert len([answer for answer in answers if isinstance(answer, UserError)]) == 1
    wave.refresh_from_db()
    with records():
        frozen = SmsWaveRecipient.objects.filter(wave=wave).count()
    assert (wave.state, frozen) in {(WaveState.APPROVED, 2), (WaveState.DRAFT, 0)}


@pytest.mark.case("SS04")
def test_two_workers_at_one_wave_write_to_each_once() -> None:
    people(20)
    wave = approved(lead("laver"), lead("godkender"))
    at_once(lambda: queue_wave(wave.pk, now=NOW), lambda: queue_wave(wave.pk, now=NOW))
    with records():
        citizens = list(SmsMessage.objects.filter(wave=wave).values_list("citizen", flat=True))
    assert len(citizens) == len(set(citizens)) == 20


@pytest.mark.case("F11")
@pytest.mark.timeout(180)
def test_a_killed_worker_is_followed_by_one_that_goes_on() -> None:
    people(RECIPIENTS)
    wave = approved(lead("laver"), lead("godkender"))
    address = os.environ["DATABASE_URL"].replace("/outreach?", f"/{connection.settings_dict['NAME']}?")
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(wave.pk), NOW.isoformat()],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": address}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert worker.stdout is not None
    with worker.stdout as told:
        for _batch in range(3):
            assert told.readline().strip() == str(BATCH)
        worker.kill()
        worker.wait()
    with records():
        before = SmsMessage.objects.filter(wave=wave).count()
    # Whole batches only; the fourth may have been committed before the kill, or more.
    assert before % BATCH == 0
    assert 3 * BATCH <= before < RECIPIENTS
    queue_wave(wave.pk, now=NOW)
    with records():
        messages = list(SmsMessage.objects.filter(wave=wave).values_list("citizen", "not_before"))
    assert len({citizen for citizen, _at in messages}) == len(messages) == RECIPIENTS
    # One a second from the start, whoever queued them.
    assert len({at for _citizen, at in messages}) == RECIPIENTS
