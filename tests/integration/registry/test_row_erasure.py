"""Rows of old lists, decided differences and run-out accesses go when their time is up (A5, L7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import CitizenDifference, FollowUp, ListRow, ReferredAccess
from registry.services import row_erasure
from registry.services.forgetting import erase_differences, erase_list_rows, erase_referred_access
from tests.factories.cast import actor_with_role
from tests.factories.registry import FIRST_WEEK, committed_list, csv_file, list_order, make_citizen, moment, row

pytestmark = pytest.mark.django_db
NOW = moment(date(2021, 4, 20))
YEAR = timedelta(days=365)


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def test_rows_of_a_list_go_after_a_year_but_not_those_of_the_newest(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Three rows in steps of two: the second step ends it.
    monkeypatch.setattr(row_erasure, "BATCH", 2)
    first = committed_list(admin, csv_file([row(1), row(2), row(3)]))
    second = committed_list(admin, csv_file([row(1), row(2), row(4)]), as_of=FIRST_WEEK + timedelta(days=7))
    later = second.uploaded_at + 10 * YEAR
    assert erase_list_rows(first.uploaded_at + YEAR - timedelta(seconds=1), NOW, True) == 0
    assert erase_list_rows(first.uploaded_at + YEAR, NOW, True) == 3
    assert erase_list_rows(later, NOW, False) == 3
    assert erase_list_rows(later, NOW, False) == 0
    with data_context(admin):
        assert set(ListRow.objects.values_list("nonresponder_list", flat=True)) == {second.pk}
        # Whom the list named, and how often, is the follow-up's.
        assert FollowUp.objects.count() == 4
        first.refresh_from_db()
        assert (first.rows, first.state) == (3, "committed")


def test_an_ordered_list_makes_no_standing_list_old_nor_the_other_way_round(admin: Actor) -> None:
    """Each is compared with the newest of its own kind and order (L4): erased rows would all count as new."""
    standing = committed_list(admin, csv_file([row(1), row(2)]))
    orders = [list_order(admin, reference) for reference in ("SST-1", "SST-2")]
    for week, order in enumerate(orders, start=1):
        committed_list(admin, csv_file([row(week)]), as_of=FIRST_WEEK + timedelta(days=7 * week), order=order)
    assert erase_list_rows(standing.uploaded_at + 250 * timedelta(days=1), NOW, False) == 0
    # A newer standing list makes the first one old; the orders' own stay until a year after they have run out.
    committed_list(admin, csv_file([row(3)]), as_of=FIRST_WEEK + timedelta(days=28))
    later = standing.uploaded_at + YEAR + timedelta(days=30)
    assert erase_list_rows(later, NOW, False) == 2
    assert erase_list_rows(moment(date(2022, 12, 30)), NOW, False) == 0
    assert erase_list_rows(moment(date(2022, 12, 31)), NOW, False) == 2


def test_a_decided_difference_goes_after_thirty_days_and_an_open_one_stays(admin: Actor) -> None:
    with data_context(admin):
        owner = make_citizen(1)
        for field, state, decided in (("name", "ours", NOW), ("address", "open", None)):
            CitizenDifference.objects.create(
                municipality_id=183, citizen=owner, field=field, theirs="x", found_at=NOW, state=state,
                decided_at=decided,
            )  # fmt: skip
    assert erase_differences(NOW + timedelta(days=29), NOW, False) == 0
    assert erase_differences(NOW + timedelta(days=30), NOW, False) == 1
    with data_context(admin):
        assert CitizenDifference.objects.get().field == "address"


def test_an_access_that_ran_out_is_forgotten_the_day_after(admin: Actor) -> None:
    with data_context(admin):
        ReferredAccess.objects.create(municipality_id=183, citizen=make_citizen(1), user_id=admin.user_id, until=NOW)
    assert erase_referred_access(NOW + timedelta(hours=23), NOW, False) == 0
    assert erase_referred_access(NOW + timedelta(hours=24), NOW, False) == 1
