"""Citizens written down by hand: without a CPR number, with one, twice; who did it and why is logged (C2, L9)."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.errors import UserError
from registry.models import Citizen, Municipality
from registry.selectors.possible_duplicates import possible_duplicates
from registry.services.citizens import create_citizen
from tests.factories.cast import actor_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.registry import NOON, cpr_number, make_citizen

pytestmark = pytest.mark.django_db
BORN = date(1950, 7, 1)


@pytest.fixture
def caseworker() -> Actor:
    return actor_with_role(Role.CASEWORKER)


def created(by: Actor, **changes: Any) -> Citizen:
    values = {"name": "Noor Uden Nummer", "birth_date": BORN, "phone": "20111111", "reason": "ringede selv"} | changes
    return create_citizen(by=by, municipality=Municipality.objects.get(pk=ISHOEJ), now=NOON, **values)


def test_citizen_without_a_number_is_findable_and_logged(caseworker: Actor) -> None:
    with data_context(caseworker):
        citizen = created(caseworker, birth_date_approximate=True)
        assert (citizen.cpr, citizen.cpr_kind, citizen.birth_date_approximate) == ("", "none", True)
        assert [phone.number for phone in citizen.phones.all()] == ["+4520111111"]
        assert citizen.search_name == "noor uden nummer"
    with data_context(actor_with_role(Role.AUDITOR)):
        event = AccessEvent.objects.get(action="add", subject_kind="citizen", subject_id=str(citizen.pk))
        assert "ringede selv" in event.purpose


def test_two_people_without_a_number_may_share_name_and_phone_but_are_warned_of(caseworker: Actor) -> None:
    with data_context(caseworker):
        first = created(caseworker)
        by_name = possible_duplicates(caseworker, name="noor  uden-nummer", birth_date=BORN, phone="")
        by_phone = possible_duplicates(caseworker, name="En Anden", birth_date=None, phone="+45 20 11 11 11")
        other_day = possible_duplicates(caseworker, name="Noor Uden Nummer", birth_date=date(1951, 1, 1), phone="")
        assert (by_name, by_phone, other_day) == ([first], [first], [])
        created(caseworker)
        assert Citizen.objects.count() == 2


def test_known_number_is_never_made_twice(caseworker: Actor) -> None:
    with data_context(caseworker):
        make_citizen(1)
        with pytest.raises(UserError) as refusal:
            created(caseworker, cpr=cpr_number(1))
        assert refusal.value.code == "citizen_exists"
        known = created(caseworker, cpr=cpr_number(2), birth_date=None)
        assert (known.cpr, known.cpr_kind, known.sex) == (cpr_number(2), "replacement", "K")
        assert known.birth_date == date(1939, 1, 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "  "}, "citizen_name"),
        ({"reason": " "}, "citizen_reason"),
        ({"cpr": "123"}, "cpr_length"),
        ({"phone": "12"}, "phone_invalid"),
    ],
)
def test_what_cannot_be_written_down_is_refused(caseworker: Actor, changes: dict[str, Any], code: str) -> None:
    with data_context(caseworker), pytest.raises(UserError) as refusal:
        created(caseworker, **changes)
    assert refusal.value.code == code


def test_other_roles_and_other_municipalities_may_not(caseworker: Actor) -> None:
    manager = actor_with_role(Role.MANAGER)
    with data_context(manager), pytest.raises(PermissionDenied):
        created(manager)
    stranger = actor_with_role(Role.CASEWORKER, 169)
    with data_context(stranger), pytest.raises(PermissionDenied):
        created(stranger)
