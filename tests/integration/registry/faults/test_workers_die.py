"""Real Celery workers on the real broker, killed and stopped while a list is read."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from openpyxl import Workbook

from outreach.access.actor import Actor
from outreach.celery import app
from registry import tasks
from registry.imports import list_matching
from registry.models import ListStateChange, NonresponderList
from tests.factories.registry import csv_file, receive, row

from .processes import held_up, is_alive, kill, kill_tree, new_rows, rows_of, state_of, sweep_later, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
StartWorker = Callable[..., psutil.Process]
ROWS = 30


def listed(first: int = 1) -> BytesIO:
    return csv_file([row(serial) for serial in range(first, first + ROWS)])


def assert_read_once(admin: Actor, list_id: int) -> None:
    """Exactly what a run without a fault writes, and each state once."""
    assert rows_of(admin, list_id) == new_rows(1, ROWS)
    states = list(ListStateChange.objects.filter(nonresponder_list=list_id).values_list("state", flat=True))
    assert states == ["uploaded", "read", "matched", "reviewed"]


def wait_until_reviewed(list_id: int, by_whom: str) -> None:
    wait_for(lambda: state_of(list_id) == "reviewed", f"the list read by {by_whom}")


@pytest.mark.case("F01")
def test_worker_killed_before_the_commit_of_what_it_read(admin: Actor, start_worker: StartWorker) -> None:
    """All or nothing; the list waits again and is read once."""
    received = receive(admin, listed())
    worker = start_worker()
    with held_up() as wait:
        tasks.import_list.delay(received.pk)
        wait()
        kill_tree(worker)
    assert state_of(received.pk) == "uploaded"
    assert rows_of(admin, received.pk) == []
    start_worker()
    sweep_later()
    wait_until_reviewed(received.pk, "the next worker")
    assert_read_once(admin, received.pk)


@pytest.mark.case("F03")
def test_worker_killed_after_the_commit_and_before_its_answer(
    admin: Actor, start_worker: StartWorker, tmp_path: Path
) -> None:
    """The message comes again and finds nothing to do."""
    received = receive(admin, listed())
    done = tmp_path / "done"

    def hangs_after_its_work() -> None:
        real = tasks.advance

        def advance(list_id: int, **options: object) -> None:
            real(list_id, **options)  # type: ignore[arg-type]
            done.touch()
            time.sleep(600)

        tasks.advance = advance  # type: ignore[assignment]

    worker = start_worker(hangs_after_its_work)
    tasks.import_list.delay(received.pk)
    wait_for(done.exists, "the work done")
    kill_tree(worker)
    other = receive(admin, listed(100))
    start_worker()
    tasks.import_list.delay(received.pk)  # as the broker does when the answer never comes
    tasks.import_list.delay(other.pk)
    wait_until_reviewed(other.pk, "the message behind it")
    assert_read_once(admin, received.pk)


@pytest.mark.case("F04")
def test_killed_pool_process_loses_no_list(admin: Actor, start_worker: StartWorker) -> None:
    """The worker lives on, and the list is read once."""
    received = receive(admin, listed())
    worker = start_worker()
    with held_up() as wait:
        tasks.import_list.delay(received.pk)
        wait()
        (pool,) = worker.children()
        kill(pool, *pool.children(recursive=True))
        assert state_of(received.pk) == "uploaded"
    sweep_later()
    wait_until_reviewed(received.pk, "the pool's next process")
    assert is_alive(worker)
    assert_read_once(admin, received.pk)


@pytest.mark.case("F05")
def test_file_that_kills_its_reader_leaves_the_worker_to_the_next_one(admin: Actor, start_worker: StartWorker) -> None:
    # Two cells at opposite corners: 5 kB on disk, 17 billion cells in memory; the parser aborts its process.
    book, file = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "CPR-nummer", "x"
    book.save(file)
    bomb, good = receive(admin, BytesIO(file.getvalue())), receive(admin, listed())
    worker = start_worker()
    tasks.import_list.delay(bomb.pk)
    tasks.import_list.delay(good.pk)
    wait_until_reviewed(good.pk, "the worker that met the bomb")
    bomb.refresh_from_db()
    assert (bomb.state, bomb.error_code, bomb.attempts) == ("failed", "unreadable", 1)
    assert is_alive(worker)
    assert_read_once(admin, good.pk)


@pytest.mark.case("F06")
def test_message_that_comes_again_while_its_list_is_read(
    admin: Actor, start_worker: StartWorker, tmp_path: Path
) -> None:
    """The broker's patience is over and a second worker gets the same list: it leaves it alone."""
    received = receive(admin, listed())
    begun, left_alone = tmp_path / "begun", tmp_path / "left_alone"

    def short_patience() -> None:
        app.conf.broker_transport_options |= {"visibility_timeout": 1, "unacked_restore_throttle": 1}
        real = tasks.advance

        def advance(list_id: int, **options: object) -> None:
            if begun.exists():
                real(list_id, **options)  # type: ignore[arg-type]
                left_alone.touch()
            else:
                begun.touch()
                real(list_id, **options)  # type: ignore[arg-type]

        tasks.advance = advance  # type: ignore[assignment]

    with held_up() as wait:
        start_worker(short_patience)
        tasks.import_list.delay(received.pk)
        wait()
        # A worker looks for overdue messages when it starts, and then now and then.
        wait_for(lambda: time.time() - begun.stat().st_mtime > 2, "the end of the broker's patience")
        start_worker(short_patience)
        wait_for(left_alone.exists, "the message at the second worker")
        assert NonresponderList.objects.get(pk=received.pk).attempts == 1
        assert rows_of(admin, received.pk) == []
    wait_until_reviewed(received.pk, "the first worker")
    assert_read_once(admin, received.pk)


