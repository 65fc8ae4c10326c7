"""Reading earlier contacts in the background: dead workers, faults, files that are erased (L8, L6, F01, F08, F09)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from campaigns import tasks
from campaigns.imports import earlier_contacts_jobs
from campaigns.imports.earlier_contacts_jobs import advance, waiting_file_ids
from campaigns.models import EarlierContactRow, EarlierContacts, EarlierContactsChange
from campaigns.services.earlier_contacts import commit_file, reject_file
from campaigns.services.earlier_contacts_files import receive_file
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.privacy.retention import erase_expired
from outreach.schedule.models import PeriodicRun
from registry.imports.child import ReaderKilled
from registry.models import Municipality, Programme
from tests.factories.cast import actor_with_role
from tests.factories.registry import cpr_number, csv_file, make_citizen, moment
from tests.integration.registry.faults.processes import forked, held_up, is_alive, kill_tree, wait_for

NOW = moment(date(2021, 4, 20))
ROWS = [(cpr_number(serial), "12-04-2021", "Nej") for serial in (1, 2, 3)]
Capture = Callable[..., Any]


def ready() -> Actor:
    actor = actor_with_role(Role.LIST_ADMIN, username="listeadmin")
    with data_context(actor):
        for serial in (1, 2, 3):
            make_citizen(serial)
    return actor


def received(by: Actor, rows: list[tuple[str, ...]] = ROWS) -> EarlierContacts:
    with data_context(by):
        return receive_file(
            by=by,
            municipality=Municipality.objects.get(pk=183),
            programme=Programme.objects.get(code="covid-19"),
            file=csv_file(rows, ("CPR", "Dato", "Svar")),
            display_name="svar.csv",
            sender="",
            now=NOW,
        )


def row_numbers(by: Actor, file: EarlierContacts) -> list[int]:
    with data_context(by):
        rows = EarlierContactRow.objects.filter(file=file).order_by("row_number")
        return list(rows.values_list("row_number", flat=True))


def stored(settings: LazySettings) -> list[Path]:
    return [path for path in Path(settings.UPLOAD_ROOT).rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(180)
@pytest.mark.case("F01")
def test_a_killed_reader_s_file_is_swept_and_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by = ready()
    file = received(by)
    # The history of states is the last thing that reading writes: whoever waits there has read and matched everything.
    with held_up("campaigns_earliercontactschange") as wait:
        worker = forked(lambda: advance(file.pk, now=NOW), tmp_path / "worker.log")
        wait()
        kill_tree(worker)
    file.refresh_from_db()
    assert (file.state, file.attempts) == ("received", 1)
    assert row_numbers(by, file) == []
    assert waiting_file_ids() == []  # its lease has not run out
    EarlierContacts.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    sent: list[int] = []
    monkeypatch.setattr(tasks.read_earlier_contacts, "delay", sent.append)
    tasks.sweep_earlier_contacts()
    tasks.sweep_earlier_contacts()  # beat ticks on two machines
    assert sent == [file.pk]
    workers = [forked(lambda: tasks.read_earlier_contacts(file.pk), tmp_path / "worker.log") for _each in range(2)]
    wait_for(lambda: not any(is_alive(each) for each in workers), "two workers with the same file")
    file.refresh_from_db()
    assert (file.state, file.leased_until) == ("reviewed", None)
    assert row_numbers(by, file) == [2, 3, 4]
    assert list(EarlierContactsChange.objects.values_list("state", flat=True)) == ["received", "reviewed"]


@pytest.mark.django_db
@pytest.mark.case("F09")
def test_a_file_that_three_workers_died_of_is_given_up_with_an_id(
    settings: LazySettings, django_capture_on_commit_callbacks: Capture
) -> None:
    by = ready()
    file = received(by)
    EarlierContacts.objects.update(attempts=3)
    with django_capture_on_commit_callbacks(execute=True):
        given_up = advance(file.pk, now=NOW)
    assert (given_up.state, given_up.error_code) == ("failed", "fault")
    assert "fejl-id" in given_up.error_message
    assert stored(settings) == []
    assert waiting_file_ids() == []


@pytest.mark.django_db
@pytest.mark.case("F08")
def test_a_fault_is_raised_and_the_file_waits_for_its_next_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    by = ready()
    file = received(by)

    def fails(*_given: object, **_named: object) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr(earlier_contacts_jobs, "read_and_review", fails)
    for attempt in (1, 2):
        with pytest.raises(RuntimeError):
            advance(file.pk, now=NOW)
        file.refresh_from_db()
        assert (file.state, file.attempts) == ("received", attempt)
        assert waiting_file_ids() == [file.pk]
    assert advance(file.pk, now=NOW).state == "failed"


@pytest.mark.django_db
@pytest.mark.case("F04")
def test_a_child_that_somebody_killed_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    by = ready()
    file = received(by)
    real, turns = earlier_contacts_jobs.read_and_review, []

    def killed_once(*given: Any, **named: Any) -> None:
        turns.append(1)
        if len(turns) == 1:
            raise ReaderKilled
        real(*given, **named)

    monkeypatch.setattr(earlier_contacts_jobs, "read_and_review", killed_once)
    assert advance(file.pk, now=NOW).state == "reviewed"
    assert len(turns) == 2


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_fails_with_what_to_do_and_is_erased(
    settings: LazySettings, django_capture_on_commit_callbacks: Capture
) -> None:
    file = received(ready(), [])
    with django_capture_on_commit_callbacks(execute=True):
        failed = advance(file.pk, now=NOW)
    assert (failed.state, failed.error_code) == ("failed", "no_rows")
    assert failed.error_message == "Filen har ingen kontakter. Er det den rigtige fil?"
    assert (stored(settings), failed.progress, failed.leased_until) == ([], {}, None)


@pytest.mark.django_db
def test_a_file_somebody_refused_while_it_was_read_stays_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    by = ready()
    file = received(by)

    def claimed_and_refused(file_id: int) -> bool:
        return bool(EarlierContacts.objects.filter(pk=file_id).update(state="rejected"))

    monkeypatch.setattr(earlier_contacts_jobs, "claim", claimed_and_refused)
    assert advance(file.pk, now=NOW).state == "rejected"
    assert row_numbers(by, file) == []


@pytest.mark.django_db
@pytest.mark.parametrize("decide", [commit_file, reject_file])
def test_the_file_goes_when_it_is_decided_on_or_when_the_eraser_finds_it(
    decide: Callable[..., EarlierContacts], settings: LazySettings, django_capture_on_commit_callbacks: Capture
) -> None:
    by = ready()
    first, second = received(by), received(by, [*ROWS[:2], (cpr_number(3), "13-04-2021", "Nej")])
    for file in (first, second):
        advance(file.pk, now=NOW)
    assert len(stored(settings)) == 2
    with data_context(by):
        with django_capture_on_commit_callbacks(execute=True):
            decide(by=by, file=first, now=NOW)
        # The worker dies between the commit and the erasure.
        with django_capture_on_commit_callbacks(execute=False):
            decide(by=by, file=second, now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.file_erased_at, second.file_erased_at) == (NOW, None)
    assert [path.name for path in stored(settings)] == [second.stored_name]
    assert gone(NOW, dry_run=True)["earlier_contacts_files"] == 1
    assert len(stored(settings)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert gone(NOW)["earlier_contacts_files"] == 1
    second.refresh_from_db()
    assert (second.file_erased_at, stored(settings)) == (NOW, [])
    assert gone(NOW) == {}


@pytest.mark.django_db
def test_a_file_nobody_decides_on_is_refused_after_its_time_with_its_rows(
    settings: LazySettings, django_capture_on_commit_callbacks: Capture
) -> None:
    by = ready()
    file = advance(received(by).pk, now=NOW)
    kept = timedelta(days=settings.RAW_FILE_DAYS)
    assert gone(NOW + kept - timedelta(minutes=1)) == {}
    with django_capture_on_commit_callbacks(execute=True):
        assert gone(NOW + kept) == {"untouched_earlier_contacts": 1}
    file.refresh_from_db()
    assert (file.state, row_numbers(by, file), stored(settings)) == ("rejected", [], [])


@pytest.mark.django_db
def test_a_file_whose_row_never_came_is_erased_after_a_day(settings: LazySettings) -> None:
    file = received(ready())
    (kept,) = stored(settings)
    orphan = kept.with_name("a" * 32 + ".csv")
    orphan.write_bytes(b"x")
    assert gone(NOW) == {}
    yesterday = time.time() - 25 * 3600
    for path in (kept, orphan):
        os.utime(path, (yesterday, yesterday))
    assert gone(NOW) == {"orphaned_earlier_contacts": 1}
    assert [path.name for path in stored(settings)] == [file.stored_name]


def gone(now: datetime, *, dry_run: bool = False) -> dict[str, int]:
    found = erase_expired(now=now, real_now=timezone.now(), dry_run=dry_run)
    return {kind: number for kind, number in found.items() if number}


@pytest.mark.django_db
def test_the_sweeper_works_at_most_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    file = received(ready())
    sent: list[int] = []
    monkeypatch.setattr(tasks.read_earlier_contacts, "delay", sent.append)
    tasks.sweep_earlier_contacts()
    tasks.sweep_earlier_contacts()
    assert sent == [file.pk]
    PeriodicRun.objects.all().delete()  # the next minute
    tasks.sweep_earlier_contacts()
    assert sent == [file.pk, file.pk]
