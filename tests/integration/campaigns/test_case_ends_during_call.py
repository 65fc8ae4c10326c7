"""A citizen dies, moves or leaves the list while a caller has them on the screen (C3, C5, L7): nothing as if alive."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from campaigns.models import CallTask, CallTaskState, ContactAttempt, SmsMessage
from campaigns.services.answers import record_answer
from campaigns.services.calls import claim
from campaigns.services.planning import plan
from outreach.access.actor import Actor, actor_from_membership
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.models import Citizen, FollowUp
from tests.factories.campaigns import contact_point
from tests.factories.cast import actor_with_role, user_with_role
from tests.factories.contact_pages import clock_at
from tests.factories.cpr_extract import extract, person
from tests.factories.registry import NOON, citizens_taken_in, committed_list, cpr_number, csv_file, row

pytestmark = pytest.mark.django_db
A, B = cpr_number(1), cpr_number(2)
LATER = NOON + timedelta(days=1)


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


@pytest.fixture
def user() -> User:
    return user_with_role(Role.CASEWORKER, username="caller")


@pytest.fixture
def desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def task(admin: Actor, user: User, tmp_path: Path) -> CallTask:
    """Aase, who has a landline, is on the caller's screen; Bo at the same address waits for a message."""
    contact_point()
    header = ("cpr", "navn", "adresse", "postnr", "by", "mobil", "fastnet")
    people = [
        [A, "Aase Prøve", "Vejlebrovej 45", "2635", "Ishøj", "", "43111111"],
        [B, "Bo Prøve", "Vejlebrovej 45", "2635", "Ishøj", "20111111", ""],
    ]
    citizens_taken_in(admin, csv_file(people, header), tmp_path)
    committed_list(admin, csv_file([row(1), row(2)]), as_of=date(2021, 3, 30))
    clock_at(LATER)
    with data_context(admin):
        plan(by=admin, now=NOON + timedelta(minutes=5))
        aase = Citizen.objects.get(name="Aase Prøve")
        waiting = CallTask.objects.get(citizen=aase)
    caller = actor_from_membership(user.memberships.select_related("organisation", "user").get())
    with data_context(caller):
        return claim(by=caller, task=waiting, now=LATER - timedelta(minutes=10))


def status_comes(admin: Actor, folder: Path, code: str) -> None:
    """An extract of the register with that status of both."""
    ended = [person(number, status=code, address=False, name="") for number in (A, B)]
    citizens_taken_in(admin, extract(*ended), folder, now=LATER - timedelta(minutes=5))


def save(desk: Client, task: CallTask, **answer: object):
    return desk.post(f"/opkald/{task.pk}/gem/", {"outcome": "books_self", "then": "next", "note": "", **answer})


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("90", "Borgeren er registreret som død."),
        ("80", "CPR-registret siger: udrejst."),
        ("70", "CPR-registret siger: forsvundet."),
        ("30", "CPR-registret siger: annulleret personnummer."),
    ],
)
def test_the_caller_is_told_at_the_next_click(admin, desk, task, tmp_path, code, words):
    status_comes(admin, tmp_path, code)
    page = desk.get(f"/opkald/{task.pk}/").content.decode()
    assert "Ring ikke" in page
    assert words in page
    assert 'name="outcome"' not in page
    assert "43 11 11 11" not in page
    preview = desk.post(f"/opkald/{task.pk}/naeste-skridt/", {"outcome": "books_self"}, headers={"HX-Request": "true"})
    assert words in preview.content.decode()


def test_an_answer_of_the_dead_is_not_written(admin, desk, task, tmp_path):
    status_comes(admin, tmp_path, "90")
    response = save(desk, task, note="Datteren tog den")
    assert response.status_code == 409
    page = response.content.decode()
    assert "Borgeren er registreret som død." in page
    assert "Svaret er ikke gemt." in page
    assert "Datteren tog den</textarea>" in page
    with data_context(admin):
        assert not ContactAttempt.objects.exists()
        assert {(each.status, each.closed_reason, each.outcome) for each in FollowUp.objects.all()} == {
            ("closed", "status", "")
        }


