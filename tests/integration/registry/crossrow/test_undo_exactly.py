"""Undo puts back everything that stood before the list (L5): a rich random world, compared row by row."""

import random
from datetime import timedelta
from typing import Any

import pytest

from campaigns.models import CallTask, CallTaskState, SmsMessage
from campaigns.services.answers import record_answer, undo_answer
from campaigns.services.planning import plan
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.models import (
    Citizen,
    ClosedReason,
    FollowUp,
    FollowUpStatus,
    ListState,
    NonresponderList,
    Phone,
    PhoneKind,
    PreviousNumber,
)
from registry.services.follow_ups import close_follow_up
from registry.services.lists import approve, decide, undo
from registry.services.phones import add_phone
from tests.factories.cast import actor_with_role
from tests.factories.registry import (
    FIRST_WEEK,
    committed_list,
    csv_file,
    make_citizen,
    moment,
    reviewed_list,
    row,
)

pytestmark = pytest.mark.django_db
NEXT_WEEK = FIRST_WEEK + timedelta(days=7)
NOW = moment(NEXT_WEEK)
PEOPLE = 60


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def world(admin: Actor) -> dict[str, Any]:
    """All rows that a commit may touch. `updated_at` tells that something happened, and is left out."""
    with data_context(admin):
        return {
            "follow_ups": rows_of(FollowUp, "updated_at"),
            "citizens": rows_of(Citizen),
            "phones": rows_of(Phone),
            "previous_numbers": rows_of(PreviousNumber),
            "tasks": sorted(CallTask.objects.filter(state=CallTaskState.OPEN).values_list("citizen", flat=True)),
            "messages": sorted(SmsMessage.objects.filter(status="queued").values_list("citizen", flat=True)),
        }


def rows_of(model: Any, *without: str) -> dict[int, dict[str, Any]]:
    found = {}
    for each in model.objects.values():
        found[each["id"]] = {
            name: bytes(value) if isinstance(value, memoryview) else value
            for name, value in each.items()
            if name not in without
        }
    return found


def rich_world(admin: Actor, chance: random.Random) -> None:
    """Open, declined, gone, answered, unreachable and dead citizens, some with phones; two weeks of lists."""
    with data_context(admin):
        for serial in range(PEOPLE):
            citizen = make_citizen(serial)
            if chance.random() < 0.5:
                add_phone(by=admin, citizen=citizen, number=f"203040{serial:02d}", kind=PhoneKind.MOBILE,
                          source="system", now=moment(FIRST_WEEK))  # fmt: skip
        make_citizen(70, status="replaced")
        holder, old = make_citizen(71), Citizen.objects.get(name="Testperson 70")
        PreviousNumber.objects.create(
            municipality_id=183, citizen=holder, cpr_ciphertext=old.cpr_ciphertext, cpr_index=old.cpr_index,
            noted_at=moment(FIRST_WEEK),
        )  # fmt: skip
    for week in (2, 1):
        listed = [row(serial, group=chance.choice(["7", "8"])) for serial in range(PEOPLE) if chance.random() < 0.7]
        committed_list(admin, csv_file(listed), as_of=FIRST_WEEK - timedelta(days=7 * (week - 1)))
    with data_context(admin):
        for each in FollowUp.objects.open():
            if chance.random() < 0.4:
                reason = chance.choice([ClosedReason.DECLINED, ClosedReason.ANSWERED, ClosedReason.MOVED])
                close_follow_up(by=admin, follow_up=each, reason=reason, now=moment(FIRST_WEEK))
                FollowUp.objects.filter(pk=each.pk).update(
                    call_attempts=2, sms_sent=1, outcome=chance.choice(["declined", "undecided", ""]),
                    reopen_on=chance.choice([None, FIRST_WEEK, NEXT_WEEK + timedelta(days=30)]),
                )  # fmt: skip
        plan(by=admin, now=NOW)


