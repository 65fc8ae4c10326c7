"""Who shares a telephone is one household too, so one call serves them all; a switchboard is none (C6)."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from outreach.access.roles import Role
from outreach.audit.models import Action
from registry.models import Citizen, FollowUp
from registry.selectors.citizens import household_of
from tests.factories.cast import user_with_role
from tests.factories.contact_pages import NOW, call_task, citizen, claimed, clock_at, follow_up, logged, phone, records
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db


def sharing(number: str, *names: str, **changes: object) -> list[Citizen]:
    """Citizens with one number; they live apart unless said otherwise."""
    people = [citizen(name, household_key=f"{name} vej", **changes) for name in names]
    for each in people:
        phone(each, number)
    return people


def test_the_same_number_at_two_addresses_is_one_household() -> None:
    with records():
        aase, poul = sharing("+4520123456", "Aase", "Poul")
        sharing("+4520123457", "Ib")
        assert household_of(aase) == [poul]
        assert household_of(poul) == [aase]


def test_address_and_number_join_each_person_once_oldest_first() -> None:
    with records():
        aase = citizen("Aase", household_key="vej 1")
        both = citizen("Begge", household_key="vej 1", birth_date=date(1950, 1, 1))
        called = citizen("Kun telefon", birth_date=date(1940, 1, 1))
        for each in (aase, both, called):
            phone(each)
            phone(each, "+4543571234", kind="landline")
        assert household_of(aase) == [called, both]


@pytest.mark.parametrize("whose", ["own", "theirs"])
def test_a_wrong_number_joins_nobody(whose: str) -> None:
    with records():
        aase, poul = citizen("Aase"), citizen("Poul")
        phone(aase, wrong_since=NOW if whose == "own" else None)
        phone(poul, wrong_since=NOW if whose == "theirs" else None)
        assert household_of(aase) == []


@pytest.mark.parametrize(("holders", "others"), [(10, 9), (11, 0)])
def test_a_number_of_more_than_ten_is_a_switchboard(holders: int, others: int) -> None:
    with records():
        people = sharing("+4543571234", *(f"Bo {number}" for number in range(holders)))
        assert len(household_of(people[0])) == others


def test_care_homes_share_neither_address_nor_number() -> None:
    with records():
        (moved_in,) = sharing("+4520123456", "Carl", care_home=True)
        (at_home,) = sharing("+4520123456", "Dora")
        assert household_of(moved_in) == []
        assert household_of(at_home) == []


def test_another_municipalitys_citizen_with_the_number_is_not_known() -> None:
    with records(HOEJE_TAASTRUP):
        phone(citizen("Fremmed", code=HOEJE_TAASTRUP))
    with records():
        (aase,) = sharing("+4520123456", "Aase")
        assert household_of(aase) == []


def test_two_queries_however_many_share() -> None:
    with records():
        people = sharing("+4520123456", *(f"Bo {number}" for number in range(9)))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(household_of(people[0])) == 8
    assert len(asked) == 2


def test_both_are_on_the_call_screen_and_answered_together() -> None:
    clock_at()
    caller = user_with_role(Role.CASEWORKER, username="caller")
    with records():
        aase, poul = sharing("+4520123456", "Aase", "Poul")
        for each in (aase, poul):
            follow_up(each)
        task = claimed(call_task(aase), caller)
    desk = Client()
    desk.force_login(caller)
    page = desk.get(f"/opkald/{task.pk}/").content.decode()
    assert f'name="member_{poul.pk}"' in page
    assert "samme telefon" in page
    assert {event.subject_id for event in logged(Action.LOOK)} == {str(aase.pk), str(poul.pk)}
    answers = {"outcome": "declined", "then": "stay", "note": "", f"member_{poul.pk}": "same"}
    desk.post(f"/opkald/{task.pk}/gem/", answers)
    with records():
        answered = FollowUp.objects.filter(citizen__in=[aase, poul]).values_list("status", "outcome")
        assert list(answered) == [("closed", "declined")] * 2
