"""The citizen's page: why, and why not, and when next; every look and every whole CPR number logged (K1, A3, A4)."""

import re
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns.models import ContactAttempt, OptOut
from outreach.access.models import User
from outreach.access.roles import Role
from outreach.audit.models import Action
from registry.models import FollowUp, FollowUpChange, Phone
from tests.factories.cast import client_with_role, user_with_role
from tests.factories.contact_pages import (
    NOW,
    call_task,
    citizen,
    claimed,
    clock_at,
    follow_up,
    logged,
    phone,
    queries_of,
    records,
    relative,
    waiting_citizen,
)
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db
CPR = "7101391234"
CLOSED = {"status": "closed", "closed_at": NOW, "next_step_kind": "", "next_step_at": None, "next_step_reason": ""}


@pytest.fixture
def caller() -> User:
    clock_at()
    return user_with_role(Role.CASEWORKER, username="caller")


@pytest.fixture
def desk(caller: User) -> Client:
    client = Client()
    client.force_login(caller)
    return client


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


def open_page(desk: Client, citizen_id: int) -> str:
    response = desk.get(f"/borger/{citizen_id}/")
    assert response.status_code == 200
    return page_of(response)


def test_the_page_says_what_comes_next_and_why(desk):
    with records():
        owner = citizen(cpr=CPR)
        phone(owner)
        follow_up(owner, next_step_at=NOW + timedelta(days=1))
    page = open_page(desk, owner.pk)
    assert "Opkald i morgen kl. 11.20" in page
    assert "fordi borgeren ikke har reageret på sms&#x27;en" in page
    assert "Næste kontakt er først planlagt til ons. 21.04. kl. 11.20." in page


def test_no_page_shows_a_whole_cpr_number(desk):
    with records():
        owner = citizen(cpr=CPR, household_key="vej 1")
        follow_up(owner)
        citizen("Poul", cpr="7102371111", household_key="vej 1")
    page = open_page(desk, owner.pk)
    assert "710139-••••" in page
    assert not re.search(r"\b\d{6}-?\d{4}\b", page)


def test_a_citizen_who_declined_shows_when_they_may_be_asked_again(desk):
    with records():
        owner = citizen()
        follow_up(
            owner, **CLOSED, closed_reason="declined", outcome="declined", outcome_at=NOW, reopen_on=date(2021, 10, 8)
        )
    page = open_page(desk, owner.pk)
    assert "Ingen kontakt" in page
    assert "kan spørges igen fra 08.10.2021" in page


def test_a_citizen_on_no_list_is_said_to_be(desk):
    with records():
        owner = citizen()
    assert "Borgeren står ikke på nogen liste." in open_page(desk, owner.pk)


def test_the_timeline_holds_lists_and_calls(desk):
    with records():
        owner = citizen()
        row = follow_up(owner)
        FollowUpChange.objects.create(
            municipality_id=183, follow_up=row, kind="seen_again", at=NOW - timedelta(days=1), by_name="", week=2
        )
        ContactAttempt.objects.create(
            municipality_id=183, citizen=owner, kind="call", at=NOW - timedelta(hours=3), by_name="Jonas Berg"
        )
    page = open_page(desk, owner.pk)
    assert "Stadig på listen, 2. uge" in page
    assert "Opkald · Jonas" in page
    assert "Inviteret af SSI" in page


def test_a_protected_address_is_never_shown(desk):
    with records():
        owner = citizen(protected=True, address="Hemmelig Vej 7")
        lapsed = citizen("Bo Lund", protected=True, protected_until=date(2021, 4, 19), address="Åben Vej 1")
    page = open_page(desk, owner.pk)
    assert "Adressen er beskyttet" in page
    assert "Beskyttet adresse" in page
    assert "Hemmelig" not in page
    assert owner.parish.name not in page
    assert "Åben Vej 1" in open_page(desk, lapsed.pk)


def test_a_look_is_logged(desk):
    with records():
        owner = citizen()
    open_page(desk, owner.pk)
    (event,) = logged(Action.LOOK)
    assert (event.subject_kind, event.subject_id, event.purpose) == ("citizen", str(owner.pk), "Opslag på borger")


def test_another_municipalitys_citizen_does_not_exist(desk):
    with records(HOEJE_TAASTRUP):
        foreign = citizen(code=HOEJE_TAASTRUP)
    assert desk.get(f"/borger/{foreign.pk}/").status_code == 404
    for address in ("cpr/", "telefon/", "svar/", "naeste-skridt/"):
        assert desk.post(f"/borger/{foreign.pk}/{address}").status_code == 404
    assert logged(Action.LOOK) == []


