"""National files nobody split, and files no row knows, go when their time is up: at the minute, for good (L6)."""

import os
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.utils import timezone

from outreach.access.actor import Actor, system_actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import Action
from outreach.privacy.retention import erase_expired
from registry.imports import citizen_jobs
from registry.models import CitizenImport, Municipality, NationalFile, NationalFileState, Programme
from registry.services import erasure
from registry.services.citizen_imports import receive_citizen_file
from registry.services.national_files import receive_national_file
from tests.factories.cast import actor_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.registry import FIRST_WEEK, cpr_number, csv_file, moment, row

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


def national(state: NationalFileState) -> tuple[NationalFile, Path]:
    received = receive_national_file(
        by=system_actor("national-split"),
        programme=Programme.objects.get(code="covid-19"),
        as_of=FIRST_WEEK,
        waiting_days=22,
        groups=[],
        file=csv_file([row(1)]),
        display_name="landet.csv",
        now=NOW,
    )
    NationalFile.objects.filter(pk=received.pk).update(state=state)
    received.refresh_from_db()
    return received, folder_of("national") / received.stored_name


def folder_of(name: str) -> Path:
    return Path(django_settings.UPLOAD_ROOT) / name


def aged(path: Path, hours: float) -> Path:
    """Make the file, or leave the one there is, and set its time back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (time.time() - hours * 3600,) * 2)
    return path


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (NationalFileState.HELD, NationalFileState.WITHDRAWN),
        (NationalFileState.FAILED, NationalFileState.FAILED),
    ],
)
def test_national_file_that_nobody_split_goes_at_thirty_days(
    admin: Actor, state: NationalFileState, after: NationalFileState, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[Any] = []
    real = erasure.record

    def noted(**event: Any) -> None:
        logged.append((event["subject_kind"], event["subject_id"], event["action"]))
        real(**event)

    # Nobody's municipality: no context reads the event back.
    monkeypatch.setattr(erasure, "record", noted)
    received, path = national(state)
    assert run(DAYS_30 - MINUTE) == {}
    assert run(DAYS_30, dry_run=True) == {"national_files": 1}
    assert path.exists()
    assert run(DAYS_30) == {"national_files": 1}
    assert not path.exists()
    received.refresh_from_db()
    assert (received.state, received.file_erased_at) == (after, NOW + DAYS_30)
    assert logged == [("nationalfile", received.pk, Action.DELETE)]
    assert run(DAYS_30) == {}


def test_national_file_on_its_way_is_left(admin: Actor) -> None:
    _received, path = national(NationalFileState.RECEIVED)
    assert run(DAYS_30 * 2) == {}
    assert path.exists()


def test_files_without_a_row_go_after_a_day_from_every_folder(admin: Actor, settings: LazySettings) -> None:
    root = Path(settings.UPLOAD_ROOT)
    folders = ("lists", "national", "citizens", "reference")
    fresh = [aged(root / folder / "fresh.csv", 23.9) for folder in folders]
    old = [aged(root / folder / "old.csv", 24.1) for folder in folders]
    # The parts of a national file whose worker was killed.
    parts = aged(root / "national" / "0a.parts" / "0183.csv", 30).parent
    os.utime(parts, (time.time() - 30 * 3600,) * 2)
    assert run(timedelta(0)) == {"orphaned_files": 5}
    assert all(path.exists() for path in fresh)
    assert not any(path.exists() for path in [*old, parts])


def test_files_with_a_row_stay_however_old(admin: Actor, settings: LazySettings) -> None:
    _received, kept = national(NationalFileState.HELD)
    aged(kept, 1000)
    waiting = _citizen_file(admin)
    path = aged(Path(settings.UPLOAD_ROOT) / "citizens" / waiting.stored_name, 1000)
    assert run(timedelta(0)) == {}
    assert kept.exists()
    assert path.exists()


def test_link_among_them_is_erased_and_what_it_points_to_is_not(admin: Actor, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / "kept").touch()
    place = folder_of("citizens")
    place.mkdir(parents=True)
    (place / "link").symlink_to(target)
    os.utime(place / "link", (time.time() - 30 * 3600,) * 2, follow_symlinks=False)
    assert run(timedelta(0)) == {"orphaned_files": 1}
    assert (target / "kept").exists()
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("content", ["good", "useless"])
def test_citizen_file_is_gone_once_read_whatever_came_of_it(admin: Actor, settings: LazySettings, content: str) -> None:
    waiting = _citizen_file(admin, good=content == "good")
    assert [path.name for path in (Path(settings.UPLOAD_ROOT) / "citizens").iterdir()] == [waiting.stored_name]
    ended = citizen_jobs.run(waiting.pk, now=NOW)
    assert (ended.state, ended.stored_name) == ("done" if content == "good" else "failed", "")
    assert list((Path(settings.UPLOAD_ROOT) / "citizens").iterdir()) == []


def _citizen_file(admin: Actor, good: bool = True) -> CitizenImport:
    file = csv_file([[cpr_number(1), "Aase"]], ("cpr", "navn")) if good else BytesIO(b"hest;ko\r\n1;2\r\n")
    with data_context(admin):
        return receive_citizen_file(
            by=admin,
            municipality=Municipality.objects.get(code=ISHOEJ),
            file=file,
            display_name="borgere.csv",
            now=NOW,
        )
