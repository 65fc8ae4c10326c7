"""The web process dies between its commit and its wake-up call: the row is there, and the sweeper finds it (F48)."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
import redis
from django.test import Client

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.celery import IMPORT, OutreachTask
from outreach.clock.services import set_demo_clock
from registry.models import Citizen, CitizenImport, NonresponderList
from registry.services.lists import approve
from tests.factories.cast import client_with_role
from tests.factories.registry import FIRST_WEEK, NOON, cpr_number, csv_file, reviewed_list, row

from .processes import forked, is_alive, new_rows, rows_of, state_of, sweep_later, wait_for
from .uploads import list_form, named

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
ROWS = 30


@pytest.fixture
def list_admin(transactional_db: None) -> Client:
    set_demo_clock(NOON)
    return client_with_role(Role.LIST_ADMIN, username="anden_admin")


def killed_at_its_wake_up_call(request: Callable[[], object], log: Path) -> None:
    """Do the request in a process that dies with signal 9 where it would call a worker: after its commit."""

    def work() -> None:
        OutreachTask._enqueue = lambda *_arguments: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
        request()

    web = forked(work, log)
    wait_for(lambda: not is_alive(web), "the end of the web process")
    assert "Traceback" not in (log.read_text() if log.exists() else "")
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        assert broker.llen(IMPORT) == 0


@pytest.mark.case("F48")
def test_list_whose_web_process_died_is_read(
    admin: Actor, list_admin: Client, start_worker: Callable[..., psutil.Process], tmp_path: Path
) -> None:
    form = list_form(csv_file([row(serial) for serial in range(1, ROWS + 1)]))
    killed_at_its_wake_up_call(lambda: list_admin.post("/lister/indlaes/", form), tmp_path / "web.log")
    received = NonresponderList.objects.get()
    assert (received.state, received.attempts) == ("uploaded", 0)
    start_worker()
    sweep_later()
    wait_for(lambda: state_of(received.pk) == "reviewed", "the list read without a wake-up call")
    assert rows_of(admin, received.pk) == new_rows(1, ROWS)


@pytest.mark.case("F48")
def test_citizen_file_whose_web_process_died_is_read(
    admin: Actor, list_admin: Client, start_worker: Callable[..., psutil.Process], tmp_path: Path, settings: object
) -> None:
    lines = [[cpr_number(serial), f"Navn {serial}"] for serial in range(1, ROWS + 1)]
    file = named(csv_file(lines, ("cpr", "navn")), "borgere.csv")
    killed_at_its_wake_up_call(lambda: list_admin.post("/borgere/indlaes/", {"file": file}), tmp_path / "web.log")
    with data_context(admin):
        assert CitizenImport.objects.get().state == "received"
    start_worker()
    sweep_later()
    wait_for(lambda: CitizenImport.objects.get().state == "done", "the file read without a wake-up call")
    wait_for(lambda: not list((settings.UPLOAD_ROOT / "citizens").iterdir()), "the erasure")  # type: ignore[attr-defined]
    with data_context(admin):
        assert Citizen.objects.count() == ROWS


@pytest.mark.case("F48")
def test_list_sent_back_by_an_approval_whose_process_died_is_compared_anew(
    admin: Actor, list_admin: Client, start_worker: Callable[..., psutil.Process], tmp_path: Path
) -> None:
    """Another list was committed since the review; the approval sends this one back, and dies before it says so."""
    weeks = {FIRST_WEEK: "08-03-2021", FIRST_WEEK + timedelta(days=7): "15-03-2021"}
    older, newer = (
        reviewed_list(admin, csv_file([row(serial, invited=day) for serial in range(1, 4)]), as_of=week)
        for week, day in weeks.items()
    )
    with data_context(admin):
        approve(by=admin, nonresponder_list=older, now=older.uploaded_at)
    page = f"/lister/{newer.pk}/godkend/"
    killed_at_its_wake_up_call(lambda: list_admin.post(page), tmp_path / "web.log")
    assert state_of(newer.pk) == "uploaded"
    assert rows_of(admin, newer.pk) == []
    start_worker()
    sweep_later()
    wait_for(lambda: state_of(newer.pk) == "reviewed", "the list compared anew")
    assert NonresponderList.objects.get(pk=newer.pk).counts == {"waiting": 3}
