"""Random spreadsheets of earlier contacts: set-based taking in and undoing against one row after the other (L8)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from campaigns.imports.earlier_contacts import read_and_review
from campaigns.models import (
    AnswerWord,
    CallTask,
    ContactAnswer,
    EarlierContactRow,
    EarlierContacts,
    OptOut,
    SmsMessage,
)
from campaigns.outcomes import NOT_REACHED
from campaigns.services import earlier_contacts as services
from campaigns.services.earlier_contacts_files import receive_file
from campaigns.services.planning import plan
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.privacy.sealing import blind_index
from registry.models import Citizen, FollowUp, Municipality
from tests.factories.cast import actor_with_role
from tests.factories.earlier_contacts_twin import NOTHING_KNOWN
from tests.factories.earlier_contacts_world import (
    HEADER,
    NOW,
    SHARED,
    SPOKE_WITH,
    Expected,
    Line,
    World,
    expected_of,
    make_lines,
    make_world,
)
from tests.factories.registry import csv_file

pytestmark = pytest.mark.django_db
ROWS = 240


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


@pytest.fixture
def second() -> Actor:
    """Files of this size end so much that another than the sender takes them in."""
    return actor_with_role(Role.TEAM_LEAD, username="teamleder")


def reviewed(by: Actor, lines: list[Line], world: World) -> EarlierContacts:
    """Handed in and read; the words are explained."""
    for word, outcome in (("nix", "declined"), ("se ark 2", "")):
        AnswerWord.objects.create(
            municipality_id=183, word=word, outcome=outcome, decided_by_name="Mette", decided_at=NOW
        )
    received = receive_file(
        by=by,
        municipality=Municipality.objects.get(pk=183),
        programme=world.programmes["covid-19"],
        file=csv_file([line.cells for line in lines], HEADER),
        display_name="svar.csv",
        sender="",
        now=NOW,
    )
    read_and_review(received, by=by, now=NOW)
    # What stays in the way of taking it in, answered as most would: not these rows.
    file = services.decide_padding(by=by, file=received, choice="left_out", now=NOW)
    EarlierContactRow.objects.filter(file=file, problem_code="answer_unknown").update(problem_code="answer_long")
    return file


def follow_ups() -> dict[tuple[int, int], dict[str, Any]]:
    """Every follow-up, all its columns but the moment it was written."""
    rows = FollowUp.objects.values()
    return {
        (row["citizen_id"], row["programme_id"]): {name: row[name] for name in row if name != "updated_at"}
        for row in rows
    }


def others() -> tuple[object, ...]:
    """What else taking in changes: who must not be contacted, stopped numbers, contacts that count."""
    return (
        sorted(Citizen.objects.values_list("pk", "do_not_contact_since")),
        sorted(OptOut.objects.values_list("pk", "since")),
        sorted(ContactAnswer.objects.filter(attempt__undone_at=None).values_list("pk", "outcome")),
    )


def assert_taken_in(expected: Expected, world: World, before: dict[tuple[int, int], dict[str, Any]]) -> None:
    """Every follow-up, contact, wish and stopped number is as the rows say, one by one."""
    after = follow_ups()
    touched = {
        (world.people[serial].pk, world.programmes[code].pk): change
        for (serial, code), change in expected.changes.items()
    }
    for key, change in touched.items():
        assert {name: after[key][name] for name in NOTHING_KNOWN} == change.values, key
    assert {key: row for key, row in after.items() if key not in touched} == {
        key: row for key, row in before.items() if key not in touched
    }
    told = ContactAnswer.objects.exclude(attempt__earlier_contacts=None).select_related("attempt", "follow_up")
    assert Counter(
        (answer.follow_up.citizen_id, answer.attempt.citizen_id, answer.follow_up.programme_id, answer.attempt.kind,
         answer.attempt.at, answer.attempt.by_name, answer.attempt.spoke_with, answer.attempt.note or "",
         answer.outcome, answer.barrier)
        for answer in told
    ) == Counter(
        (world.people[line.serial].pk, world.people[line.serial].pk, world.programmes[line.programme].pk, line.kind,
         NOW.replace(year=line.day.year, month=line.day.month, day=line.day.day, hour=_noon_utc(line)), line.who,
         "nobody" if line.outcome in NOT_REACHED else SPOKE_WITH.get(line.outcome, "citizen"), line.note,
         line.outcome, line.barrier)
        for line in expected.used.values()
    )  # fmt: skip
    stopped = Citizen.objects.exclude(do_not_contact_since=None)
    assert set(stopped.values_list("pk", flat=True)) == {world.people[serial].pk for serial in expected.stopped}
    numbers = {world.phones[serial] for serial in expected.stopped if serial in world.phones}
    numbers |= {SHARED for serial in expected.stopped if serial % 10 == 0}
    stops = {bytes(index) for index in OptOut.objects.values_list("number_index", flat=True)}
    assert stops == {blind_index("phone", number) for number in numbers}


def _noon_utc(line: Line) -> int:
    """Noon in Denmark: summer time began on 28 March 2021."""
    return 10 if (line.day.month, line.day.day) >= (3, 28) else 11


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_random_file_gives_what_its_rows_give_one_by_one(
    admin: Actor, second: Actor, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    planned: list[list[int]] = []
    monkeypatch.setattr(services, "plan", lambda *, citizen_ids, **_others: planned.append(list(citizen_ids)))
    with data_context(admin):
        world = make_world(random := Random(seed))
        lines = make_lines(random, world, ROWS)
        expected = expected_of(lines, world)
        before, before_others = follow_ups(), others()
        file = reviewed(admin, lines, world)
        found = dict(EarlierContactRow.objects.filter(file=file).values_list("row_number", "problem_code"))
        renamed = {"answer_unknown": "answer_long"}
        wrong = {number: renamed.get(code, code) for number, code in expected.problems.items()}
        assert {number: code for number, code in found.items() if code} == wrong
        effects = {number: effect for change in expected.changes.values() for number, effect in change.effects.items()}
        rows = EarlierContactRow.objects.filter(file=file, problem_code="")
        assert dict(rows.values_list("row_number", "effect")) == effects
        assert before == follow_ups()
        committed = services.commit_file(by=second, file=file, now=NOW)
        assert_taken_in(expected, world, before)
        people = sorted({world.people[line.serial].pk for line in expected.used.values()})
        assert planned == [people]
        services.undo_file(by=admin, file=committed, now=NOW + timedelta(minutes=1))
        after = follow_ups()
        assert {key: row for key, row in after.items() if key in before} == before
        assert {row["closed_reason"] for key, row in after.items() if key not in before} <= {"undone"}
        assert others() == before_others
        assert set(people) <= set(planned[-1])


@pytest.mark.parametrize("seed", [11, 12])
def test_undone_and_planned_everybody_waits_for_the_same_again(admin: Actor, second: Actor, seed: int) -> None:
    """With the planner: next steps, calls and queued messages are those from before the file."""

    def standing() -> tuple[object, ...]:
        calls = CallTask.objects.filter(state="open").order_by("citizen")
        messages = SmsMessage.objects.filter(status="queued").order_by("citizen", "number_index")
        rows = {key: row for key, row in follow_ups().items() if row["closed_reason"] != "undone" or key in before}
        return (
            rows,
            list(calls.values_list("citizen", "due_at", "priority", "deadline")),
            [(citizen, bytes(index)) for citizen, index in messages.values_list("citizen", "number_index")],
        )

    with data_context(admin):
        world = make_world(random := Random(seed))
        plan(by=admin, now=NOW)
        before = follow_ups()
        standing_before = standing()
        file = reviewed(admin, make_lines(random, world, ROWS), world)
        committed = services.commit_file(by=second, file=file, now=NOW)
        plan(by=admin, now=NOW)
        assert standing() != standing_before
        services.undo_file(by=admin, file=committed, now=NOW)
        plan(by=admin, now=NOW)
        assert standing() == standing_before
