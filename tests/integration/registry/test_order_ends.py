"""L2: an ordered list is for its order's time. After it nobody is contacted because of the list alone."""

from datetime import date, timedelta

import pytest

from campaigns.imports.earlier_contacts import read_and_review
from campaigns.models import CallTask, EarlierContacts, SmsMessage
from campaigns.not_contacted import not_contacted_because
from campaigns.services.answers import record_answer
from campaigns.services.earlier_contacts import commit_file, undo_file
from campaigns.services.earlier_contacts_files import receive_file
from campaigns.services.planning import plan
from campaigns.services.reopening import reopen
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from registry.models import Citizen, FollowUp, ListOrder, ListOrderState, Municipality, Phone, Programme
from registry.services.list_order_ends import end_use, orders_over
from registry.services.list_orders import end_list_order
from registry.services.lists import undo
from registry.services.phones import add_phone
from registry.tasks import end_list_orders
from tests.factories.campaigns import contact_point
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import follow_up
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.registry import (
    FIRST_WEEK,
    committed_list,
    cpr_number,
    csv_file,
    list_order,
    make_citizen,
    moment,
    row,
)

pytestmark = pytest.mark.django_db
LAST_DAY = FIRST_WEEK + timedelta(days=10)
AFTER = moment(LAST_DAY + timedelta(days=1))


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


@pytest.fixture
def caller() -> Actor:
    return actor_with_role(Role.CASEWORKER, username="ringer")


def ordered(admin: Actor, reference: str = "SST-1", *, expires_on: date = LAST_DAY) -> ListOrder:
    return list_order(admin, reference, expires_on=expires_on, now=moment(FIRST_WEEK))


def standing(admin: Actor) -> dict[int, str]:
    """Serial → open, or why closed."""
    with data_context(admin):
        return {
            int(each.citizen.name.split()[1]): each.closed_reason or "open"
            for each in FollowUp.objects.select_related("citizen")
        }


def found(serial: int) -> FollowUp:
    return FollowUp.objects.select_related("citizen").get(citizen__name=f"Testperson {serial}")


def ended(admin: Actor, order: ListOrder) -> int:
    with data_context(admin):
        return end_use(by=admin, order=order, now=AFTER)


def test_after_the_last_day_calls_and_messages_of_the_list_end_and_it_is_said_why(admin: Actor) -> None:
    contact_point()
    with data_context(admin):
        for serial, kind in ((1, "mobile"), (2, "landline")):
            citizen = make_citizen(serial)
            add_phone(by=admin, citizen=citizen, number=f"2011111{serial}", kind=kind, source="system", now=AFTER)
    order = ordered(admin)
    committed_list(admin, csv_file([row(1), row(2)]), order=order)
    with data_context(admin):
        plan(by=admin, now=moment(FIRST_WEEK) + timedelta(minutes=5))
        assert CallTask.objects.waiting().count() == 1
        assert SmsMessage.objects.filter(status="queued").count() == 1
    assert ended(admin, order) == 2
    assert standing(admin) == {1: "order_ended", 2: "order_ended"}
    with data_context(admin):
        assert not CallTask.objects.waiting().exists()
        assert not SmsMessage.objects.exclude(status="cancelled").exists()
        words = not_contacted_because(found(1), found(1).citizen, AFTER) or ""
        assert "Bestillingen bag listen er udløbet" in words
        assert found(1).changes.order_by("-id").first().reason == "order_ended"
        order.refresh_from_db()
        assert (order.use_ended_at, order.use_ended_count) == (AFTER, 2)
        assert end_use(by=admin, order=order, now=AFTER + timedelta(days=1)) == 0


def test_undoing_a_list_after_the_order_ended_opens_nobody_it_named(admin: Actor) -> None:
    order = ordered(admin)
    committed_list(admin, csv_file([row(1), row(2)]), order=order)
    second = committed_list(admin, csv_file([row(1)]), as_of=FIRST_WEEK + timedelta(days=7), order=order)
    assert standing(admin) == {1: "open", 2: "gone"}
    assert ended(admin, order) == 1
    with data_context(admin):
        undo(by=admin, nonresponder_list=second, now=AFTER + timedelta(minutes=5))
        assert not CallTask.objects.waiting().exists()
    assert standing(admin) == {1: "order_ended", 2: "order_ended"}


def test_undoing_a_spreadsheets_no_after_the_order_ended_opens_nobody(admin: Actor) -> None:
    order = ordered(admin)
    committed_list(admin, csv_file([row(1)]), order=order)
    said = moment(FIRST_WEEK + timedelta(days=2))
    with data_context(admin):
        file = receive_file(
            by=admin,
            municipality=Municipality.objects.get(pk=ISHOEJ),
            programme=Programme.objects.get(code="covid-19"),
            file=csv_file([(cpr_number(1), f"{FIRST_WEEK:%d-%m-%Y}", "Nej tak")], ("CPR", "Dato", "Svar")),
            display_name="ringeliste.csv",
            sender="",
            now=said,
        )
        read_and_review(file, by=admin, now=said)
        file = commit_file(by=admin, file=EarlierContacts.objects.get(pk=file.pk), now=said)
        assert found(1).closed_reason == "declined"
    assert ended(admin, order) == 0
    with data_context(admin):
        undo_file(by=admin, file=file, now=AFTER + timedelta(minutes=5))
    assert standing(admin) == {1: "order_ended"}


