"""Raw files go when their time is up: to the minute, for good, also after a kill half-way (L6, F55)."""

import os
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import timezone

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent, Action
from outreach.privacy.retention import erase_expired, retention_kinds
from registry.models import ListState, NonresponderList
from registry.presenters.list_receipts import _file_words
from registry.services import erasure
from registry.services.lists import decide, reject, reopen_mapping, undo, withdraw
from registry.services.received_files import stored_path
from tests.factories.cast import actor_with_role
from tests.factories.registry import FIRST_WEEK, committed_list, csv_file, moment, receive, reviewed_list, row

pytestmark = pytest.mark.django_db
NOW = moment(FIRST_WEEK)
DAYS_30 = timedelta(days=30)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def own_drop_folder(tmp_path: Path, settings: LazySettings) -> None:
    settings.DROP_FOLDER = tmp_path / "drop"


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def run(after: timedelta, *, dry_run: bool = False) -> dict[str, int]:
    gone = erase_expired(now=NOW + after, real_now=timezone.now(), dry_run=dry_run)
    return {kind: number for kind, number in gone.items() if number}


def raw_file(found: NonresponderList) -> Path:
    return stored_path("lists", found.stored_name)


def ended(admin: Actor, state: ListState) -> NonresponderList:
    """A list that ended at NOW, in each of the ways a list can end."""
    if state == ListState.FAILED:
        return reviewed_list(admin, csv_file([["1"]], ["x"]))
    if state == ListState.COMMITTED:
        return committed_list(admin, csv_file([row(1)]))
    service: Any = {ListState.REJECTED: reject, ListState.WITHDRAWN: withdraw, ListState.UNDONE: undo}[state]
    make = committed_list if state == ListState.UNDONE else reviewed_list
    found = make(admin, csv_file([row(1)]))
    with data_context(admin):
        return service(by=admin, nonresponder_list=found, now=NOW)


@pytest.mark.parametrize("state", erasure.ENDS, ids=str)
def test_raw_file_of_an_ended_list_goes_at_thirty_days_and_not_a_minute_before(admin: Actor, state: ListState) -> None:
    found = ended(admin, state)
    assert found.state == state
    assert raw_file(found).exists()
    assert run(DAYS_30 - MINUTE) == {}
    assert raw_file(found).exists()

    assert run(DAYS_30, dry_run=True) == {"raw_files": 1}
    assert raw_file(found).exists()
    assert run(DAYS_30) == {"raw_files": 1}
    assert not raw_file(found).exists()
    found.refresh_from_db()
    assert (found.file_erased_at, found.state) == (NOW + DAYS_30, state)
    with data_context(admin):
        (event,) = AccessEvent.objects.filter(action=Action.DELETE)
        assert (event.subject_id, event.actor_name, event.purpose) == (str(found.pk), "erasure", "Rå fil slettet")
    assert run(DAYS_30) == {}


@pytest.mark.parametrize("state", [ListState.UPLOADED, ListState.REVIEWED], ids=str)
def test_list_nobody_touched_is_withdrawn_with_a_note_and_its_file_goes(admin: Actor, state: ListState) -> None:
    file = csv_file([row(1)])
    found = receive(admin, file) if state == ListState.UPLOADED else reviewed_list(admin, file)
    assert run(DAYS_30 - MINUTE) == {}
    assert run(DAYS_30) == {"untouched_lists": 1}
    found.refresh_from_db()
    assert (found.state, found.file_erased_at) == (ListState.WITHDRAWN, NOW + DAYS_30)
    assert not raw_file(found).exists()
    last = found.changes.last()
    assert last is not None
    assert (last.by_name, last.note) == ("erasure", "Ingen har taget stilling til listen i 30 dage.")


def test_list_somebody_worked_on_lives_thirty_days_more(admin: Actor) -> None:
    found = reviewed_list(admin, csv_file([row(1), row(1, name="En anden", group="3")]))
    with data_context(admin):
        later = NOW + timedelta(days=10)
        assert decide(
            by=admin, nonresponder_list=found, row_ids=None, problem_code="same_cpr_differs", decision="skip", now=later
        )
    assert run(timedelta(days=40) - MINUTE) == {}
    assert run(timedelta(days=40)) == {"untouched_lists": 1}


def test_file_that_is_missing_already_is_fine(admin: Actor) -> None:
    found = committed_list(admin, csv_file([row(1)]))
    raw_file(found).unlink()
    assert run(DAYS_30) == {"raw_files": 1}
    found.refresh_from_db()
    assert found.file_erased_at is not None


