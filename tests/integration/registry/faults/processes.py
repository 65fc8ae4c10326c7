"""Real workers that can be stopped at a known place: somebody else holds a table that they must write next."""

from __future__ import annotations

import os
import signal
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import psutil
import psycopg
from django.db import connection, connections
from django.utils import timezone
from psycopg import sql

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.celery import IMPORT, app
from outreach.privacy.sealing import seal
from outreach.schedule.models import PeriodicRun
from registry import tasks
from registry.models import CitizenImport, ListRow, NonresponderList
from tests.factories.registry import cpr_number

SECONDS = 60
WORKER = ["--queues", IMPORT, "--concurrency", "1", "--loglevel", "WARNING"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat"]


def wait_for(condition: Callable[[], object], what: str, *, seconds: float = SECONDS) -> None:
    """Wait until it holds; fail, saying what was waited for, after a minute."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


def connect(*, autocommit: bool = False) -> psycopg.Connection:
    """A connection of the test's own, beside Django's, to the same database."""
    parameters = connection.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{name: parameters[name] for name in wanted if parameters.get(name)}, autocommit=autocommit)


def forked(work: Callable[[], object], log: Path) -> psutil.Process:
    """A real process that does `work` and ends; forked, so that it need not import everything again."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return psutil.Process(pid)
    code = 1
    try:
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(output, 1)
        os.dup2(output, 2)
        warnings.resetwarnings()
        warnings.simplefilter("ignore")
        forget_connections()
        work()
        code = 0
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


def forget_connections() -> None:
    """Have the forked process open connections of its own. (psycopg leaves the parent's sessions open.)

    Django keeps one set for code in an event loop and one for other code. A process that ran browser tests has an event
    loop, which a fork of it has not: `close_all` in the parent closed the one set, the child finds the other.
    """
    for alias in connections:
        with suppress(AttributeError):
            del connections[alias]


def celery_worker(log: Path, name: str, change: Callable[[], object] | None = None) -> psutil.Process:
    """A Celery worker of the import queue; `change` is done to its process before it begins."""

    def work() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        app._after_fork()  # the parent's connections to the broker stay the parent's
        if change is not None:
            change()
        app.worker_main(["worker", *WORKER, "--hostname", f"{name}@%h"])

    return forked(work, log)


@contextmanager
def held_up(table: str = "registry_liststatechange") -> Iterator[Callable[..., None]]:
    """Nobody can write to `table` meanwhile. Yields a function that waits for so many (one) who try.

    The history of a list's states is the last thing each of its transactions writes: who waits there has read, matched
    and written everything, and committed nothing.
    """
    with connect() as holder, connect(autocommit=True) as looker:
        holder.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(sql.Identifier(table)))

        def wait(number: int = 1) -> None:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
            wait_for(lambda: looker.execute(waiting, [table]).fetchone() == (number,), f"{number} writers to {table}")

        yield wait


def kill(*processes: psutil.Process, sign: int = signal.SIGKILL) -> None:
    """Signal them, and wait until they are gone."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(sign)
    wait_for(lambda: not any(is_alive(process) for process in processes), "the end of killed processes")


def kill_tree(process: psutil.Process) -> None:
    """Kill a worker with its pool and its readers."""
    with suppress(psutil.NoSuchProcess):
        kill(process, *process.children(recursive=True))


def is_alive(process: psutil.Process) -> bool:
    """Running, not a corpse that nobody has buried. Buries our own."""
    with suppress(ChildProcessError):
        os.waitpid(process.pid, os.WNOHANG)
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def sweep_later() -> None:
    """What the sweeper does once the lease of a dead worker has run out and its minute has come."""
    for model in (NonresponderList, CitizenImport):
        held = model.objects.filter(leased_until__gt=timezone.now())
        held.update(leased_until=timezone.now() - timedelta(seconds=1))
    PeriodicRun.objects.all().delete()
    tasks.sweep_imports()


def state_of(list_id: int) -> str:
    """As committed by whoever works on it."""
    return NonresponderList.objects.values_list("state", flat=True).get(pk=list_id)


def rows_of(actor: Actor, list_id: int) -> list[tuple[object, ...]]:
    """What is written of a list's rows: who, where in the file, name, group, class and week."""
    with data_context(actor):
        rows = ListRow.objects.filter(nonresponder_list=list_id).order_by("row_number")
        values = rows.values_list("cpr_index", "row_number", "name", "target_group", "row_class", "week")
        return [(bytes(index), *others) for index, *others in values]


def new_rows(first: int, number: int) -> list[tuple[object, ...]]:
    """What a file of `number` people from `first` on is read to, when nobody has been listed before; by hand."""
    return [
        (seal("cpr", cpr_number(serial)).index, 2 + serial - first, f"Testperson {serial}", "7", "new", 1)
        for serial in range(first, first + number)
    ]
