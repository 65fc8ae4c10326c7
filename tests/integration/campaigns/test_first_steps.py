"""A commit writes the first steps with its follow-ups; planning everything afterwards would have said the same."""

from datetime import timedelta
from random import Random

import pytest

from campaigns.models import CallTask, ContactAttempt, ContactKind, OptOut
from campaigns.services.planning import plan
from outreach.access.actor import Actor
from outreach.access.roles import Role
from registry.models import Citizen, CitizenStatus, FollowUp, ListRow, NonresponderList, Programme
from registry.services.list_commit import commit_rows, mark_changed_rows
from registry.signals import list_committed
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import NOW, citizen, follow_up, phone, records, relative
from tests.factories.geography import ISHOEJ
from tests.factories.registry import committed_list, csv_file, make_citizen, row
from tests.factories.world import make_list

pytestmark = pytest.mark.django_db
PEOPLE = 200
STEP = ("next_step_kind", "next_step_at", "next_step_reason", "next_step_detail", "status", "closed_reason")


def _random_person(random: Random, number: int) -> Citizen:
    person = citizen(
        name=", -" if number % 11 == 0 else "Bo Prøve",
        birth_date=random.choice([None, NOW.date() - timedelta(days=random.choice([16, 17, 19, 40, 80]) * 365)]),
        status=random.choices([*CitizenStatus], [20, 1, 1, 1, 1, 1, 1])[0],
        do_not_contact_since=NOW if random.random() < 0.05 else None,
    )
    for each in range(random.choice([0, 1, 1, 2])):
        own = phone(
            person,
            f"+45201{number:04d}{each}",
            kind=random.choice(["mobile", "mobile", "landline", "unknown"]),
            source=random.choice(["system", "relative"]),
            wrong_since=NOW if random.random() < 0.2 else None,
        )
        if random.random() < 0.2:
            OptOut.objects.create(municipality_id=ISHOEJ, number_index=own.number_index, since=NOW, source="reply")
    if random.random() < 0.3:
        relative(person, random.choice(["relative", "guardian", "custody_holder"]))
    if random.random() < 0.2:
        follow_up(person, "influenza", next_step_kind="call", next_step_at=NOW, next_step_reason="to_be_planned")
    if random.random() < 0.1:
        ContactAttempt.objects.create(
            municipality_id=ISHOEJ, citizen=person, kind=ContactKind.LOOKUP, at=NOW, by_name="Test"
        )
    return person


def _listed(random: Random) -> NonresponderList:
    people = [_random_person(random, number) for number in range(PEOPLE)]
    listed = make_list(people[0].municipality, NOW, rows=PEOPLE)
    ListRow.objects.bulk_create(
        ListRow(municipality_id=ISHOEJ, nonresponder_list=listed, row_number=number, row_class="new", citizen=person)
        for number, person in enumerate(people, start=2)
    )
    return listed


def _steps() -> dict[int, tuple[object, ...]]:
    return {each["id"]: tuple(each[name] for name in STEP) for each in FollowUp.objects.values("id", *STEP)}


def _tasks() -> set[tuple[object, ...]]:
    return set(CallTask.objects.filter(state="open").values_list("citizen", "due_at", "priority", "deadline"))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_first_steps_are_what_planning_everything_says(seed: int) -> None:
    with records() as by:
        listed = _listed(Random(seed))
        mark_changed_rows(listed)
        commit_rows(listed, by_name=by.name, now=NOW)
        covid = FollowUp.objects.filter(programme__code="covid-19")
        born_with_step = covid.exclude(next_step_reason="to_be_planned").count()
        assert PEOPLE // 4 < born_with_step < PEOPLE
        list_committed.send(
            sender=NonresponderList, nonresponder_list_id=listed.pk, municipality_id=ISHOEJ, now=NOW, by=by
        )
        assert not FollowUp.objects.filter(next_step_reason="to_be_planned").exists()
        at_commit, tasks = _steps(), _tasks()
        covid.filter(status="open").update(
            next_step_kind="wait", next_step_at=NOW, next_step_reason="to_be_planned", next_step_detail={}
        )
        CallTask.objects.all().delete()
        plan(by=by, now=NOW)
        assert _steps() == at_commit
        assert _tasks() == tasks


def test_a_list_committed_through_the_pipeline_leaves_nothing_to_plan() -> None:
    admin: Actor = actor_with_role(Role.LIST_ADMIN)
    with records():
        for serial in range(1, 4):
            make_citizen(serial)
    listed = committed_list(admin, csv_file([row(1), row(2), row(3), row(4)]))
    with records() as by:
        assert listed.state == "committed"
        moment = FollowUp.objects.values_list("opened_at", flat=True).first()
        assert moment is not None
        result = plan(by=by, now=moment)
        assert (result.open, result.planned, result.unchanged) == (4, 0, 4)
        assert set(FollowUp.objects.values_list("next_step_kind", flat=True)) == {"lookup"}
        assert FollowUp.objects.filter(programme=Programme.objects.get(code="covid-19")).count() == 4