def test_the_last_day_itself_still_counts(admin: Actor) -> None:
    order = ordered(admin)
    committed_list(admin, csv_file([row(1)]), order=order)
    assert orders_over(LAST_DAY) == []
    with data_context(admin):
        assert end_use(by=admin, order=order, now=moment(LAST_DAY)) == 0
    assert standing(admin) == {1: "open"}
    assert orders_over(LAST_DAY + timedelta(days=1)) == [(ISHOEJ, order.pk)]
    set_demo_clock(AFTER)
    end_list_orders()
    assert standing(admin) == {1: "order_ended"}
    assert orders_over(LAST_DAY + timedelta(days=2)) == []


def test_whom_something_else_names_stays(admin: Actor, caller: Actor) -> None:
    order, other = ordered(admin), ordered(admin, "SST-2", expires_on=LAST_DAY + timedelta(days=30))
    # 1 the order only; 2 the standing list too; 3 another order too; 4 has answered; 5 rang after somebody closed it.
    committed_list(admin, csv_file([row(2)]), as_of=FIRST_WEEK)
    committed_list(admin, csv_file([row(3)]), as_of=FIRST_WEEK, order=other)
    committed_list(admin, csv_file([row(serial) for serial in range(1, 6)]), as_of=FIRST_WEEK, order=order)
    with data_context(caller):
        noon = moment(FIRST_WEEK) + timedelta(hours=1)
        record_answer(by=caller, citizen=found(4).citizen, outcome="undecided", now=noon)
        record_answer(by=caller, citizen=found(5).citizen, outcome="declined", now=noon)
        reopen(by=caller, follow_up=found(5), now=noon + timedelta(days=1))
        FollowUp.objects.filter(pk=found(5).pk).update(outcome="")
    assert ended(admin, order) == 1
    assert standing(admin) == {1: "order_ended", 2: "open", 3: "open", 4: "open", 5: "open"}


def test_whom_the_standing_list_named_before_but_not_now_is_let_go(admin: Actor) -> None:
    order = ordered(admin)
    committed_list(admin, csv_file([row(1), row(2)]), as_of=FIRST_WEEK)
    committed_list(admin, csv_file([row(1)]), as_of=FIRST_WEEK + timedelta(days=2), order=order)
    committed_list(admin, csv_file([row(2)]), as_of=FIRST_WEEK + timedelta(days=7))
    # The order kept 1 open although the standing list has let go.
    assert standing(admin) == {1: "open", 2: "open"}
    assert ended(admin, order) == 1
    assert standing(admin) == {1: "order_ended", 2: "open"}


def test_a_standing_list_of_another_group_is_no_reason_to_let_go(admin: Actor) -> None:
    order = ordered(admin)
    committed_list(admin, csv_file([row(1, group="7")]), as_of=FIRST_WEEK, groups=["7"])
    committed_list(admin, csv_file([row(1, name="En anden fil")]), as_of=FIRST_WEEK + timedelta(days=2), order=order)
    committed_list(admin, csv_file([row(2, group="8")]), as_of=FIRST_WEEK + timedelta(days=7), groups=["8"])
    assert ended(admin, order) == 0
    assert standing(admin) == {1: "open", 2: "open"}


def test_a_cancelled_order_ends_at_once_and_keeps_nobody_on_the_list(admin: Actor) -> None:
    order = ordered(admin)
    committed_list(admin, csv_file([row(1)]), order=order)
    with data_context(admin):
        order = end_list_order(
            by=admin, order=order, to=ListOrderState.CANCELLED, because="Indsatsen er opgivet", now=AFTER
        )
        assert order.use_ended_count == 1
    assert standing(admin) == {1: "order_ended"}
    assert orders_over(LAST_DAY + timedelta(days=9)) == []


def test_a_list_in_force_asks_them_again(admin: Actor) -> None:
    order = ordered(admin)
    committed_list(admin, csv_file([row(1)]), order=order)
    ended(admin, order)
    committed_list(admin, csv_file([row(1, name="En anden fil")]), as_of=LAST_DAY + timedelta(days=2))
    assert standing(admin) == {1: "open"}


def test_a_refusal_does_not_come_back_by_itself_under_an_order_that_has_run_out(admin: Actor, caller: Actor) -> None:
    order = ordered(admin)
    committed_list(admin, csv_file([row(1)]), order=order)
    with data_context(caller):
        citizen = Citizen.objects.get(name="Testperson 1")
        record_answer(by=caller, citizen=citizen, outcome="declined", now=moment(FIRST_WEEK) + timedelta(hours=1))
        asked_again = moment(found(1).reopen_on + timedelta(days=1))
        plan(by=caller, now=asked_again)
    assert standing(admin) == {1: "declined"}


def test_another_municipality_and_programme_are_not_touched(admin: Actor) -> None:
    other = actor_with_role(Role.LIST_ADMIN, code=HOEJE_TAASTRUP, username="other")
    theirs, ours = ordered(other), ordered(admin)
    committed_list(other, csv_file([row(2)]), order=theirs)
    committed_list(admin, csv_file([row(1)]), order=ours)
    with data_context(admin):
        follow_up(Citizen.objects.get(name="Testperson 1"), "influenza")
    assert ended(admin, ours) == 1
    assert standing(other) == {2: "open"}
    with data_context(admin):
        assert set(FollowUp.objects.values_list("programme__code", "closed_reason")) == {
            ("covid-19", "order_ended"),
            ("influenza", ""),
        }
        assert not Phone.objects.exists()