def next_list(admin: Actor, chance: random.Random) -> NonresponderList:
    """A list with everything: new, waiting, gone, moved in by decision, another number, made citizens."""
    rows = [row(serial, group=chance.choice(["7", "8"])) for serial in range(PEOPLE) if chance.random() < 0.6]
    rows += [row(70), row(80), row(81, group="8"), row(82), row(82, group="8")]
    with data_context(admin):
        make_citizen(83, status="outside")
    reviewed = reviewed_list(admin, csv_file([*rows, row(83)]), as_of=NEXT_WEEK)
    assert reviewed.state == ListState.REVIEWED, reviewed.error_message
    with data_context(admin):
        decide(by=admin, nonresponder_list=reviewed, row_ids=None, problem_code="not_resident", decision="import",
               now=NOW)  # fmt: skip
    return reviewed


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_everything_stands_as_before(admin: Actor, seed: int) -> None:
    chance = random.Random(seed)
    rich_world(admin, chance)
    reviewed = next_list(admin, chance)
    before = world(admin)
    with data_context(admin):
        committed = approve(by=admin, nonresponder_list=reviewed, now=NOW)
        assert committed.state == ListState.COMMITTED
    between = world(admin)
    # The list reopened, closed, moved on and made: each of it is there to be undone.
    changed = [pk for pk, each in before["follow_ups"].items() if between["follow_ups"][pk] != each]
    assert {between["follow_ups"][pk]["status"] for pk in changed} == {"open", "closed"}
    assert len(between["citizens"]) > len(before["citizens"])
    with data_context(admin):
        undo(by=admin, nonresponder_list=committed, now=NOW + timedelta(minutes=5))
    after = world(admin)
    opened = {pk: each for pk, each in after["follow_ups"].items() if pk not in before["follow_ups"]}
    # Whoever the list was the first to name keeps a closed line that says so, and nothing more.
    for each in opened.values():
        assert (each["status"], each["closed_reason"], each["weeks_on_list"]) == ("closed", "undone", 0)
        assert (each["first_list_id"], each["last_list_id"], each["next_step_kind"]) == (None, None, "")
        del after["follow_ups"][each["id"]]
    assert opened
    assert after == before


def test_whoever_died_meanwhile_stays_closed(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1), row(2)]))
    second = committed_list(admin, csv_file([row(2)]), as_of=NEXT_WEEK)
    with data_context(admin):
        Citizen.objects.filter(name="Testperson 1").update(status="deceased")
        undo(by=admin, nonresponder_list=second, now=NOW)
        dead = FollowUp.objects.get(citizen__name="Testperson 1")
    assert (dead.status, dead.closed_reason) == (FollowUpStatus.CLOSED, ClosedReason.STATUS)


def test_answer_forbids_the_undo_until_it_is_taken_back(admin: Actor) -> None:
    committed = committed_list(admin, csv_file([row(1), row(2)]))
    later = moment(FIRST_WEEK) + timedelta(minutes=10)
    with data_context(admin):
        citizen = Citizen.objects.get(name="Testperson 1")
        attempt = record_answer(by=admin, citizen=citizen, outcome="declined", now=later)
        with pytest.raises(UserError) as refusal:
            undo(by=admin, nonresponder_list=committed, now=later)
        assert refusal.value.code == "undo_contacted"
        undo_answer(by=admin, attempt=attempt, now=later + timedelta(seconds=5))
        assert FollowUp.objects.get(citizen=citizen).status == FollowUpStatus.OPEN
        assert undo(by=admin, nonresponder_list=committed, now=later).state == ListState.UNDONE


def test_answer_is_not_taken_back_over_a_list_that_closed_the_case(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1), row(2)]))
    with data_context(admin):
        citizen = Citizen.objects.get(name="Testperson 1")
        attempt = record_answer(by=admin, citizen=citizen, outcome="undecided", now=NOW - timedelta(seconds=5))
    committed_list(admin, csv_file([row(2)]), as_of=NEXT_WEEK)
    with data_context(admin), pytest.raises(UserError) as refusal:
        undo_answer(by=admin, attempt=attempt, now=NOW + timedelta(seconds=5))
    assert refusal.value.code == "changed_since"
    with data_context(admin):
        assert FollowUp.objects.get(citizen=citizen).closed_reason == ClosedReason.GONE
