"""Faults while a list is read: the child dies, hangs or is poisoned; leases, the sweeper and the table of states.

Real workers are killed in `faults/`.
"""

import signal
import subprocess
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import Workbook

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.schedule.models import PeriodicRun
from registry import tasks
from registry.imports import child, list_matching
from registry.imports.lists import advance
from registry.models import ListRow, ListState, NonresponderList
from registry.services.list_states import TRANSITIONS, move
from registry.services.received_files import remove
from tests.factories.cast import actor_with_role
from tests.factories.registry import FIRST_WEEK, csv_file, moment, receive, reviewed_list, row


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN, username="listeadmin")


def killed_child(times: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Kill the reading child with signal 9 the first `times` times; the pids killed."""
    killed: list[int] = []
    real = child._start

    def start() -> subprocess.Popen[bytes]:
        process = real()
        if len(killed) < times:
            process.send_signal(signal.SIGKILL)
            killed.append(process.pid)
        return process

    monkeypatch.setattr(child, "_start", start)
    return killed


@pytest.mark.django_db
def test_killed_reading_child_is_started_again(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    killed = killed_child(2, monkeypatch)
    reviewed = reviewed_list(admin, csv_file([row(1)]))
    assert (reviewed.state, len(killed)) == (ListState.REVIEWED, 2)
    assert reviewed.counts == {"new": 1}


@pytest.mark.django_db
def test_child_killed_each_time_fails_the_list_with_an_error_id(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    killed = killed_child(10, monkeypatch)
    failed = reviewed_list(admin, csv_file([row(1)]))
    assert (failed.state, failed.error_code, len(killed)) == (ListState.FAILED, "fault", 3)
    assert "fejl-id" in failed.error_message


@pytest.mark.django_db
def test_sheet_that_kills_the_parser_is_a_sentence_and_the_next_list_runs(admin: Actor) -> None:
    # Two cells at opposite corners: 5 kB on disk, 17 billion cells in memory; calamine aborts its process.
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "CPR-nummer", "x"
    file = BytesIO()
    book.save(file)
    failed = reviewed_list(admin, BytesIO(file.getvalue()))
    assert (failed.state, failed.error_code) == (ListState.FAILED, "unreadable")
    assert reviewed_list(admin, csv_file([row(2)])).state == ListState.REVIEWED


@pytest.mark.django_db
def test_slow_child_is_given_up(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        list_matching, "reading", lambda path, **options: child.reading(path, **options, patience_seconds=0.01)
    )
    failed = reviewed_list(admin, csv_file([row(1)]))
    assert (failed.state, failed.error_code) == (ListState.FAILED, "too_slow")


@pytest.mark.django_db
def test_fault_in_the_middle_writes_nothing_and_ends_after_three_attempts(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = receive(admin, csv_file([row(1)]))

    def poisoned(*args: object, **options: object) -> None:
        raise RuntimeError("poison")

    monkeypatch.setattr(list_matching, "copy_block", poisoned)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            advance(received.pk, now=received.uploaded_at)
        assert NonresponderList.objects.get(pk=received.pk).state == ListState.UPLOADED
    assert advance(received.pk, now=received.uploaded_at).state == ListState.FAILED
    with data_context(admin):
        assert not ListRow.objects.exists()


@pytest.mark.django_db
def test_file_gone_from_storage_is_said(admin: Actor) -> None:
    received = receive(admin, csv_file([row(1)]))
    remove("lists", received.stored_name)
    failed = advance(received.pk, now=received.uploaded_at)
    assert (failed.state, failed.error_code) == (ListState.FAILED, "file_missing")


@pytest.mark.django_db
def test_list_held_by_a_worker_is_left_alone_until_its_lease_ends(admin: Actor) -> None:
    received = receive(admin, csv_file([row(1)]))
    held = NonresponderList.objects.filter(pk=received.pk)
    held.update(leased_until=timezone.now() + timedelta(minutes=1))
    assert advance(received.pk, now=received.uploaded_at).state == ListState.UPLOADED
    held.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert advance(received.pk, now=received.uploaded_at).state == ListState.REVIEWED


@pytest.mark.django_db
def test_sweeper_wakes_what_nobody_works_on_once_a_minute(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = receive(admin, csv_file([row(1)]))
    held = receive(admin, csv_file([row(2)]))
    NonresponderList.objects.filter(pk=held.pk).update(leased_until=timezone.now() + timedelta(minutes=1))
    reviewed_list(admin, csv_file([row(3)]))
    woken: list[int] = []
    monkeypatch.setattr(tasks.import_list, "delay", woken.append)
    PeriodicRun.objects.all().delete()
    tasks.sweep_imports()
    tasks.sweep_imports()
    assert woken == [lost.pk]


@pytest.mark.django_db
def test_states_follow_the_table_and_a_stale_holder_moves_nothing(admin: Actor) -> None:
    received = receive(admin, csv_file([row(1)]))
    stale = NonresponderList.objects.get(pk=received.pk)
    assert move(received, ListState.READ, by_name="a", now=moment(FIRST_WEEK))
    assert not move(stale, ListState.READ, by_name="b", now=moment(FIRST_WEEK))
    with pytest.raises(ValueError, match="no transition"):
        move(received, ListState.COMMITTED, by_name="a", now=moment(FIRST_WEEK))
    assert set(TRANSITIONS) == set(ListState)
