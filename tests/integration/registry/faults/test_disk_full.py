"""The disk of the uploads, or that of files under way, is full: said, nothing kept, no list (F39)."""

from __future__ import annotations

import gc
import logging
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from registry.models import CitizenImport, NonresponderList
from tests.factories.cast import client_with_role
from tests.factories.registry import NOON, cpr_number, csv_file, row

from .uploads import list_form, named

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
ROOM = 1024**2
# 1.5 MB and 3 MB: Django keeps no more than 2.5 MB in memory.
IN_MEMORY, ON_DISK = 35_000, 70_000  # rows


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """A disk of one megabyte at `folder`; who may not mount one gets a limit of as much for each file."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=700", "tmpfs", folder]
    if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        try:
            yield
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
        return
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.fixture
def list_admin(transactional_db: None) -> Client:
    set_demo_clock(NOON)
    found = client_with_role(Role.LIST_ADMIN, username="anden_admin")
    found.raise_request_exception = False
    return found


def long_list(rows: int) -> BytesIO:
    return csv_file([row(serial % 5000, name=f"Testperson {serial}") for serial in range(rows)])


@pytest.mark.case("F39")
def test_full_upload_disk_is_said_and_keeps_nothing(list_admin: Client, settings: Any) -> None:
    with full_disk(settings.UPLOAD_ROOT):
        answer = list_admin.post("/lister/indlaes/", list_form(long_list(IN_MEMORY)))
        assert answer.status_code == 422
        assert "Der er ikke plads til filen" in answer.content.decode()
        assert not NonresponderList.objects.exists()
        assert [path for path in settings.UPLOAD_ROOT.rglob("*") if path.is_file()] == []
        small = list_admin.post("/lister/indlaes/", list_form(csv_file([row(1)])))
    assert small.status_code == 302
    assert NonresponderList.objects.get().state == "uploaded"


@pytest.mark.case("F39")
def test_full_upload_disk_takes_no_citizen_file(list_admin: Client, admin: Actor, settings: Any) -> None:
    file = csv_file([[cpr_number(serial % 5000), f"Navn {serial}"] for serial in range(2 * IN_MEMORY)], ("cpr", "navn"))
    with full_disk(settings.UPLOAD_ROOT):
        answer = list_admin.post("/borgere/indlaes/", {"file": named(file, "borgere.csv")})
        assert "Der er ikke plads til filen" in answer.content.decode()
        assert [path for path in settings.UPLOAD_ROOT.rglob("*") if path.is_file()] == []
    with data_context(admin):
        assert not CitizenImport.objects.exists()


@pytest.fixture
def forgetful_log() -> Iterator[None]:
    """Pytest keeps what was logged, exceptions and their half files with it; a server does not."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.case("F39")
@pytest.mark.usefixtures("forgetful_log")
# Closing what could not be written complains once more.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_full_disk_of_files_under_way_is_the_page_of_our_faults(
    list_admin: Client, settings: Any, tmp_path: Path
) -> None:
    """Django keeps a large upload here until the view has it; a page of ours, and nothing stays."""
    under_way = tmp_path / "under-way"
    settings.FILE_UPLOAD_TEMP_DIR = str(under_way)
    with full_disk(under_way):
        answer = list_admin.post("/lister/indlaes/", list_form(long_list(ON_DISK)))
        code, page = answer.status_code, answer.content.decode()
        del answer  # with the exception that it remembers
        gc.collect()
        left = list(under_way.iterdir())
        for each in left:
            each.unlink()
    assert (code, left) == (500, [])
    assert "Det, du var i gang med, blev ikke gemt" in page
    assert not NonresponderList.objects.exists()
    assert not list(settings.UPLOAD_ROOT.rglob("*.csv"))