def test_a_manager_sees_no_citizen():
    clock_at()
    with records():
        owner = citizen()
    assert client_with_role(Role.MANAGER).get(f"/borger/{owner.pk}/").status_code == 403


def test_queries_do_not_grow_with_the_story(desk):
    with records():
        short, long = citizen("Kort"), citizen("Lang", household_key="vej 9")
        for owner, events in ((short, 1), (long, 9)):
            row = follow_up(owner)
            for number in range(events):
                phone(owner, f"+4520{owner.pk:03d}{number:03d}")
                relative(owner, name=f"Lone {number}")
                FollowUpChange.objects.create(
                    municipality_id=183, follow_up=row, kind="seen_again", at=NOW, by_name="", week=number
                )
                ContactAttempt.objects.create(municipality_id=183, citizen=owner, kind="call", at=NOW, by_name="")
        citizen("Nabo", household_key="vej 9")
        short.household_key = "vej 8"
        short.save()
        citizen("Nabo", household_key="vej 8")
    assert queries_of(lambda: open_page(desk, short.pk)) == queries_of(lambda: open_page(desk, long.pk))


# --- CPR ----------------------------------------------------------------------------------------------------------
def test_the_whole_cpr_is_shown_on_purpose_and_logged_first(desk):
    with records():
        owner = citizen(cpr=CPR)
    fragment = desk.post(f"/borger/{owner.pk}/cpr/", headers={"HX-Request": "true"})
    assert "710139-1234" in page_of(fragment)
    assert "<html" not in page_of(fragment)
    assert "no-store" in fragment["Cache-Control"]
    (event,) = logged(Action.REVEAL)
    assert event.subject_id == str(owner.pk)
    assert CPR not in f"{event.purpose}{event.detail}"


def test_the_whole_cpr_without_script_is_a_page(desk):
    with records():
        owner = citizen(cpr=CPR)
    page = page_of(desk.post(f"/borger/{owner.pk}/cpr/"))
    assert "710139-1234" in page
    assert "<html" in page


def test_the_whole_cpr_is_never_shown_by_get(desk):
    with records():
        owner = citizen(cpr=CPR)
    assert desk.get(f"/borger/{owner.pk}/cpr/").status_code == 405
    assert logged(Action.REVEAL) == []


# --- Phones -------------------------------------------------------------------------------------------------------
def test_a_number_is_added_with_its_source_and_the_citizen_planned_on(desk):
    with records():
        owner = citizen()
        row = follow_up(owner, next_step_kind="lookup", next_step_reason="no_phone")
    answer = {"number": "20 99 88 77", "kind": "mobile", "source": "citizen"}
    assert desk.post(f"/borger/{owner.pk}/telefon/", answer).status_code == 302
    with records():
        added = Phone.objects.get(citizen=owner)
        row.refresh_from_db()
        assert (added.number, added.source, added.found_by_name) == ("+4520998877", "citizen", "Mette Holm")
        assert row.next_step_kind != "lookup"
    assert "oplyst af borgeren 20.04." in open_page(desk, owner.pk)


def test_what_is_no_number_is_said_at_the_field(desk):
    with records():
        owner = citizen()
    response = desk.post(f"/borger/{owner.pk}/telefon/", {"number": "12 34", "kind": "mobile", "source": "citizen"})
    assert response.status_code == 422
    assert "Det er ikke et gyldigt telefonnummer" in page_of(response)


def test_a_wrong_number_is_kept_as_wrong_and_planned_on(desk):
    with records():
        owner = citizen()
        number = phone(owner)
        row = follow_up(owner)
    desk.post(f"/borger/{owner.pk}/telefon/{number.pk}/forkert/")
    with records():
        row.refresh_from_db()
        assert row.next_step_kind == "lookup"
    assert "forkert siden 20.04." in open_page(desk, owner.pk)


def test_a_number_that_wants_no_messages_says_so(desk):
    with records():
        owner = citizen()
        phone(owner, "+4520123456")
        second = phone(owner, "+4543123456", kind="landline")
        OptOut.objects.create(municipality_id=183, number_index=bytes(second.number_index), since=NOW, source="reply")
    assert "ingen sms" in open_page(desk, owner.pk)


