"""Looking up numbers as work: taken one by one, never by two, tried again after a time, never for nothing (C4)."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from campaigns.models import ContactAttempt, LookupClaim
from campaigns.next_steps import LOOKUP_RESTS
from campaigns.services.lookup_claims import claim_next
from campaigns.services.lookups import nothing_found
from campaigns.services.planning import plan
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import Citizen, FollowUp
from tests.factories.campaigns import caller as caller_actor
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, phone, records
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db
URL = "/mangler-nummer/"
DAY = timedelta(days=1)


def without_number(name: str = "Else Krogh", due_in: int = 1, **changes: object) -> Citizen:
    owner = citizen(name, **changes)
    follow_up(
        owner,
        next_step_kind="lookup",
        next_step_reason="no_phone",
        first_contact_due=NOW.date() + due_in * DAY,
        opened_at=NOW - DAY,
        answer_due=NOW.date() + 90 * DAY,
    )
    return owner


@pytest.fixture
def desk() -> Client:
    clock_at()
    return client_with_role(Role.CASEWORKER, username="mette")


@pytest.fixture
def colleague(desk: Client) -> Client:
    return client_with_role(Role.CASEWORKER, username="bo")


def step(owner: Citizen) -> tuple[str, str]:
    found = FollowUp.objects.get(citizen=owner, programme__code="covid-19")
    return found.next_step_kind, found.next_step_reason


def test_one_takes_the_most_urgent_and_another_the_next(desk, colleague):
    with records():
        later, first = without_number("Bent Friis", due_in=5), without_number("Aase Krogh")
    assert desk.post(f"{URL}naeste/").url == f"{URL}{first.pk}/"
    assert colleague.post(f"{URL}naeste/").url == f"{URL}{later.pk}/"
    # Again: the same, until it is done.
    assert desk.post(f"{URL}naeste/").url == f"{URL}{first.pk}/"
    page = desk.get(f"{URL}{first.pk}/").content.decode()
    assert "2 borgere mangler et nummer" in page
    assert "Borgeren er din til kl." in page
    assert "Mette Holm leder efter nummeret til kl." in colleague.get(URL).content.decode()


def test_save_and_next_goes_on_to_the_last(desk):
    with records():
        first, later = without_number("Aase Krogh"), without_number("Bent Friis", due_in=5)
    desk.post(f"{URL}naeste/")
    form = {f"{first.pk}-number": "20112233", f"{first.pk}-kind": "mobile", f"{first.pk}-source": "looked_up"}
    assert desk.post(f"{URL}{first.pk}/fundet/", {**form, "then": "next"}).url == f"{URL}{later.pk}/"
    nothing = {f"{later.pk}-places": ["care"], "result": "not_found", "then": "next"}
    assert desk.post(f"{URL}{later.pk}/intet/", nothing).url == URL
    with records():
        assert not LookupClaim.objects.exists()


def test_nothing_is_written_over_a_colleagues_look_up(desk, colleague):
    with records():
        owner = without_number()
    desk.post(f"{URL}naeste/")
    answer = colleague.post(f"{URL}{owner.pk}/intet/", {f"{owner.pk}-places": ["care"], "result": "not_found"})
    assert answer.status_code == 422
    assert colleague.get(f"{URL}{owner.pk}/").url == URL
    with records():
        assert not ContactAttempt.objects.exists()
    desk.post(f"{URL}{owner.pk}/slip/")
    assert colleague.post(f"{URL}naeste/").url == f"{URL}{owner.pk}/"


def test_a_look_up_left_lying_is_free_after_half_an_hour(desk, colleague):
    with records():
        owner = without_number()
    desk.post(f"{URL}naeste/")
    clock_at(NOW + timedelta(minutes=31))
    assert colleague.post(f"{URL}naeste/").url == f"{URL}{owner.pk}/"


def test_where_nobody_looked_is_asked_and_a_refusal_is_written_as_one(desk):
    with records():
        owner = without_number()
    empty = desk.post(f"{URL}{owner.pk}/intet/", {"result": "not_found"})
    assert empty.status_code == 422
    assert "Sæt flueben ved, hvor du har ledt." in empty.content.decode()
    assert desk.post(f"{URL}{owner.pk}/intet/", {"result": "not_wanted"}).url == URL
    with records():
        assert ContactAttempt.objects.get(citizen=owner).lookup_result == "not_wanted"
        assert step(owner) == ("letter", "no_number_found")
    assert "Borgeren vil ikke oplyse et telefonnummer" in desk.get(f"/borger/{owner.pk}/").content.decode()


def test_it_is_looked_for_again_after_a_time_and_says_who_looked_where(desk):
    with records() as by:
        owner = without_number()
        nothing_found(by=by, citizen=owner, now=NOW, places=["directory"])
        assert step(owner) == ("letter", "no_number_found")
        plan(by=by, now=NOW + LOOKUP_RESTS - DAY)
        assert step(owner) == ("letter", "no_number_found")
        plan(by=by, now=NOW + LOOKUP_RESTS + DAY)
        assert step(owner) == ("lookup", "no_phone")
    clock_at(NOW + LOOKUP_RESTS + DAY)
    assert "ledte forgæves den 20.04.2021: nummeroplysning." in desk.get(URL).content.decode()


def test_who_will_not_give_a_number_is_not_asked_for_it_again():
    with records() as by:
        owner = without_number()
        nothing_found(by=by, citizen=owner, now=NOW, places=[], result="not_wanted")
        plan(by=by, now=NOW + 2 * LOOKUP_RESTS)
        assert step(owner) == ("letter", "no_number_found")
        phone(owner, "+4520112233")
        plan(by=by, now=NOW + 2 * LOOKUP_RESTS)
        assert step(owner)[0] in ("sms", "call")


def test_a_second_programme_does_not_look_for_what_was_not_to_be_found_yesterday():
    with records() as by:
        owner = without_number()
        nothing_found(by=by, citizen=owner, now=NOW, places=["directory"])
        second = follow_up(owner, "influenza", opened_at=NOW + DAY, next_step_kind="wait", next_step_reason="opened")
        plan(by=by, now=NOW + DAY, citizen_ids=[owner.pk])
        second.refresh_from_db()
        assert second.next_step_kind == "letter"


def test_nothing_is_written_about_somebody_whose_case_has_ended(desk):
    with records():
        owner = without_number()
        FollowUp.objects.filter(citizen=owner).update(
            status="closed", closed_reason="status", closed_at=NOW, next_step_kind="", next_step_at=None,
            next_step_reason="",
        )  # fmt: skip
        Citizen.objects.filter(pk=owner.pk).update(status="deceased")
    answer = desk.post(f"{URL}{owner.pk}/intet/", {f"{owner.pk}-places": ["care"], "result": "not_found"})
    assert answer.status_code == 422
    with records():
        assert not ContactAttempt.objects.exists()
    assert desk.post(f"{URL}naeste/").url == URL


def test_another_municipality_s_missing_numbers_are_never_taken(desk):
    with records(HOEJE_TAASTRUP):
        foreign = without_number(code=HOEJE_TAASTRUP)
    assert desk.post(f"{URL}naeste/").url == URL
    for address in ("", "slip/", "intet/"):
        ask = desk.post if address else desk.get
        assert ask(f"{URL}{foreign.pk}/{address}").status_code == 404


def test_list_administrators_take_no_look_ups():
    actor = actor_with_role(Role.LIST_ADMIN)
    with data_context(actor), pytest.raises(PermissionDenied):
        claim_next(by=actor, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_six_at_once_take_six_different_citizens():
    actors = [caller_actor(f"ringer{number}") for number in range(6)]
    with records():
        for number in range(6):
            without_number(f"Borger {number}")
    taken, barrier = [], Barrier(len(actors))

    def work(actor) -> None:
        barrier.wait()
        with data_context(actor):
            found = claim_next(by=actor, now=NOW)
            taken.append(found.pk if found else None)
        connection.close()

    threads = [Thread(target=work, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 6
    assert None not in taken