@pytest.mark.case("F07")
def test_worker_asked_to_stop_finishes_what_it_reads(admin: Actor, start_worker: StartWorker) -> None:
    """A deploy in the middle; no half list, nothing lost."""
    received, behind = receive(admin, listed()), receive(admin, listed(100))
    worker = start_worker()
    with held_up() as wait:
        tasks.import_list.delay(received.pk)
        wait()
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        tasks.import_list.delay(behind.pk)
        assert is_alive(worker)
    wait_for(lambda: not is_alive(worker), "the worker's end")
    assert_read_once(admin, received.pk)
    assert state_of(behind.pk) == "uploaded"
    start_worker()
    wait_until_reviewed(behind.pk, "the worker of the new release")


@pytest.mark.case("F09")
def test_one_list_that_fails_each_time_holds_up_no_other(admin: Actor, start_worker: StartWorker) -> None:
    """After three attempts it is failed, with an id for the log; the other nine are read."""
    poison = receive(admin, listed())
    others = [receive(admin, listed(100 * number)).pk for number in range(1, 10)]

    def poisoned() -> None:
        real = list_matching.rules_for

        def rules_for(current: NonresponderList) -> object:
            if current.pk == poison.pk:
                raise RuntimeError("poison")
            return real(current)

        list_matching.rules_for = rules_for  # type: ignore[assignment]

    start_worker(poisoned)
    for list_id in [poison.pk, *others]:
        tasks.import_list.delay(list_id)
    wait_for(lambda: all(state_of(list_id) == "reviewed" for list_id in others), "the nine others")
    for attempt in (1, 2):
        wait_for(lambda attempt=attempt: ended_attempts(poison.pk) == attempt, f"attempt {attempt}")
        sweep_later()
    wait_for(lambda: state_of(poison.pk) == "failed", "the end of the poisoned list")
    poison.refresh_from_db()
    assert (poison.error_code, poison.attempts) == ("fault", 3)
    assert "fejl-id" in poison.error_message
    assert rows_of(admin, poison.pk) == []


@pytest.mark.case("F09")
def test_list_that_kills_its_worker_each_time_is_given_up(
    admin: Actor, start_worker: StartWorker, tmp_path: Path
) -> None:
    """Nobody is left to count the fault: the attempts do."""
    deadly, other = receive(admin, listed()), receive(admin, listed(100))
    deaths = tmp_path / "deaths"

    def dies_of_it() -> None:
        real = list_matching.rules_for

        def rules_for(current: NonresponderList) -> object:
            if current.pk == deadly.pk:
                with deaths.open("a") as file:
                    file.write("x")
                os.kill(os.getpid(), signal.SIGKILL)
            return real(current)

        list_matching.rules_for = rules_for  # type: ignore[assignment]

    start_worker(dies_of_it)
    tasks.import_list.delay(deadly.pk)
    for number in (1, 2, 3):
        wait_for(lambda number=number: deaths.exists() and len(deaths.read_text()) >= number, f"death {number}")
        time.sleep(0.5)
        sweep_later()
    wait_for(lambda: state_of(deadly.pk) == "failed", "the end of the deadly list")
    tasks.import_list.delay(other.pk)
    wait_until_reviewed(other.pk, "the same worker")
    deadly.refresh_from_db()
    assert (deadly.error_code, len(deaths.read_text()), rows_of(admin, deadly.pk)) == ("fault", 3, [])


def ended_attempts(list_id: int) -> int:
    """Attempts that nobody is at any more."""
    current = NonresponderList.objects.get(pk=list_id)
    return 0 if current.leased_until else current.attempts