def test_call_and_message_end_with_the_death_and_the_household_is_free(admin, task, tmp_path):
    status_comes(admin, tmp_path, "90")
    with data_context(admin):
        task = CallTask.objects.get(pk=task.pk)
        assert (task.state, task.claimed_by, task.claimed_until) == (CallTaskState.CANCELLED, None, None)
        assert not CallTask.objects.waiting().exists()
        assert not SmsMessage.objects.exclude(status="cancelled").exists()


def test_the_next_call_is_not_the_dead_again(admin, desk, task, tmp_path):
    status_comes(admin, tmp_path, "90")
    assert desk.post("/opkald/naeste/").url == "/opkald/naeste/"
    assert "Aase Prøve" not in desk.get("/opkald/naeste/").content.decode()


def test_a_claim_left_by_a_death_that_nobody_planned_is_not_given_again(admin, desk, task):
    with data_context(admin):
        FollowUp.objects.filter(citizen=task.citizen_id).update(
            status="closed", closed_reason="status", closed_at=LATER, next_step_kind="", next_step_at=None,
            next_step_reason="",
        )  # fmt: skip
    assert desk.post("/opkald/naeste/").url == "/opkald/naeste/"


def test_a_citizen_who_rings_back_after_emigrating_cannot_be_answered(admin, desk, task, tmp_path):
    status_comes(admin, tmp_path, "80")
    page = desk.get(f"/borger/{task.citizen_id}/svar/", follow=True).content.decode()
    assert "CPR-registret siger: udrejst." in page
    assert "Genåbn opfølgningen" not in page


def test_somebody_gone_from_the_list_can_be_saved_after_opening_again(admin, desk, task):
    committed_list(admin, csv_file([row(2)]), as_of=date(2021, 3, 31), now=LATER - timedelta(minutes=5))
    page = desk.get(f"/opkald/{task.pk}/").content.decode()
    assert "Der skal ikke ringes mere" in page
    assert "Borgeren står ikke længere på listen. Det kan betyde" in page
    response = save(desk, task)
    assert response.status_code == 409
    assert "genåbn opfølgningen på borgerens side først" in response.content.decode()
    with data_context(admin):
        assert not ContactAttempt.objects.exists()
    follow_up = desk.get(f"/borger/{task.citizen_id}/").content.decode()
    assert "Genåbn opfølgningen" in follow_up


def test_an_answer_for_two_is_written_for_the_living_only(admin, user, desk, task, tmp_path):
    with data_context(admin):
        bo = Citizen.objects.get(name="Bo Prøve")
    # Bo's tick stood on the page the caller has; the file of his death comes before the answer.
    citizens_taken_in(
        admin, extract(person(B, status="90", address=False, name="")), tmp_path, now=LATER - timedelta(minutes=5)
    )
    caller = actor_from_membership(user.memberships.select_related("organisation", "user").get())
    with data_context(caller), pytest.raises(UserError, match="Bo Prøve skal ikke kontaktes mere"):
        record_answer(by=caller, citizen=task.citizen, outcome="books_self", now=LATER, call_task=task, also=[bo])
    assert save(desk, task, **{f"member_{bo.pk}": "same"}).status_code == 302
    with data_context(admin):
        assert ContactAttempt.objects.get().citizen_id == task.citizen_id
        assert FollowUp.objects.get(citizen=bo).outcome == ""


def test_protection_in_a_file_hides_the_address_at_the_next_click(admin, desk, task, tmp_path):
    assert "Vejlebrovej 45" in desk.get(f"/borger/{task.citizen_id}/").content.decode()
    protected = person(A, name="Aase Prøve", protection=("0001", ""), STANDARDADR="Vejlebrovej 45")
    citizens_taken_in(admin, extract(protected), tmp_path, now=LATER - timedelta(minutes=5))
    for address in (f"/opkald/{task.pk}/", f"/borger/{task.citizen_id}/"):
        page = desk.get(address).content.decode()
        assert "Adressen er beskyttet" in page
        assert "Vejlebrovej 45" not in page
    assert save(desk, task, then="stay").status_code == 302
