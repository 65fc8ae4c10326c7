"""PostgreSQL is restarted, and crashes, in the middle of an import: rolled back, taken up again, done once (F30, F31).

A cluster of the tests' own: nobody else notices.
"""

from __future__ import annotations

import signal
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry import tasks
from registry.models import Citizen, FollowUp, ListStateChange, NonresponderList
from registry.services.lists import approve
from tests.databases import TestDatabase
from tests.factories.cast import actor_with_role
from tests.factories.registry import csv_file, receive, reviewed_list, row

from .clusters import Cluster, crashed, django_in
from .processes import connect, forked, held_up, is_alive, new_rows, rows_of, state_of, sweep_later, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
ROWS = 30
HOW = [
    pytest.param(signal.SIGINT, id="fast", marks=pytest.mark.case("F30")),
    pytest.param(signal.SIGQUIT, id="immediate", marks=pytest.mark.case("F31")),
]


@pytest.fixture(scope="module")
def cluster(test_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One for all tests here; each works in a database of its own."""
    made = Cluster(tmp_path_factory.mktemp("cluster"), test_database)
    yield made
    made.stop()


@pytest.fixture
def inside(cluster: Cluster, transactional_db: None, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """Django in a new database of the cluster."""
    name = f"restarted_{zlib.crc32(request.node.name.encode())}"
    cluster.fresh(name)
    with django_in(cluster, name):
        yield cluster


def restart_while(work: Callable[[], object], cluster: Cluster, how: signal.Signals) -> None:
    """Restart the server while somebody has done all of `work` except its last line, and committed nothing."""
    # The holder's own connection ends with the server.
    with suppress(psycopg.OperationalError), held_up() as wait:
        work()
        wait()
        cluster.restart(how)
    assert crashed(cluster.place.log_folder / "postgres.log") or how != signal.SIGQUIT


def nothing_is_left_open() -> bool:
    with connect(autocommit=True) as looker:
        locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        temporary = "SELECT count(*) FROM pg_class WHERE relpersistence = 't'"
        return [looker.execute(question).fetchone() for question in (locks, temporary)] == [(0,), (0,)]


@pytest.mark.parametrize("how", HOW)
def test_import_goes_on_after_the_database_came_back(
    inside: Cluster, start_worker: Callable[..., psutil.Process], how: signal.Signals
) -> None:
    """The same worker, which nobody restarts, reads the list once."""
    admin = actor_with_role(Role.LIST_ADMIN, username="listeadmin")
    received = receive(admin, csv_file([row(serial) for serial in range(1, ROWS + 1)]))
    worker = start_worker()
    restart_while(lambda: tasks.import_list.delay(received.pk), inside, how)
    assert state_of(received.pk) == "uploaded"
    assert rows_of(admin, received.pk) == []
    assert nothing_is_left_open()
    sweep_later()
    wait_for(lambda: state_of(received.pk) == "reviewed", "the list read by the same worker")
    assert is_alive(worker)
    assert rows_of(admin, received.pk) == new_rows(1, ROWS)
    states = list(ListStateChange.objects.filter(nonresponder_list=received.pk).values_list("state", flat=True))
    assert states == ["uploaded", "read", "matched", "reviewed"]


@pytest.mark.parametrize("how", HOW[1:])
def test_commit_cut_off_by_the_database_is_no_commit(inside: Cluster, how: signal.Signals, tmp_path: Path) -> None:
    """Nobody was made, nobody is followed up; the second approval does it all."""
    admin = actor_with_role(Role.LIST_ADMIN, username="listeadmin")
    reviewed = reviewed_list(admin, csv_file([row(serial) for serial in range(1, ROWS + 1)]))

    def approved() -> None:
        with data_context(admin):
            approve(by=admin, nonresponder_list=reviewed, now=reviewed.uploaded_at)

    restart_while(lambda: forked(approved, tmp_path / "approval.log"), inside, how)
    assert written(admin, reviewed) == ("reviewed", 0, 0)
    approved()
    assert written(admin, reviewed) == ("committed", ROWS, ROWS)
    assert nothing_is_left_open()


def written(admin: Actor, nonresponder_list: NonresponderList) -> tuple[str, int, int]:
    """The list's state, citizens, follow-ups."""
    with data_context(admin):
        return state_of(nonresponder_list.pk), Citizen.objects.count(), FollowUp.objects.count()