# --- Answers without a call ---------------------------------------------------------------------------------------
def test_a_citizen_who_rings_in_is_answered_on_the_same_screen(desk):
    with records():
        task = waiting_citizen()
    page = page_of(desk.get(f"/borger/{task.citizen_id}/svar/"))
    assert 'name="outcome"' in page
    assert "Gem og næste" not in page
    response = desk.post(f"/borger/{task.citizen_id}/svar/", {"outcome": "books_self", "note": ""})
    assert response.url == f"/borger/{task.citizen_id}/"
    with records():
        assert ContactAttempt.objects.get(citizen=task.citizen_id).kind == "call_in"


def test_a_double_click_on_a_call_in_records_once(desk):
    with records():
        task = waiting_citizen()
    for _click in range(2):
        desk.post(f"/borger/{task.citizen_id}/svar/", {"outcome": "no_answer", "note": ""})
    with records():
        assert ContactAttempt.objects.filter(citizen=task.citizen_id).count() == 1


def test_a_call_in_needs_an_outcome_too(desk):
    with records():
        task = waiting_citizen()
    response = desk.post(f"/borger/{task.citizen_id}/svar/", {"note": "Hej"})
    assert response.status_code == 422
    assert "Hej</textarea>" in page_of(response)


def test_a_call_in_shows_the_next_step_first(desk):
    with records():
        task = waiting_citizen()
    address = f"/borger/{task.citizen_id}/naeste-skridt/"
    assert "selv vil bestille tid" in page_of(
        desk.post(address, {"outcome": "books_self"}, headers={"HX-Request": "true"})
    )


def test_a_call_in_without_an_open_follow_up_says_what_to_do(desk):
    with records():
        owner = citizen()
    page = page_of(desk.get(f"/borger/{owner.pk}/svar/", follow=True))
    assert "Borgeren har ingen åben opfølgning" in page


def test_the_call_can_be_taken_from_the_page_unless_a_colleague_has_it(desk):
    with records():
        owner = citizen()
        follow_up(owner)
        task = call_task(owner)
    assert f"/opkald/{task.pk}/tag/" in open_page(desk, owner.pk)
    with records():
        claimed(task, user_with_role(Role.TEAM_LEAD, username="other"))
    page = open_page(desk, owner.pk)
    assert f"/opkald/{task.pk}/tag/" not in page
    assert "En kollega taler med borgeren lige nu." in page


# --- Regret -------------------------------------------------------------------------------------------------------
def test_a_citizen_may_regret_a_no(desk):
    with records():
        owner = citizen()
        phone(owner)
        row = follow_up(owner, **CLOSED, closed_reason="declined", outcome="declined", outcome_at=NOW)
    address = f"/borger/{owner.pk}/genaabn/{row.pk}/"
    assert address in open_page(desk, owner.pk)
    desk.post(address)
    with records():
        row.refresh_from_db()
        assert row.status == "open"
        assert row.next_step_kind


def test_a_death_recorded_by_a_wrong_click_may_be_taken_back(desk):
    with records():
        owner = citizen()
        phone(owner)
        row = follow_up(owner, **CLOSED, closed_reason="status", outcome="deceased", outcome_at=NOW)
    address = f"/borger/{owner.pk}/genaabn/{row.pk}/"
    assert address in open_page(desk, owner.pk)
    desk.post(address)
    with records():
        row.refresh_from_db()
        assert (row.status, bool(row.next_step_kind)) == ("open", True)


def test_reopened_after_the_last_attempt_is_contacted_again(desk):
    with records():
        owner = citizen()
        phone(owner)
        done = {"sms_sent": 1, "call_attempts": 9, "letters_sent": 9, "last_contact_at": NOW - timedelta(days=9)}
        row = follow_up(owner, **CLOSED, closed_reason="attempts_documented", **done)
    desk.post(f"/borger/{owner.pk}/genaabn/{row.pk}/")
    with records():
        row.refresh_from_db()
        assert (row.status, row.next_step_kind in ("sms", "call")) == ("open", True)


@pytest.mark.parametrize("reason", ["status", "moved", "do_not_contact", "undone"])
def test_what_follows_from_facts_is_not_reopened(desk, reason):
    with records():
        owner = citizen()
        row = follow_up(owner, **CLOSED, closed_reason=reason)
    address = f"/borger/{owner.pk}/genaabn/{row.pk}/"
    assert address not in open_page(desk, owner.pk)
    assert "kan ikke genåbnes" in page_of(desk.post(address, follow=True))
    with records():
        assert FollowUp.objects.get(pk=row.pk).status == "closed"
