"""What the caller is told before ringing, who was spoken with, and a death that only a person confirms (K4, K8, C3)."""

from datetime import timedelta

import pytest
from django.test import Client

from campaigns.models import CallTask, ContactAttempt
from campaigns.services.answers import ALL, Contact, Said, record_call
from outreach.access.models import User
from outreach.access.roles import Role
from outreach.audit.models import Action
from registry.models import Citizen, CitizenDifference, CitizenStatus, FollowUp, RelativeKind
from tests.factories.cast import user_with_role
from tests.factories.contact_pages import (
    NOW,
    call_task,
    citizen,
    claimed,
    clock_at,
    follow_up,
    logged,
    phone,
    records,
    relative,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller() -> User:
    clock_at()
    user = user_with_role(Role.CASEWORKER, username="caller")
    user.languages = ["tr"]
    user.save()
    return user


@pytest.fixture
def desk(caller: User) -> Client:
    client = Client()
    client.force_login(caller)
    return client


def held(caller: User, step: str = "call", detail: dict[str, str] | None = None, **changes: object) -> CallTask:
    owner = citizen(**changes)
    phone(owner)
    follow_up(owner, next_step_kind=step, next_step_reason="language", next_step_detail=detail or {})
    return claimed(call_task(owner), caller)


@pytest.mark.parametrize(
    ("language", "step", "help_by", "words"),
    [
        ("tr", "interpreter_call", "", "Borgeren taler tyrkisk, og det gør du også."),
        ("ur", "interpreter_call", "", "Ring til tolken først"),
        ("ur", "interpreter_call", "relative", "Ring sammen med en pårørende: Lone Mikkelsen, datter 30 11 22 33"),
        ("ur", "call", "", "Borgeren taler urdu."),
    ],
)
def test_the_screen_says_what_to_do_about_the_language(desk, caller, language, step, help_by, words):
    with records():
        task = held(caller, step, {"help": help_by} if help_by else None, language=language)
        relative(task.citizen)
    assert words in desk.get(f"/opkald/{task.pk}/").content.decode()


def test_in_danish_nothing_is_said_of_language(desk, caller):
    with records():
        task = held(caller)
    page = desk.get(f"/opkald/{task.pk}/").content.decode()
    assert "Borgeren taler" not in page
    assert "tolken" not in page


def test_while_two_records_wait_for_a_choice_the_screen_says_what_was_answered_on_the_other(desk, caller):
    with records():
        task = held(caller)
        other = citizen("Aase Mikkelsen", status=CitizenStatus.REPLACED)
        follow_up(
            other, status="closed", closed_reason="status", closed_at=NOW, next_step_kind="", next_step_at=None,
            next_step_reason="", outcome="declined", outcome_at=NOW - timedelta(days=12),
        )  # fmt: skip
        CitizenDifference.objects.create(
            municipality_id=task.municipality_id,
            citizen=task.citizen,
            field="person",
            other_citizen=other,
            found_at=NOW,
        )
    page = desk.get(f"/opkald/{task.pk}/").content.decode()
    assert "Vælg, hvilke svar der gælder, før du ringer." in page
    assert "Ønsker ikke 08.04." in page


def test_a_known_relative_and_the_interpreter_are_recorded_by_name(desk, caller):
    with records():
        task = held(caller, language="ur")
        lone = relative(task.citizen)
    answer = {
        "outcome": "undecided",
        "spoke_with": f"relative:{lone.pk}",
        "interpreter": "on",
        "then": "stay",
        "note": "",
    }
    desk.post(f"/opkald/{task.pk}/gem/", answer)
    with records():
        attempt = ContactAttempt.objects.get()
        assert (attempt.spoke_with, attempt.spoke_with_name) == ("relative", "Lone Mikkelsen, datter")
        assert attempt.interpreter_language == "ur"
    assert "Talte med: Lone Mikkelsen, datter. Med tolk." in desk.get(f"/borger/{task.citizen_id}/").content.decode()


def test_with_a_child_nobody_talks_but_with_those_who_have_custody(desk, caller):
    with records():
        task = held(caller, name="Noah Holm", birth_date=NOW.date().replace(year=2010))
        custody = relative(task.citizen, RelativeKind.CUSTODY_HOLDER, name="Mor Holm")
    page = desk.get(f"/opkald/{task.pk}/").content.decode()
    assert f'value="custody:{custody.pk}"' in page
    assert 'name="spoke_with" value="citizen"' not in " ".join(page.split())
    desk.post(f"/opkald/{task.pk}/gem/", {"outcome": "books_self", "then": "stay", "note": ""})
    with records():
        assert ContactAttempt.objects.get().spoke_with == "custody"


def test_after_a_wrong_number_the_same_citizen_is_next_with_the_other_number(desk, caller):
    with records():
        task = held(caller)
        phone(task.citizen, "+4530998877", source="relative")
    response = desk.post(f"/opkald/{task.pk}/gem/", {"outcome": "wrong_number", "then": "next", "note": ""})
    with records():
        following = CallTask.objects.waiting().get(citizen=task.citizen_id)
        assert (following.claimed_by_id, following.pk != task.pk) == (caller.pk, True)
    assert response.url == f"/opkald/{following.pk}/"


def test_which_number_was_wrong_may_be_another_than_the_one_that_is_rung_first(desk, caller):
    with records():
        task = held(caller)
        second = phone(task.citizen, "+4530998877", source="relative", kind="landline")
    desk.post(
        f"/opkald/{task.pk}/gem/", {"outcome": "wrong_number", "wrong_phone": second.pk, "then": "stay", "note": ""}
    )
    with records():
        assert list(task.citizen.phones.exclude(wrong_since=None).values_list("pk", flat=True)) == [second.pk]


def test_a_death_told_on_the_telephone_is_confirmed_by_a_person(desk, caller):
    with records() as by:
        task = held(caller)
        record_call(by=by, citizen=task.citizen, said={ALL: Said("deceased")}, contact=Contact(), now=NOW)
        assert Citizen.objects.get(pk=task.citizen_id).status == CitizenStatus.ACTIVE
    page = desk.get(f"/borger/{task.citizen_id}/").content.decode()
    assert "CPR-status er ikke ændret endnu" in page
    done = desk.post(f"/borger/{task.citizen_id}/doed/", follow=True).content.decode()
    assert "Dødsfaldet er registreret" in done
    assert "CPR-status er ikke ændret endnu" not in done
    with records():
        assert Citizen.objects.get(pk=task.citizen_id).status == CitizenStatus.DECEASED
        assert not FollowUp.objects.open().exists()
    assert logged(Action.CHANGE, purpose="Dødsfald bekræftet efter opslag i CPR")


def test_a_household_members_story_is_in_reach_and_its_look_is_logged(desk, caller):
    with records() as by:
        task = held(caller, household_key="vej 9")
        poul = citizen("Poul Mikkelsen", household_key="vej 9")
        phone(poul, "+4530112299")
        follow_up(poul)
        record_call(by=by, citizen=poul, said={ALL: Said("undecided")}, contact=Contact(), now=NOW - timedelta(days=2))
    assert f"/borger/{poul.pk}/forloeb-kort/" in desk.get(f"/opkald/{task.pk}/").content.decode()
    story = desk.get(f"/borger/{poul.pk}/forloeb-kort/", headers={"HX-Request": "true"}).content.decode()
    assert "I tvivl" in story
    assert "<html" not in story
    assert desk.get(f"/borger/{poul.pk}/forloeb-kort/").status_code == 302
