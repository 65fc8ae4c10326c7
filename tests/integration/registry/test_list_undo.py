"""A committed list is undone as if it had never been, as long as nobody was contacted because of it (L5)."""

from datetime import timedelta

import pytest

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, ListState
from registry.selectors.lists import newest_committed
from registry.services.lists import undo
from tests.factories.cast import actor_with_role
from tests.factories.registry import FIRST_WEEK, committed_list, csv_file, make_citizen, moment, receive, row

pytestmark = pytest.mark.django_db
NEXT_WEEK = FIRST_WEEK + timedelta(days=7)
FIELDS = (
    "citizen__name", "status", "closed_reason", "closed_at", "weeks_on_list", "last_list_id", "target_group",
    "mandatory", "invited_on", "first_contact_due", "answer_due",
)  # fmt: skip


@pytest.fixture
def admin() -> Actor:
    actor = actor_with_role(Role.LIST_ADMIN)
    with data_context(actor):
        for serial in (1, 2, 3):
            make_citizen(serial)
    return actor


def follow_ups(admin: Actor) -> list[tuple[object, ...]]:
    with data_context(admin):
        return list(FollowUp.objects.order_by("citizen__name").values_list(*FIELDS))


def test_undo_puts_everything_back(admin: Actor) -> None:
    first = committed_list(admin, csv_file([row(1), row(2)]), as_of=FIRST_WEEK)
    before = follow_ups(admin)
    # 1 waits under another group, 2 is gone, 3 and the unknown 4 are new.
    second = committed_list(admin, csv_file([row(1, group="8"), row(3), row(4)]), as_of=NEXT_WEEK, groups=["7", "8"])
    assert follow_ups(admin) != before
    with data_context(admin):
        undone = undo(by=admin, nonresponder_list=second, now=moment(NEXT_WEEK))
        assert undone.state == ListState.UNDONE
        assert newest_committed(first.municipality, first.programme) == first
        assert not Citizen.objects.filter(name="Testperson 4").exists(), "made by the list, untouched since"
        assert undo(by=admin, nonresponder_list=second, now=moment(NEXT_WEEK)).state == ListState.UNDONE
    kept = follow_ups(admin)
    assert kept[:2] == before
    assert kept[2][:4] == ("Testperson 3", "closed", "undone", moment(NEXT_WEEK))


def test_same_file_may_come_again_after_undo_and_counts_the_same(admin: Actor) -> None:
    rows = [row(1), row(4)]
    first = committed_list(admin, csv_file(rows))
    with data_context(admin):
        undo(by=admin, nonresponder_list=first, now=moment(FIRST_WEEK))
    again = committed_list(admin, csv_file(rows))
    assert again.counts == first.counts == {"new": 2}
    assert [each[1] for each in follow_ups(admin)] == ["open", "open"]


def test_undo_is_refused_once_somebody_was_contacted(admin: Actor) -> None:
    first = committed_list(admin, csv_file([row(1), row(2)]))
    with data_context(admin):
        FollowUp.objects.filter(citizen__name="Testperson 1").update(last_contact_at=moment(NEXT_WEEK))
        with pytest.raises(UserError) as refusal:
            undo(by=admin, nonresponder_list=first, now=moment(NEXT_WEEK))
    assert refusal.value.code == "undo_contacted"


def test_undo_is_refused_when_a_later_list_builds_on_it(admin: Actor) -> None:
    first = committed_list(admin, csv_file([row(1), row(2)]))
    committed_list(admin, csv_file([row(1)]), as_of=NEXT_WEEK)
    with data_context(admin), pytest.raises(UserError) as refusal:
        undo(by=admin, nonresponder_list=first, now=moment(NEXT_WEEK))
    assert refusal.value.code == "undo_not_newest"


def test_only_a_committed_list_is_undone(admin: Actor) -> None:
    received = receive(admin, csv_file([row(1)]))
    with data_context(admin), pytest.raises(UserError) as refusal:
        undo(by=admin, nonresponder_list=received, now=moment(FIRST_WEEK))
    assert refusal.value.code == "wrong_state"
