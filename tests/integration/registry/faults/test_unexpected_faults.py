"""A fault of ours at each stage of an import: nothing written, three attempts, an error id on the page and in the log
(F08)."""

from __future__ import annotations

from collections.abc import Callable

import psutil
import pytest
from django.test import Client

from campaigns import receivers
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from registry import tasks
from registry.imports import list_matching, lists
from registry.models import Citizen, FollowUp, ListStateChange, NonresponderList
from registry.services.lists import approval
from tests.factories.cast import client_with_role
from tests.factories.registry import NOON, csv_file, receive, reviewed_list, row

from .processes import rows_of, state_of, sweep_later, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
# Stage → the function that fails there, and the state in which each attempt leaves the list.
STAGES = {
    "starting the reader": (list_matching, "reading", "uploaded"),
    "copying": (list_matching, "copy_block", "uploaded"),
    "matching": (list_matching, "newest_of_scope", "uploaded"),
    "review": (lists, "review", "matched"),
}


@pytest.fixture
def list_admin(transactional_db: None) -> Client:
    set_demo_clock(NOON)
    found = client_with_role(Role.LIST_ADMIN, username="anden_admin")
    found.raise_request_exception = False
    return found


class Poison(RuntimeError):
    """What nobody expected."""


def fails(*_arguments: object, **_options: object) -> object:
    raise Poison


@pytest.mark.case("F08")
@pytest.mark.parametrize("stage", STAGES)
def test_fault_while_a_list_is_read_ends_after_three_attempts(
    admin: Actor, list_admin: Client, stage: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    module, name, left_in = STAGES[stage]
    received = receive(admin, csv_file([row(1)]))
    monkeypatch.setattr(module, name, fails)
    for _attempt in (1, 2):
        with pytest.raises(Poison):
            tasks.import_list(received.pk)
        assert state_of(received.pk) == left_in
        assert (rows_of(admin, received.pk) == []) == (left_in == "uploaded")
    tasks.import_list(received.pk)
    failed = NonresponderList.objects.get(pk=received.pk)
    assert (failed.state, failed.error_code, failed.attempts, failed.leased_until) == ("failed", "fault", 3, None)
    (alert,) = [record.msg for record in caplog.records if record.levelname == "ERROR" and "error_id" in record.msg]
    assert alert["event"] == "list_import_failed"
    assert alert["error"] == "Poison"
    page = list_admin.get(f"/lister/{received.pk}/").content.decode()
    assert alert["error_id"] in page
    tasks.import_list(received.pk)
    assert NonresponderList.objects.get(pk=received.pk).attempts == 3


@pytest.mark.case("F08")
@pytest.mark.parametrize(
    ("module", "name"),
    [(approval, "commit_rows"), (approval, "record"), (receivers, "plan")],
    ids=["writing", "its audit row", "planning"],
)
def test_fault_in_a_commit_is_a_page_and_no_commit(
    admin: Actor, list_admin: Client, module: object, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed = reviewed_list(admin, csv_file([row(1), row(2)]))
    page = f"/lister/{reviewed.pk}/godkend/"
    with monkeypatch.context() as poisoned:
        poisoned.setattr(module, name, fails)
        answer = list_admin.post(page)
    assert answer.status_code == 500
    assert "Det, du var i gang med, blev ikke gemt" in answer.content.decode()
    assert state_of(reviewed.pk) == "reviewed"
    with data_context(admin):
        assert (Citizen.objects.count(), FollowUp.objects.count()) == (0, 0)
    assert list_admin.post(page).status_code == 302
    with data_context(admin):
        assert (Citizen.objects.count(), FollowUp.objects.count()) == (2, 2)
    assert ListStateChange.objects.filter(nonresponder_list=reviewed.pk, state="committed").count() == 1


@pytest.mark.case("F08")
def test_worker_goes_on_after_a_fault(admin: Actor, start_worker: Callable[..., psutil.Process]) -> None:
    """The same in a real worker, which reads the list beside it."""
    faulty, good = receive(admin, csv_file([row(1)])), receive(admin, csv_file([row(2)]))
    real = list_matching.rules_for

    def sometimes_fails() -> None:
        def rules_for(current: NonresponderList) -> object:
            return fails() if current.pk == faulty.pk else real(current)

        list_matching.rules_for = rules_for  # type: ignore[assignment]

    start_worker(sometimes_fails)
    for attempt in (1, 2, 3):
        tasks.import_list.delay(faulty.pk)
        wait_for(
            lambda attempt=attempt: NonresponderList.objects.filter(
                pk=faulty.pk, attempts=attempt, leased_until=None
            ).exists(),
            f"attempt {attempt}",
        )
    sweep_later()
    wait_for(lambda: state_of(good.pk) == "reviewed", "the list beside it")
    failed = NonresponderList.objects.get(pk=faulty.pk)
    assert (failed.state, failed.attempts) == ("failed", 3)
    assert "fejl-id" in failed.error_message
