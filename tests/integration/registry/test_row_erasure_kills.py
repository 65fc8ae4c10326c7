"""A5: erasure in steps. Who kills it keeps what the steps before have done; who is at work keeps their rows; a large
backlog keeps no other kind waiting."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from campaigns.models import ContactAttempt
from campaigns.services.forgetting import erase_contacts
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.privacy import retention
from outreach.privacy.erasure_time import at_most, time_is_up
from outreach.privacy.retention import RetentionKind, erase_expired
from registry.models import Citizen, FollowUp
from registry.services import row_erasure
from registry.services.forgetting import erase_follow_ups
from tests.factories.cast import organisation_for
from tests.factories.contact_pages import NOW, citizen, follow_up, records
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(days=731)
# The process dies while its third step is open: in the middle, after the rows are deleted.
DIES_IN_STEP_THREE = """
import os, signal
import django
django.setup()
from datetime import datetime
from campaigns.services.forgetting import erase_contacts
from registry.services import row_erasure
row_erasure.BATCH = 1
steps, real = [], row_erasure.record
def record(**values):
    steps.append(1)
    if len(steps) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    real(**values)
row_erasure.record = record
moment = datetime.fromisoformat(os.environ["ERASE_AT"])
erase_contacts(moment, moment, False)
"""


def closed_with_attempts(number: int) -> Citizen:
    with records():
        owner = citizen()
        follow_up(
            owner, status="closed", closed_reason="gone", closed_at=NOW, next_step_kind="", next_step_at=None,
            next_step_reason="",
        )  # fmt: skip
        for _each in range(number):
            ContactAttempt.objects.create(municipality_id=ISHOEJ, citizen=owner, kind="call", at=NOW, by_name="Mette")
    return owner


def attempts() -> int:
    with records():
        return ContactAttempt.objects.count()


@pytest.fixture(autouse=True)
def served() -> None:
    organisation_for(Role.CASEWORKER)


@pytest.mark.case("F04")
def test_what_was_erased_before_a_kill_stays_erased_and_the_next_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    closed_with_attempts(5)
    address = os.environ["DATABASE_URL"].replace("/outreach?", f"/{connection.settings_dict['NAME']}?")
    surroundings = {**os.environ, "DATABASE_URL": address, "ERASE_AT": LATER.isoformat()}
    killed = subprocess.run(
        [sys.executable, "-c", DIES_IN_STEP_THREE], env=surroundings, cwd=settings.BASE_DIR, check=False, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL
    assert attempts() == 3
    with records():
        assert AccessEvent.objects.filter(action="delete", subject_kind="contactattempt").count() == 2
    monkeypatch.setattr(row_erasure, "BATCH", 1)
    assert erase_contacts(LATER, LATER, False) == 3
    assert attempts() == 0


def test_when_the_time_is_up_the_rest_is_left_to_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    closed_with_attempts(3)
    clock = iter(float(second) for second in range(100))
    monkeypatch.setattr("outreach.privacy.erasure_time.monotonic", lambda: next(clock))
    monkeypatch.setattr(row_erasure, "BATCH", 1)
    # The clock is asked once at the start (0), then before each step: 1 and 2 are within two and a half seconds.
    with at_most(2.5):
        assert erase_contacts(LATER, LATER, False) == 2
    assert attempts() == 1


def test_a_backlog_of_one_kind_leaves_time_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    second = [0.0]
    monkeypatch.setattr("outreach.privacy.erasure_time.monotonic", lambda: second[0])

    def endless(_now: datetime, _real_now: datetime, _dry_run: bool) -> int:
        done = 0
        while not time_is_up():
            second[0] += 1
            done += 1
        return done

    kinds = [RetentionKind(name, name, endless, 1, "") for name in ("first", "second", "third")]
    monkeypatch.setattr(retention, "retention_kinds", lambda: kinds)
    # Half of 80, half of the 40 that remain, half of the 20.
    assert erase_expired(now=NOW, real_now=timezone.now(), dry_run=False, seconds=80) == {
        "first": 40, "second": 20, "third": 10,
    }  # fmt: skip


def test_rows_that_somebody_works_on_are_left_and_a_case_reopened_meanwhile_stays() -> None:
    first, _second = closed_with_attempts(0), closed_with_attempts(0)
    later = NOW + timedelta(days=1826)
    locked, go_on = threading.Event(), threading.Event()

    def reopens() -> None:
        try:
            with records():
                mine = FollowUp.objects.select_for_update().get(citizen=first)
                locked.set()
                go_on.wait(30)
                mine.status, mine.closed_reason, mine.closed_at = "open", "", None
                mine.next_step_kind, mine.next_step_at, mine.next_step_reason = "wait", later, "to_be_planned"
                mine.save()
        finally:
            connections.close_all()

    colleague = threading.Thread(target=reopens)
    colleague.start()
    assert locked.wait(30)
    assert erase_follow_ups(later, later, False) == 1
    go_on.set()
    colleague.join(30)
    with records():
        assert [each.citizen_id for each in FollowUp.objects.all()] == [first.pk]


def test_what_is_no_longer_due_once_the_lock_is_had_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Contacts are due by the follow-up, which nobody locks: it is asked about again under the lock."""
    owner = closed_with_attempts(1)
    asked: list[int] = []

    def due_then_reopened(real: Callable[[], Any]) -> Callable[[], Any]:
        def due() -> Any:
            asked.append(1)
            if len(asked) == 2:
                FollowUp.objects.filter(citizen=owner).update(
                    status="open", closed_reason="", closed_at=None, next_step_kind="wait", next_step_at=NOW,
                    next_step_reason="to_be_planned",
                )  # fmt: skip
            return real()

        return due

    real_still_due = row_erasure._still_due
    monkeypatch.setattr(row_erasure, "_still_due", lambda due, code: real_still_due(due_then_reopened(due), code))
    assert erase_contacts(LATER, LATER, False) == 0
    assert attempts() == 1