def test_run_that_was_killed_half_way_is_resumed(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = [reviewed_list(admin, csv_file([row(serial)])) for serial in (1, 2, 3)]
    with data_context(admin):
        for found in lists:
            reject(by=admin, nonresponder_list=found, now=NOW)
    real, calls = erasure.record, []

    def killed(**event: object) -> None:
        calls.append(event)
        if len(calls) == 2:
            raise KeyboardInterrupt  # the file is gone, its row is not written
        real(**event)  # type: ignore[arg-type]

    monkeypatch.setattr(erasure, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        run(DAYS_30)
    assert [raw_file(found).exists() for found in lists] == [False, False, True]
    assert NonresponderList.objects.filter(file_erased_at=None).count() == 2
    monkeypatch.setattr(erasure, "record", real)
    assert run(DAYS_30) == {"raw_files": 2}
    assert not any(raw_file(found).exists() for found in lists)


def test_files_without_a_list_go_after_a_day_and_those_of_lists_stay(admin: Actor, settings: LazySettings) -> None:
    found = committed_list(admin, csv_file([row(1)]))
    fresh, old = settings.UPLOAD_ROOT / "lists" / "fresh.csv", settings.UPLOAD_ROOT / "lists" / "old.csv"
    for path, hours in ((fresh, 23), (old, 25), (raw_file(found), 1000)):
        path.touch()
        os.utime(path, (time.time() - hours * 3600,) * 2)
    assert run(timedelta(0)) == {"orphaned_files": 1}
    assert (fresh.exists(), old.exists(), raw_file(found).exists()) == (True, False, True)


def test_what_was_put_aside_in_the_drop_folder_goes_too(admin: Actor, settings: LazySettings) -> None:
    aside = settings.DROP_FOLDER / "0183" / "behandlet"
    aside.mkdir(parents=True)
    refused = settings.DROP_FOLDER / "0183" / "afvist"
    refused.mkdir()
    stamp = f"{NOW:%Y%m%dT%H%M%S}Z-00ff_"
    for path in (aside / f"{stamp}liste1_x.csv", refused / f"{stamp}y.csv", refused / f"{stamp}y.csv.txt", aside / "z"):
        path.write_bytes(b"x")
    (refused / f"{stamp}folder").mkdir()
    (refused / f"{stamp}folder" / "inside").symlink_to(settings.DROP_FOLDER)
    assert run(DAYS_30 - MINUTE) == {}
    assert run(DAYS_30) == {"dropped_files": 4}
    assert (os.listdir(aside), os.listdir(refused)) == (["z"], [])
    assert settings.DROP_FOLDER.exists()


def test_period_is_a_setting(admin: Actor, settings: LazySettings) -> None:
    settings.RAW_FILE_DAYS = 7
    committed_list(admin, csv_file([row(1)]))
    assert run(timedelta(days=7) - MINUTE) == {}
    assert run(timedelta(days=7)) == {"raw_files": 1}


def test_receipt_says_the_day_before_and_after(admin: Actor) -> None:
    found = committed_list(admin, csv_file([row(1)]))
    assert _file_words(found) == "filen er gemt til kontrol og slettes 29.04.2021"
    run(DAYS_30)
    found.refresh_from_db()
    assert _file_words(found) == "filen er slettet 29.04.2021"


def test_columns_cannot_be_corrected_without_the_file(admin: Actor) -> None:
    found = reviewed_list(admin, csv_file([row(1)]))
    NonresponderList.objects.filter(pk=found.pk).update(file_erased_at=NOW)
    with data_context(admin), pytest.raises(Exception, match="Filen er slettet"):
        reopen_mapping(by=admin, nonresponder_list=found, now=NOW)


def test_command_says_what_would_go_and_what_went(admin: Actor, capsys: pytest.CaptureFixture[str]) -> None:
    committed_list(admin, csv_file([row(1)]))
    now = (NOW + DAYS_30).isoformat()
    call_command("erase_expired", "--dry-run", "--json", "--now", now)
    would = capsys.readouterr().out
    call_command("erase_expired", "--json", "--now", now)
    went = capsys.readouterr().out
    assert '"dry_run": true' in would
    assert '"raw_files": 1' in would
    assert '"dry_run": false' in went
    assert '"raw_files": 1' in went
    call_command("erase_expired", "--dry-run", "--json", "--now", now)
    assert '"raw_files": 0' in capsys.readouterr().out


def test_kinds_have_names_and_danish_titles() -> None:
    kinds = {kind.name: str(kind.title) for kind in retention_kinds()}
    assert {"raw_files", "untouched_lists", "orphaned_files", "dropped_files"} <= kinds.keys()
    assert all(kinds.values())


def test_empty_file_leaves_nothing_behind(admin: Actor, settings: LazySettings) -> None:
    with pytest.raises(Exception, match=r"\."):
        receive(admin, BytesIO(b""))
    assert list((settings.UPLOAD_ROOT / "lists").iterdir()) == []


@pytest.mark.parametrize("state", [ListState.REJECTED, ListState.WITHDRAWN, ListState.UNDONE])
def test_rows_of_a_list_that_was_not_used_go_with_its_file(admin: Actor, state: ListState) -> None:
    found = ended(admin, state)
    counts = dict(found.counts)
    run(DAYS_30 - MINUTE)
    with data_context(admin):
        assert found.list_rows.exists()
    run(DAYS_30)
    with data_context(admin):
        assert not found.list_rows.exists()
    found.refresh_from_db()
    assert found.counts == counts


def test_of_a_list_in_use_only_what_was_taken_in_stays(admin: Actor) -> None:
    unreadable = ("123", "Navn Der Ikke Kan Læses", "7", "08-03-2021")
    found = committed_list(admin, csv_file([row(1), unreadable]))
    run(DAYS_30)
    with data_context(admin):
        kept = found.list_rows.get(row_number=2)
        assert (kept.name, kept.citizen is not None) == ("Testperson 1", True)
        left = found.list_rows.get(row_number=3)
        assert (left.name, left.cpr_index, left.target_group, left.problem_code) == ("", None, "", "cpr_length")
