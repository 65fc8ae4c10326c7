"""Memory is of a scope (L7, L8b): the kinds of list, the programmes and the groups do not disturb each other."""

from datetime import date, timedelta

import pytest

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import FollowUp, ListOrder, Municipality, Programme
from registry.services.list_orders import create_list_order
from registry.services.lists import undo
from tests.factories.cast import actor_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.registry import FIRST_WEEK, committed_list, csv_file, moment, row

pytestmark = pytest.mark.django_db
WEEKS = [FIRST_WEEK + timedelta(days=7 * number) for number in range(4)]


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def order(admin: Actor, reference: str, *, expires_on: date = date(2021, 12, 31)) -> ListOrder:
    with data_context(admin):
        return create_list_order(
            by=admin,
            municipality=Municipality.objects.get(pk=ISHOEJ),
            programme=Programme.objects.get(code="covid-19"),
            reference=reference,
            purpose="Opsøgende indsats i Gadekæret",
            approved_on=date(2021, 1, 1),
            expires_on=expires_on,
            now=moment(FIRST_WEEK),
        )


def standing(admin: Actor, programme: str = "covid-19") -> dict[int, tuple[str, int]]:
    """Serial → status (or why closed) and week."""
    with data_context(admin):
        return {
            int(each.citizen.name.split()[1]): (each.closed_reason or "open", each.weeks_on_list)
            for each in FollowUp.objects.filter(programme__code=programme).select_related("citizen")
        }


def test_ordered_list_closes_nobody_of_the_standing_list_and_the_other_way_round(admin: Actor) -> None:
    ordered = order(admin, "SST-1")
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0])
    # 2 stands on both, 3 on the ordered list only; 1 is no business of the order.
    second = committed_list(admin, csv_file([row(2), row(3)]), as_of=WEEKS[0] + timedelta(days=2), order=ordered)
    assert second.counts == {"waiting": 1, "new": 1}
    assert standing(admin) == {1: ("open", 1), 2: ("open", 1), 3: ("open", 1)}
    # The standing list no longer names 2, but the order still does: nobody is gone but 1.
    third = committed_list(admin, csv_file([row(4)]), as_of=WEEKS[1])
    assert third.counts == {"new": 1, "gone": 1}
    assert standing(admin) == {1: ("gone", 1), 2: ("open", 1), 3: ("open", 1), 4: ("open", 1)}
    # A second ordered list without 3 closes 3; 4 is the standing list's.
    committed_list(admin, csv_file([row(2)]), as_of=WEEKS[1] + timedelta(days=1), order=ordered)
    assert standing(admin) == {1: ("gone", 1), 2: ("open", 1), 3: ("gone", 1), 4: ("open", 1)}


def test_standing_list_takes_over_whom_an_order_began_with(admin: Actor) -> None:
    ordered = order(admin, "SST-1")
    committed_list(admin, csv_file([row(1)]), as_of=WEEKS[0], order=ordered)
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[1])
    committed_list(admin, csv_file([row(1), row(2, invited="09-03-2021")]), as_of=WEEKS[2])
    # Weeks are those on the standing list.
    assert standing(admin) == {1: ("open", 2), 2: ("open", 2)}
    # The order's next list does not name 1, and is not asked.
    committed_list(admin, csv_file([row(3)]), as_of=WEEKS[3], order=ordered)
    assert standing(admin)[1] == ("open", 2)


def test_expired_order_holds_nobody_on_the_lists(admin: Actor) -> None:
    ordered = order(admin, "SST-1", expires_on=WEEKS[1])
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0])
    committed_list(admin, csv_file([row(1)]), as_of=WEEKS[0] + timedelta(days=1), order=ordered)
    committed_list(admin, csv_file([row(2)]), as_of=WEEKS[1])
    assert standing(admin)[1] == ("open", 1)
    committed_list(admin, csv_file([row(2), row(3)]), as_of=WEEKS[2])
    assert standing(admin)[1] == ("gone", 1)


def test_one_citizen_has_a_memory_for_each_programme(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0])
    committed_list(admin, csv_file([row(1, group=""), row(3, group="")]), as_of=WEEKS[0], programme="influenza")
    flu = committed_list(admin, csv_file([row(3, group="")]), as_of=WEEKS[1], programme="influenza")
    assert flu.counts == {"waiting": 1, "gone": 1}, "without groups the rows are compared with the like"
    assert standing(admin) == {1: ("open", 1), 2: ("open", 1)}
    assert standing(admin, "influenza") == {1: ("gone", 1), 3: ("open", 2)}


def test_weeks_over_a_skipped_week_a_correction_and_an_undone_list(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0])
    committed_list(admin, csv_file([row(2)]), as_of=WEEKS[1])
    back = committed_list(admin, csv_file([row(1), row(2), row(3)]), as_of=WEEKS[2])
    # 1's second week on the lists is the third of the calendar.
    assert standing(admin) == {1: ("open", 2), 2: ("open", 3), 3: ("open", 1)}
    with data_context(admin):
        undo(by=admin, nonresponder_list=back, now=moment(WEEKS[2]))
    assert standing(admin) == {1: ("gone", 1), 2: ("open", 2)}
    committed_list(admin, csv_file([row(2), row(1), row(3)]), as_of=WEEKS[2])
    # The same week once more, saved anew: no week is added.
    committed_list(admin, csv_file([row(3), row(2), row(1)]), as_of=WEEKS[2])
    assert standing(admin) == {1: ("open", 2), 2: ("open", 3), 3: ("open", 1)}
