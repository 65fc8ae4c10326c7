"""Three weeks in random worlds: the set-based import against a slow twin in plain Python, every row of every table."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from outreach.access.data_context import data_context
from registry.models import Municipality
from registry.services.list_orders import create_list_order
from registry.services.lists import undo
from tests.factories.geography import ISHOEJ
from tests.factories.list_twin_world import GROUPS, World
from tests.factories.registry import NOON

pytestmark = pytest.mark.django_db
WEEKS = (date(2021, 3, 30), date(2021, 4, 6), date(2021, 4, 13))


@pytest.mark.parametrize("seed", [1, 2])
def test_three_weeks_are_what_the_twin_says(seed: int) -> None:
    """Also an ordered list beside the weekly ones, a list of some groups only, and the last list undone."""
    world = World(seed)
    for number, day in enumerate(WEEKS):
        stated = GROUPS[:2] if number == 1 and world.dice.random() < 0.7 else ()
        rows = world.file_rows(stated or GROUPS, 0.97 if not stated else 1)
        reviewed, current = world.hand_in(day, rows, stated=stated)
        world.lists.append(current)
        world.compare()
        world.decide(reviewed, current)
        world.life_goes_on(0.04, day)
        world.approve(reviewed, current)
        world.compare()
        if number == 1:
            ordered(world, day + timedelta(days=2))
        if number == len(WEEKS) - 1:
            with data_context(world.admin):
                undo(by=world.admin, nonresponder_list=reviewed, now=current.now + timedelta(hours=3))
            world.twin.undo(current, current.now + timedelta(hours=3))
            world.compare()
        else:
            world.life_goes_on(0.15, day + timedelta(days=3))
    assert min(Counter(row.row_class for each in world.lists for row in each.rows).values()) >= 1


def ordered(world: World, day: date) -> None:
    """A list for one effort, beside the standing one (L2): neither disturbs the other (L7)."""
    with data_context(world.admin):
        order = create_list_order(
            by=world.admin,
            municipality=Municipality.objects.get(pk=ISHOEJ),
            programme=world.programme,
            reference="SST-DEMO-1",
            purpose="Lav tilslutning i Gadekæret",
            approved_on=date(2021, 1, 1),
            expires_on=date(2021, 6, 1),
            now=NOON,
        )
    reviewed, current = world.hand_in(day, world.file_rows(GROUPS, 0.2), order=order)
    world.lists.append(current)
    world.approve(reviewed, current)
    world.compare()
