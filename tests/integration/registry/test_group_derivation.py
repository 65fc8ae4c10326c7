"""C7 in SQL and in Python give the same group, on random citizens."""

from datetime import date
from random import Random

import pytest

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.privacy.sealing import seal
from registry.models import Citizen, ListRow, PreviousNumber, Programme
from registry.selectors.reference import target_groups
from registry.target_group_rules import GroupRule, earliest_group
from tests.factories.cast import actor_with_role
from tests.factories.registry import FIRST_WEEK, NOON, cpr_number, csv_file, make_citizen, reviewed_list

PEOPLE = 300


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


@pytest.mark.django_db
def test_derived_groups_equal_the_rule(admin: Actor) -> None:
    random = Random(7)
    with data_context(admin):
        for serial in range(PEOPLE):
            make_citizen(
                serial,
                care_home=random.random() < 0.2,
                personal_care=random.random() < 0.5,
                practical_help=random.random() < 0.5,
                birth_date=_birth_date(random),
            )
    listed = [(cpr_number(serial), f"Testperson {serial}", "08-03-2021") for serial in range(PEOPLE)]
    reviewed_list(admin, csv_file(listed, ("CPR", "Navn", "Inviteret")))
    programme = Programme.objects.get(code="covid-19")
    rules = [
        GroupRule(
            group.code,
            group.order,
            group.kind,  # type: ignore[arg-type]
            tuple(zip(group.birth_years[::2], group.birth_years[1::2], strict=True)),
        )
        for group in target_groups(programme, FIRST_WEEK)
    ]
    with data_context(admin):
        people = {citizen.pk: citizen for citizen in Citizen.objects.all()}
        derived = dict(ListRow.objects.filter(row_class="new").values_list("citizen_id", "target_group"))
    assert len(derived) == PEOPLE
    for citizen_id, group in derived.items():
        citizen = people[citizen_id]
        expected = earliest_group(
            rules,
            birth_year=None,
            birth_date=citizen.birth_date,
            care_home=citizen.care_home,
            personal_care=citizen.personal_care,
            practical_help=citizen.practical_help,
            on=FIRST_WEEK,
        )
        assert group == (expected or ""), citizen.birth_date
    assert len(set(derived.values())) > 5


def _birth_date(random: Random) -> date:
    """Any age; every fourth within days of the 65th birthday, where the rule turns."""
    if random.random() < 0.25:
        return date(FIRST_WEEK.year - 65, FIRST_WEEK.month, random.choice([28, 29, 30, 31]))
    return date(random.randint(1920, 2015), random.randint(1, 12), random.randint(1, 28))


@pytest.mark.django_db
def test_group_of_a_number_that_was_left_is_its_holder_s(admin: Actor) -> None:
    """C3, C7: whoever lives in a care home is in group 1, under whichever of their numbers the list names them."""
    with data_context(admin):
        holder = make_citizen(1, care_home=True)
        left = seal("cpr", cpr_number(2))
        PreviousNumber.objects.create(
            municipality_id=183, citizen=holder, cpr_ciphertext=left.ciphertext, cpr_index=left.index, noted_at=NOON
        )
    reviewed_list(admin, csv_file([(cpr_number(2), "Testperson 1", "", "08-03-2021")]))
    with data_context(admin):
        line = ListRow.objects.get()
        assert (line.row_class, line.citizen_id, line.target_group) == ("other_number", holder.pk, "1")
