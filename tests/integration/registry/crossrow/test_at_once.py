"""Several people at the same moment (L5): real threads and connections; before or after, never between."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from campaigns.models import SmsMessage
from campaigns.services.answers import record_answer
from campaigns.services.messages import dispatch_due
from campaigns.services.planning import plan
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.imports.citizens import import_citizens
from registry.models import Citizen, FollowUp, FollowUpChange, ListState, Municipality, PhoneKind
from registry.services.lists import approve, undo, withdraw
from registry.services.phones import add_phone
from tests.factories.campaigns import CountingGateway
from tests.factories.cast import actor_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.registry import FIRST_WEEK, committed_list, cpr_number, csv_file, moment, reviewed_list, row

pytestmark = pytest.mark.django_db(transaction=True)
NEXT_WEEK = FIRST_WEEK + timedelta(days=7)
NOW = moment(NEXT_WEEK)
ROUNDS = range(4)


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def at_once(*actions: Callable[[], object]) -> list[str]:
    """Run all at the same moment; for each "done", its answer's state, or the code of the refusal."""
    start = threading.Barrier(len(actions))
    answers = [""] * len(actions)

    def run(position: int, action: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            answers[position] = getattr(action(), "state", "done")
        except UserError as error:
            answers[position] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return answers


def inside(actor: Actor, action: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        with data_context(actor):
            return action()

    return run


@pytest.mark.parametrize("_round", ROUNDS)
def test_answer_while_the_list_that_lacks_the_citizen_is_approved(admin: Actor, _round: int) -> None:
    committed_list(admin, csv_file([row(1), row(2)]))
    reviewed = reviewed_list(admin, csv_file([row(2)]), as_of=NEXT_WEEK)
    with data_context(admin):
        citizen = Citizen.objects.get(name="Testperson 1")
    approved, answered = at_once(
        inside(admin, lambda: approve(by=admin, nonresponder_list=reviewed, now=NOW)),
        inside(admin, lambda: record_answer(by=admin, citizen=citizen, outcome="declined", now=NOW)),
    )
    with data_context(admin):
        standing = FollowUp.objects.get(citizen=citizen)
    # A refusal that was written down is never overwritten by the list; after the list there is nothing to answer.
    assert (approved, answered, standing.closed_reason, standing.outcome) in {
        (ListState.COMMITTED, "done", "declined", "declined"),
        (ListState.COMMITTED, "nothing_open", "gone", ""),
    }


@pytest.mark.parametrize("_round", ROUNDS)
def test_citizen_file_while_a_list_is_approved(admin: Actor, tmp_path: Path, _round: int) -> None:
    committed_list(admin, csv_file([row(1), row(2)]))
    reviewed = reviewed_list(admin, csv_file([row(1), row(2), row(3)]), as_of=NEXT_WEEK)
    path = tmp_path / "borgere.csv"
    lines = [f"{cpr_number(1)};Testperson 1;90", f"{cpr_number(3)};Testperson 3;90"]
    path.write_text("CPR-nummer;Navn;CPR-status\r\n" + "\r\n".join(lines), encoding="utf-8")

    def import_dead() -> object:
        here = Municipality.objects.get(pk=ISHOEJ)
        return import_citizens(by=admin, municipality=here, path=path, display_name="borgere.csv", now=NOW)

    approved, _imported = at_once(
        inside(admin, lambda: approve(by=admin, nonresponder_list=reviewed, now=NOW)), inside(admin, import_dead)
    )
    # Whichever was first: nobody who is dead has an open case, and 3 is one person.
    assert approved in {ListState.COMMITTED, ListState.REVIEWED}
    with data_context(admin):
        assert not FollowUp.objects.filter(status="open", citizen__status="deceased").exists()
        assert Citizen.objects.filter(name="Testperson 3").count() == 1
        if approved == ListState.REVIEWED:
            reviewed.refresh_from_db()
            assert [gate["code"] for gate in reviewed.gates] == ["changed_since_review"]


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_approve_one_list(admin: Actor, _round: int) -> None:
    reviewed = reviewed_list(admin, csv_file([row(1), row(2)]))
    other = actor_with_role(Role.TEAM_LEAD)
    answers = at_once(
        *(inside(by, lambda by=by: approve(by=by, nonresponder_list=reviewed, now=NOW)) for by in (admin, other))
    )
    assert answers == [ListState.COMMITTED] * 2
    with data_context(admin):
        assert FollowUpChange.objects.filter(nonresponder_list=reviewed).count() == 2


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_approves_what_another_takes_back(admin: Actor, _round: int) -> None:
    reviewed = reviewed_list(admin, csv_file([row(1)]))
    approved, taken_back = at_once(
        inside(admin, lambda: approve(by=admin, nonresponder_list=reviewed, now=NOW)),
        inside(admin, lambda: withdraw(by=admin, nonresponder_list=reviewed, now=NOW)),
    )
    reviewed.refresh_from_db()
    with data_context(admin):
        opened = FollowUp.objects.count()
    assert (approved, taken_back, reviewed.state, opened) in {
        (ListState.COMMITTED, "wrong_state", ListState.COMMITTED, 1),
        ("wrong_state", ListState.WITHDRAWN, ListState.WITHDRAWN, 0),
    }


@pytest.mark.parametrize("_round", ROUNDS)
def test_answer_while_the_list_is_undone(admin: Actor, _round: int) -> None:
    committed = committed_list(admin, csv_file([row(1), row(2)]))
    later = moment(FIRST_WEEK) + timedelta(hours=1)
    with data_context(admin):
        citizen = Citizen.objects.get(name="Testperson 1")
        # Somebody has looked the citizen up, so that undoing keeps the record.
        add_phone(by=admin, citizen=citizen, number="20304050", kind=PhoneKind.MOBILE, source="looked_up", now=later)
    undone, answered = at_once(
        inside(admin, lambda: undo(by=admin, nonresponder_list=committed, now=later)),
        inside(admin, lambda: record_answer(by=admin, citizen=citizen, outcome="undecided", now=later)),
    )
    with data_context(admin):
        standing = FollowUp.objects.get(citizen=citizen)
    assert (undone, answered, standing.closed_reason, standing.outcome) in {
        (ListState.UNDONE, "nothing_open", "undone", ""),
        ("undo_contacted", "done", "", "undecided"),
    }


@pytest.mark.parametrize("_round", ROUNDS)
def test_message_is_handed_over_or_its_list_is_undone_never_both(admin: Actor, _round: int) -> None:
    committed = committed_list(admin, csv_file([row(1), row(2)]))
    now = moment(FIRST_WEEK) + timedelta(hours=1)
    with data_context(admin):
        for number, citizen in enumerate(Citizen.objects.all()):
            add_phone(by=admin, citizen=citizen, number=f"2030405{number}", kind=PhoneKind.MOBILE, source="looked_up",
                      now=now)  # fmt: skip
        plan(by=admin, now=now)
        assert SmsMessage.objects.filter(status="queued").count() == 2
    gateway = CountingGateway()
    undone, _sent = at_once(
        inside(admin, lambda: undo(by=admin, nonresponder_list=committed, now=now)),
        lambda: dispatch_due(now=now, gateway=gateway),
    )
    assert (undone, len(gateway.sent)) in {(ListState.UNDONE, 0), ("undo_contacted", 2)}
