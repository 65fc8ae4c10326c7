"""K3: who is opened anew has new deadlines, and only what has been done since then keeps them."""

from datetime import date, timedelta

import pytest

from campaigns.selectors.deadlines import breaches
from campaigns.services.planning import plan
from campaigns.services.reopening import reopen
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import DeadlineRule, FollowUp, GroupDuty, NonresponderList, Programme, TargetGroup
from registry.selectors.reference import mandatory_group_codes
from registry.services.list_order_ends import end_use
from registry.services.lists import undo
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import NOW, citizen, follow_up, phone, records
from tests.factories.geography import ISHOEJ
from tests.factories.registry import committed_list, csv_file, list_order, make_citizen, moment, row
from tests.factories.world import make_list

pytestmark = pytest.mark.django_db
WEEKS = [date(2021, 3, 30), date(2021, 4, 6), date(2021, 4, 13), date(2021, 4, 20)]


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN, username="listeadmin")


def of_serial(serial: int) -> FollowUp:
    return FollowUp.objects.get(citizen__name=f"Testperson {serial}")


@pytest.fixture
def came_back(admin: Actor) -> tuple[Actor, NonresponderList]:
    """Citizen 2 was called in vain in the first week, gone in the second and named again in the third."""
    with records():
        for serial in (1, 2):
            phone(make_citizen(serial), f"+452012345{serial}")
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0])
    with records():
        called = moment(WEEKS[0]) + timedelta(days=1)
        FollowUp.objects.filter(citizen__name="Testperson 2").update(
            first_contact_at=called, last_contact_at=called, call_attempts=1, outcome="no_answer", outcome_at=called
        )
    committed_list(admin, csv_file([row(1)]), as_of=WEEKS[1])
    return admin, committed_list(admin, csv_file([row(2), row(1)]), as_of=WEEKS[2])


def test_a_list_that_names_somebody_again_starts_the_clock_anew(came_back: tuple[Actor, NonresponderList]) -> None:
    admin, _third = came_back
    with data_context(admin):
        again = of_serial(2)
        assert again.status == "open"
        # Five working days after Tuesday 13 April is Tuesday 20 April.
        assert (again.first_contact_at, again.first_contact_due) == (None, date(2021, 4, 20))
        # What was done before is not done again: the SMS and the call count, and the distance to the call holds.
        assert again.call_attempts == 1
        assert not breaches(admin, moment(date(2021, 4, 20))).filter(pk=again.pk)
        assert breaches(admin, moment(date(2021, 4, 21))).filter(pk=again.pk)


def test_undoing_that_list_puts_the_first_contact_back(came_back: tuple[Actor, NonresponderList]) -> None:
    admin, third = came_back
    with data_context(admin):
        undo(by=admin, nonresponder_list=third, now=moment(WEEKS[2]) + timedelta(hours=1))
        back = of_serial(2)
        assert back.status == "closed"
        assert back.first_contact_at == moment(WEEKS[0]) + timedelta(days=1)


def test_a_call_between_receipt_and_approval_keeps_the_deadline(admin: Actor) -> None:
    """The clock runs from the receipt; whoever was called since then has been contacted in time."""
    with records():
        phone(make_citizen(1), "+4520123451")
    committed_list(admin, csv_file([row(1)]), as_of=WEEKS[0])
    received = moment(WEEKS[1])
    with records():
        FollowUp.objects.update(
            status="closed", closed_reason="gone", closed_at=moment(WEEKS[0]), next_step_kind="", next_step_at=None,
            next_step_reason="", first_contact_at=moment(WEEKS[0]), last_contact_at=received,
        )  # fmt: skip
    committed_list(admin, csv_file([row(1), row(9)]), as_of=WEEKS[1])
    with data_context(admin):
        assert (of_serial(1).status, of_serial(1).first_contact_at) == ("open", received)


