"""A name cannot be read without a row in the access log, and the log itself holds no CPR number (A3, A4)."""

import pytest
from django.test import Client

from outreach.access.models import User
from outreach.access.roles import Role
from outreach.audit.models import Action
from tests.factories.cast import client_with_role, user_with_role
from tests.factories.contact_pages import claimed, clock_at, logged, phone, records, waiting_citizen

pytestmark = pytest.mark.django_db
NAME = "Aase Birthe Mikkelsen"


@pytest.fixture
def caller() -> User:
    clock_at()
    return user_with_role(Role.CASEWORKER, username="caller")


@pytest.fixture
def desk(caller: User) -> Client:
    client = Client()
    client.force_login(caller)
    return client


def looks_at(citizen_id: int) -> int:
    return len(logged(Action.LOOK, subject_kind="citizen", subject_id=str(citizen_id)))


def test_a_call_that_one_does_not_hold_names_the_citizen_and_is_logged(desk):
    with records():
        task = waiting_citizen(NAME)
    assert NAME in desk.get(f"/opkald/{task.pk}/").content.decode()
    assert looks_at(task.citizen_id) == 1


def test_the_call_still_held_names_the_citizen_and_is_logged(desk, caller):
    with records():
        task = claimed(waiting_citizen(NAME), caller)
    assert NAME in desk.get("/opkald/naeste/").content.decode()
    assert looks_at(task.citizen_id) == 1


def test_the_panel_after_a_wrong_number_is_logged_each_time(desk):
    with records():
        task = waiting_citizen(NAME)
        number = phone(task.citizen)
    url = f"/borger/{task.citizen_id}/telefon/{number.pk}/forkert/"
    for times in (1, 2):  # the second time nothing changes, but the panel is shown again
        assert desk.post(url, headers={"HX-Request": "true"}).status_code == 200
        assert looks_at(task.citizen_id) == times


def test_a_cpr_number_in_a_refused_address_does_not_reach_the_log():
    assert client_with_role(Role.AUDITOR).get("/borger/7110390001/").status_code == 403
    [denial] = logged(Action.DENIED)
    assert denial.detail["path"] == "/borger/[cpr]/"
