"""C3 from file to telephone: a death in a file cancels the queued message and the call at once."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from campaigns.models import CallTask, SmsMessage
from campaigns.services.planning import plan
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import Citizen, FollowUp, Phone, PhoneKind
from registry.services.citizens import edit_citizen
from registry.services.phones import set_kind
from tests.factories.campaigns import contact_point
from tests.factories.cast import actor_with_role
from tests.factories.cpr_extract import extract, person
from tests.factories.registry import NOON, citizens_taken_in, committed_list, cpr_number, csv_file, row

pytestmark = pytest.mark.django_db
A, B = cpr_number(1), cpr_number(2)


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def planned(admin: Actor, folder: Path) -> None:
    """Two on a list: the first with a mobile is due for a message, the second with a landline for a call."""
    contact_point()
    header = ("cpr", "navn", "mobil", "fastnet")
    people = [[A, "Aase Prøve", "20111111", ""], [B, "Bo Prøve", "", "43111111"]]
    citizens_taken_in(admin, csv_file(people, header), folder)
    committed_list(admin, csv_file([row(1), row(2)]), as_of=date(2021, 3, 30))
    with data_context(admin):
        plan(by=admin, now=NOON + timedelta(minutes=5))


@pytest.mark.parametrize("code", ["90", "80", "70", "30"])
def test_status_in_a_file_cancels_messages_and_calls(admin: Actor, tmp_path: Path, code: str) -> None:
    planned(admin, tmp_path)
    with data_context(admin):
        assert [message.status for message in SmsMessage.objects.all()] == ["queued"]
        assert [task.state for task in CallTask.objects.all()] == ["open"]
    ended = [person(number, status=code, address=False, name="") for number in (A, B)]
    citizens_taken_in(admin, extract(*ended), tmp_path, now=NOON + timedelta(hours=1))
    with data_context(admin):
        assert [message.status for message in SmsMessage.objects.all()] == ["cancelled"]
        assert [task.state for task in CallTask.objects.all()] == ["cancelled"]
        assert {follow_up.status for follow_up in FollowUp.objects.all()} == {"closed"}
    citizens_taken_in(admin, extract(person(A), person(B)), tmp_path, now=NOON + timedelta(hours=2))
    with data_context(admin):
        assert {follow_up.status for follow_up in FollowUp.objects.all()} == {"closed"}
        assert not CallTask.objects.filter(state="open").exists()


def test_protection_by_hand_is_on_the_citizen_while_work_goes_on(admin: Actor, tmp_path: Path) -> None:
    planned(admin, tmp_path)
    with data_context(admin):
        citizen = Citizen.objects.get(name="Aase Prøve")
        edit_citizen(by=admin, citizen=citizen, values={"protected": True}, now=NOON)
        citizen.refresh_from_db()
        assert citizen.is_protected(date(2021, 3, 30))
        assert FollowUp.objects.get(citizen=citizen).status == "open"


def test_mobile_that_is_a_landline_gets_no_message(admin: Actor, tmp_path: Path) -> None:
    planned(admin, tmp_path)
    with data_context(admin):
        citizen = Citizen.objects.get(name="Aase Prøve")
        set_kind(by=admin, phone=Phone.objects.get(citizen=citizen), kind=PhoneKind.LANDLINE, now=NOON)
        plan(by=admin, now=NOON + timedelta(hours=1), citizen_ids=[citizen.pk])
        assert [message.status for message in SmsMessage.objects.all()] == ["cancelled"]
