"""The catalogue's cases of files that come again (IP01–IP09)."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from campaigns.models import ContactAttempt, SmsMessage
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.imports import list_matching
from registry.imports.lists import advance
from registry.models import Citizen, FollowUp, FollowUpChange, ListRow, ListState, ListStateChange, NonresponderList
from registry.services.lists import approve, undo, withdraw
from registry.services.received_files import remove
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.registry import (
    FIRST_WEEK,
    committed_list,
    csv_file,
    moment,
    receive,
    reviewed_list,
    row,
    xlsx_file,
)

NEXT_WEEK = FIRST_WEEK + timedelta(days=7)


@pytest.fixture
def admin(db: None) -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


@pytest.fixture
def colleague(admin: Actor) -> Actor:
    return actor_with_role(Role.TEAM_LEAD)


def standing(admin: Actor) -> list[tuple[Any, ...]]:
    """All that a list may change, of everybody."""
    fields = ("citizen__name", "status", "closed_reason", "weeks_on_list", "target_group", "invited_on", "outcome",
              "next_step_kind", "next_step_at", "opened_at", "answer_due")  # fmt: skip
    with data_context(admin):
        return list(FollowUp.objects.order_by("citizen__name").values_list(*fields))


@pytest.mark.case("IP01")
def test_same_bytes_are_refused_until_the_first_is_undone(admin: Actor) -> None:
    first = committed_list(admin, csv_file([row(1)]))
    with pytest.raises(UserError) as refusal:
        receive(admin, csv_file([row(1)]), as_of=NEXT_WEEK)
    assert refusal.value.code == "same_file"
    assert "allerede indlæst den 30.03.2021 kl. 12.00 af" in refusal.value.message
    # Another programme is another list.
    assert receive(admin, csv_file([row(1)]), programme="influenza").state == ListState.UPLOADED
    with data_context(admin):
        undo(by=admin, nonresponder_list=first, now=moment(FIRST_WEEK))
    assert committed_list(admin, csv_file([row(1)])).state == ListState.COMMITTED


@pytest.mark.case("IP02")
def test_same_content_saved_anew_changes_nothing(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1), row(2)]))
    before = standing(admin)
    with data_context(admin):
        messages = SmsMessage.objects.count()
    again = committed_list(admin, xlsx_file([row(1), row(2)]))
    assert (again.counts, again.gates) == ({"waiting": 2}, [])
    assert standing(admin) == before
    with data_context(admin):
        assert (Citizen.objects.count(), SmsMessage.objects.count()) == (2, messages)


@pytest.mark.case("IP03")
def test_older_week_needs_a_reason_and_overwrites_nothing(admin: Actor, colleague: Actor) -> None:
    committed_list(admin, csv_file([row(1, group="8"), row(2)]), as_of=NEXT_WEEK)
    before = standing(admin)
    older = reviewed_list(admin, csv_file([row(1), row(3)]), as_of=FIRST_WEEK, now=moment(NEXT_WEEK))
    now = moment(NEXT_WEEK)
    with data_context(admin):
        held = approve(by=admin, nonresponder_list=older, now=now)
        assert [gate["code"] for gate in held.gates] == ["older_than_newest"]
    with data_context(colleague):
        with pytest.raises(UserError) as refusal:
            approve(by=colleague, nonresponder_list=older, now=now, override="older_than_newest", reason=" ")
        assert refusal.value.code == "override_reason"
        passed = approve(by=colleague, nonresponder_list=older, now=now, override="older_than_newest", reason="Glemt")
    assert passed.counts == {"waiting": 1, "new": 1}
    assert standing(admin)[:2] == before, "nobody is gone, and the newer group stands"


@pytest.mark.case("IP04")
def test_corrected_file_says_what_it_changes_before_it_is_committed(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1), row(2), row(3), row(4)]))
    corrected = reviewed_list(admin, csv_file([row(1), row(2, group="8"), row(3, invited="09-03-2021"), row(5)]))
    assert [gate["code"] for gate in corrected.gates] == ["same_week"]
    assert (
        "anderledes: 1 ny borger; 1 er ikke længere på listen; ny målgruppe i række 3; ny dato i række 4."
        in corrected.gates[0]["message"]
    )
    assert corrected.counts == {"waiting": 3, "new": 1, "gone": 1}
    now = moment(FIRST_WEEK)
    with data_context(admin):
        # A correction is ordinary: whoever uploaded it says so, with a reason.
        passed = approve(by=admin, nonresponder_list=corrected, now=now, override="same_week", reason="SSI rettede")
    assert passed.state == ListState.COMMITTED
    weeks = {name: (status, week, group) for name, status, _reason, week, group, *_rest in standing(admin)}
    assert weeks == {
        "Testperson 1": ("open", 1, "7"),
        "Testperson 2": ("open", 1, "8"),
        "Testperson 3": ("open", 1, "7"),
        "Testperson 4": ("closed", 1, "7"),
        "Testperson 5": ("open", 1, "7"),
    }


@pytest.mark.case("IP06")
def test_file_deleted_from_storage_fails_cleanly_and_may_come_again(admin: Actor) -> None:
    received = receive(admin, csv_file([row(1)]))
    remove("lists", received.stored_name)
    failed = advance(received.pk, now=moment(FIRST_WEEK))
    assert (failed.state, failed.error_code) == (ListState.FAILED, "file_missing")
    assert failed.error_message == "Filen mangler i lageret. Indlæs listen igen."
    assert committed_list(admin, csv_file([row(1)])).counts == {"new": 1}


@pytest.mark.case("IP08")
def test_second_confirm_is_without_effect(admin: Actor) -> None:
    client: Client = client_with_role(Role.LIST_ADMIN, username="anden-admin")
    reviewed = reviewed_list(admin, csv_file([row(1), row(2)]))
    page = f"/lister/{reviewed.pk}/godkend/"
    first, second = client.post(page, follow=True), client.post(page, follow=True)
    assert (first.status_code, second.status_code) == (200, 200)
    with data_context(admin):
        assert FollowUpChange.objects.filter(nonresponder_list=reviewed, kind="opened").count() == 2
        assert FollowUpChange.objects.filter(nonresponder_list=reviewed).count() == 2
    assert ListStateChange.objects.filter(nonresponder_list=reviewed, state=ListState.COMMITTED).count() == 1


@pytest.mark.case("IP09")
def test_erased_citizen_who_is_listed_again_is_a_new_one(admin: Actor) -> None:
    # The written rule: an erasure removes the citizen with all that hangs on them; a later list makes a new one.
    committed_list(admin, csv_file([row(1), row(2)]))
    with data_context(admin):
        old = FollowUp.objects.get(citizen__name="Testperson 1")
        ContactAttempt.objects.create(
            municipality_id=old.municipality_id, citizen=old.citizen, kind="call", at=moment(FIRST_WEEK),
            by_name="Mette Holm", spoke_with="citizen", note="Bor hos sin datter",
        )  # fmt: skip
        FollowUp.objects.filter(pk=old.pk).update(outcome="undecided", outcome_at=moment(FIRST_WEEK))
        old.citizen.delete()
        assert not ContactAttempt.objects.exists()
    again = committed_list(admin, csv_file([row(1), row(2)][::-1]), as_of=NEXT_WEEK)
    assert again.counts == {"new": 1, "waiting": 1}
    with data_context(admin):
        new = FollowUp.objects.get(citizen__name="Testperson 1")
        line = ListRow.objects.get(nonresponder_list=again, citizen=new.citizen)
        assert (new.pk != old.pk, new.weeks_on_list, new.outcome) == (True, 1, "")
        assert (line.earlier_outcome, line.week) == ("", 1)
        assert not ContactAttempt.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.case("IP05")
def test_same_file_by_two_people_at_once_is_taken_once() -> None:
    both = [actor_with_role(Role.LIST_ADMIN, username=name) for name in ("en", "to")]
    start, answers = threading.Barrier(2), []

    def hand_in(by: Actor) -> None:
        try:
            start.wait()
            answers.append(receive(by, csv_file([row(1)])).state)
        except UserError as error:
            answers.append(error.code)
        finally:
            connection.close()

    run_all([lambda by=by: hand_in(by) for by in both])
    assert sorted(answers) == ["same_file_in_progress", "uploaded"]
    only = NonresponderList.objects.get()
    assert advance(only.pk, now=moment(FIRST_WEEK)).state == ListState.REVIEWED


@pytest.mark.django_db(transaction=True)
@pytest.mark.case("IP07")
def test_list_taken_back_while_it_is_read_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    admin = actor_with_role(Role.LIST_ADMIN)
    received = receive(admin, csv_file([row(1), row(2)]))
    reading, taken_back = threading.Event(), threading.Event()
    real = list_matching._copy

    def slow(*arguments: Any) -> Any:
        warnings = real(*arguments)
        reading.set()
        assert taken_back.wait(30)
        return warnings

    monkeypatch.setattr(list_matching, "_copy", slow)

    def read() -> None:
        try:
            advance(received.pk, now=moment(FIRST_WEEK))
        finally:
            connection.close()

    def take_back() -> None:
        try:
            assert reading.wait(30)
            with data_context(admin):
                withdraw(by=admin, nonresponder_list=received, now=moment(FIRST_WEEK))
        finally:
            taken_back.set()
            connection.close()

    run_all([read, take_back])
    received.refresh_from_db()
    assert (received.state, received.counts, received.rows) == (ListState.WITHDRAWN, {}, 0)
    with data_context(admin):
        assert not ListRow.objects.exists()
        assert not FollowUp.objects.exists()


def run_all(actions: list[Any]) -> None:
    """Run each in a thread of its own, and wait for all."""
    threads = [threading.Thread(target=action) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