def test_opened_by_hand_the_deadlines_run_from_that_day() -> None:
    with records() as by:
        DeadlineRule.objects.filter(municipality=None).update(first_contact_days=2, answer_days=6)
        person = citizen()
        phone(person)
        closed = follow_up(
            person, status="closed", closed_reason="attempts_documented", closed_at=NOW, next_step_kind="",
            next_step_at=None, next_step_reason="", outcome="no_answer", outcome_at=NOW - timedelta(days=30),
            first_contact_at=NOW - timedelta(days=30), first_contact_due=date(2021, 3, 20),
            answer_due=date(2021, 4, 1), call_attempts=3,
        )  # fmt: skip
        opened = reopen(by=by, follow_up=closed, now=NOW)
        # Tuesday 20 April, two and six working days on.
        assert (opened.first_contact_due, opened.answer_due) == (date(2021, 4, 22), date(2021, 4, 28))
        assert opened.first_contact_at is None
        assert not breaches(by, NOW).exists()


def test_an_answer_of_an_earlier_round_does_not_keep_the_answer_s_deadline() -> None:
    with records() as by:
        old = {"outcome": "declined", "outcome_at": NOW - timedelta(days=200), "answer_due": date(2021, 4, 19)}
        texted = follow_up(citizen(), first_contact_at=NOW - timedelta(days=10), **old)
        answered = follow_up(
            citizen(), first_contact_at=NOW - timedelta(days=10), **old | {"outcome_at": NOW - timedelta(days=10)}
        )
        over = set(breaches(by, NOW).values_list("pk", flat=True))
        assert texted.pk in over
        assert answered.pk not in over


@pytest.mark.parametrize(
    ("group", "covers", "asked"),
    [
        ("", ["1", "7"], False),  # nobody knows whether the newer list leaves the group out
        ("7", ["1", "7"], False),
        ("7", ["1", "2"], True),  # L7: the newer list says nothing of group 7
        ("7", [], False),
    ],
)
def test_a_rested_no_is_asked_only_while_the_newest_list_names_it(group: str, covers: list[str], asked: bool) -> None:
    with records() as by:
        person = citizen()
        phone(person)
        older = make_list(
            person.municipality, NOW - timedelta(days=7), state="committed", committed_at=NOW, groups_covered=["7"]
        )
        make_list(person.municipality, NOW, state="committed", committed_at=NOW, groups_covered=covers)
        declined = follow_up(
            person, status="closed", closed_reason="declined", closed_at=NOW - timedelta(days=200), next_step_kind="",
            next_step_at=None, next_step_reason="", outcome="declined", outcome_at=NOW - timedelta(days=200),
            reopen_on=NOW.date(), target_group=group, last_list=older,
        )  # fmt: skip
        plan(by=by, now=NOW)
        declined.refresh_from_db()
        assert (declined.status == "open") == asked


def test_an_order_that_ends_leaves_whom_the_weekly_list_names_without_a_group(admin: Actor) -> None:
    with records():
        phone(make_citizen(1), "+4520123451")
        phone(make_citizen(2), "+4520123452")
    order = list_order(admin, expires_on=WEEKS[1], now=moment(WEEKS[0]))
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0], order=order)
    weekly = committed_list(admin, csv_file([row(1)]), as_of=WEEKS[1])
    with records() as by:
        NonresponderList.objects.filter(pk=weekly.pk).update(groups_covered=["3"])
        FollowUp.objects.update(target_group="")
        end_use(by=by, order=order, now=moment(WEEKS[2]))
        assert of_serial(1).status == "open"
        assert (of_serial(2).status, of_serial(2).closed_reason) == ("closed", "order_ended")


def test_a_municipality_s_own_duty_goes_before_the_country_s() -> None:
    programme = Programme.objects.get(code="covid-19")
    TargetGroup.objects.filter(programme=programme, code="8").update(mandatory_from=None)
    TargetGroup.objects.filter(programme=programme, code="7").update(mandatory_from=date(2021, 1, 1), mandatory_to=None)
    GroupDuty.objects.create(programme=programme, municipality_id=ISHOEJ, code="8", mandatory_from=date(2021, 4, 12))
    GroupDuty.objects.create(programme=programme, municipality_id=ISHOEJ, code="7")
    own = mandatory_group_codes(programme, date(2021, 4, 20), ISHOEJ)
    assert "8" in own
    assert "7" not in own
    assert "8" not in mandatory_group_codes(programme, date(2021, 4, 11), ISHOEJ)
    common = mandatory_group_codes(programme, date(2021, 4, 20))
    assert "7" in common
    assert "8" not in common
