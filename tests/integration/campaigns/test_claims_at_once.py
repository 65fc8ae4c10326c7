"""K4 with real threads: no citizen to two callers; and that the test would see it if the locks were not there."""

import importlib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from campaigns.models import CallTask
from campaigns.services.calls import claim_next
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from tests.factories.campaigns import NOW, caller
from tests.factories.contact_pages import records, waiting_citizen

queue = importlib.import_module("campaigns.migrations.0011_call_queue")


def _first_claims(callers: list[Actor]) -> Counter[int]:
    """How often each task was handed out when everybody presses at the same moment."""
    barrier, taken, faults = threading.Barrier(len(callers)), [], []

    def work(by: Actor) -> None:
        try:
            barrier.wait()
            with data_context(by):
                task = claim_next(by=by, now=NOW)
            taken.append(task.pk if task else None)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(by,)) for by in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    return Counter(taken)


@contextmanager
def _functions(*definitions: str) -> Iterator[None]:
    """Other definitions of the claim's functions, for the time being."""
    try:
        with connections["owner"].cursor() as cursor:
            for definition in definitions:
                cursor.execute(definition.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
        yield
    finally:
        with connections["owner"].cursor() as cursor:
            for definition in (queue.FIRST_CALL, queue.NEXT_CALL, queue.CLAIM_CALL):
                cursor.execute(definition.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
        connections["owner"].close()


def _without_locks() -> list[str]:
    """The same choice, but nobody locks what they look at, and a breath between looking and taking."""
    claim = queue.CLAIM_CALL.replace(
        "pg_try_advisory_xact_lock(hashtextextended('household ' || chosen.household_key, of_municipality))",
        "pg_sleep(0.2)::text = ''",
    )
    assert claim != queue.CLAIM_CALL
    naive = claim.split("WHERE t.id = task_id AND NOT EXISTS (")
    claim = naive[0] + "WHERE t.id = task_id;" + naive[1].split(");", 1)[1]
    return [queue.FIRST_CALL.replace("FOR UPDATE SKIP LOCKED", ""), claim]


@pytest.mark.django_db(transaction=True)
def test_eight_callers_get_eight_citizens() -> None:
    callers = [caller(f"ringer-{number}") for number in range(8)]
    with records():
        for number in range(8):
            waiting_citizen(f"Bo {number}")
    assert sorted(_first_claims(callers).values()) == [1] * 8


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_control_without_locks_two_callers_get_one_citizen() -> None:
    callers = [caller(f"ringer-{number}") for number in range(8)]
    with records():
        for number in range(8):
            waiting_citizen(f"Bo {number}")
    with _functions(*_without_locks()):
        assert max(_first_claims(callers).values()) > 1


@pytest.mark.django_db(transaction=True)
def test_two_windows_of_one_caller_show_one_citizen() -> None:
    by = caller()
    with records():
        for number in range(4):
            waiting_citizen(f"Bo {number}")
    taken = _first_claims([by] * 4)
    assert list(taken.values()) == [4]
    with records():
        assert CallTask.objects.filter(state="claimed").count() == 1
