"""The call screen: shown to whoever holds the call, saved once, undone within seconds, nothing lost (K4, K5, K8)."""

from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns.models import CallTask, ContactAttempt
from outreach.access.models import User
from outreach.access.roles import Role
from outreach.audit.models import Action
from registry.models import Citizen, FollowUp, Phone, RelativeKind
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


@pytest.fixture
def caller() -> User:
    clock_at()
    return user_with_role(Role.CASEWORKER, username="caller")


@pytest.fixture
def desk(caller: User) -> Client:
    client = Client()
    client.force_login(caller)
    return client


@pytest.fixture
def task(caller: User) -> CallTask:
    with records():
        return claimed(waiting_citizen(cpr=CPR), caller)


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


def attempts(task: CallTask) -> list[ContactAttempt]:
    with records():
        return list(ContactAttempt.objects.filter(citizen=task.citizen_id, undone_at=None))


def save(desk: Client, task: CallTask, **answer: object) -> HttpResponse:
    return desk.post(f"/opkald/{task.pk}/gem/", {"outcome": "no_answer", "then": "stay", "note": "", **answer})


# --- Næste borger -------------------------------------------------------------------------------------------------
def test_next_citizen_claims_and_opens_the_call(desk, caller):
    with records():
        waiting = waiting_citizen()
    response = desk.post("/opkald/naeste/")
    assert response.url == f"/opkald/{waiting.pk}/"
    with records():
        waiting.refresh_from_db()
        assert waiting.claimed_by_id == caller.pk


def test_next_citizen_says_when_the_next_call_is_due(desk):
    with records():
        call_task(citizen(), due_at=NOW + timedelta(hours=3))
    page = page_of(desk.post("/opkald/naeste/", follow=True))
    assert "Der er ingen at ringe til lige nu" in page
    assert "i dag kl. 14.20" in page


def test_next_citizen_says_so_when_nothing_is_planned(desk):
    assert "Der er ikke planlagt flere opkald" in page_of(desk.get("/opkald/naeste/"))


def test_get_claims_nothing(desk):
    with records():
        waiting = waiting_citizen()
    desk.get("/opkald/naeste/")
    with records():
        waiting.refresh_from_db()
        assert waiting.state == "open"


# --- The screen ---------------------------------------------------------------------------------------------------
def test_the_screen_shows_who_why_and_what_to_say(desk, task):
    page = page_of(desk.get(f"/opkald/{task.pk}/"))
    for text in ("Aase Birthe Mikkelsen", "82 år", "710139-••••", "Målgruppe 7", "Frist i morgen", "Hvorfor nu?"):
        assert text in page
    assert "fordi borgeren ikke har reageret på sms&#x27;en" in page
    assert "Taler jeg med Aase Birthe Mikkelsen?" in page
    assert CPR not in page


def test_a_look_is_logged_for_everybody_it_shows(desk, caller):
    with records():
        owner = citizen(household_key="vej 1")
        follow_up(owner)
        other = citizen("Poul Mikkelsen", household_key="vej 1")
        follow_up(other)
        held = claimed(call_task(owner), caller)
    page = page_of(desk.get(f"/opkald/{held.pk}/"))
    assert "Samme husstand" in page
    assert f'name="member_{other.pk}"' in page
    assert {event.subject_id for event in logged(Action.LOOK)} == {str(owner.pk), str(other.pk)}
    assert {event.purpose for event in logged(Action.LOOK)} == {"Opringning"}


def test_a_protected_address_is_never_shown(desk, caller):
    with records():
        owner = citizen(protected=True, address="Hemmelig Vej 7")
        follow_up(owner)
        held = claimed(call_task(owner), caller)
    page = page_of(desk.get(f"/opkald/{held.pk}/"))
    assert "Adressen er beskyttet" in page
    assert "Hemmelig" not in page
    assert f"{owner.parish.name} Sogn" not in page


def test_a_guardian_who_has_not_been_told_is_said_and_can_be_recorded(desk, caller):
    with records():
        owner = citizen()
        follow_up(owner)
        phone(owner)
        guardian = relative(owner, RelativeKind.GUARDIAN, name="Kirsten Dam")
        held = claimed(call_task(owner), caller)
    page = page_of(desk.get(f"/opkald/{held.pk}/"))
    assert "Borgeren har en værge, som skal orienteres: Kirsten Dam" in page
    reached = page.split("Ikke truffet")[0]
    assert 'value="guardian_informed"' in reached
    save(desk, held, outcome="guardian_informed")
    with records():
        guardian.refresh_from_db()
        assert guardian.informed_at is not None


def test_for_a_child_the_custody_holder_is_rung(desk, caller):
    with records():
        child = citizen("Noah Sørensen", birth_date=date(2008, 3, 1))
        phone(child, "+4527334455")
        relative(child, RelativeKind.CUSTODY_HOLDER, "+4528334455", name="Maria Sørensen")
        follow_up(child)
        held = claimed(call_task(child), caller)
    page = page_of(desk.get(f"/opkald/{held.pk}/"))
    assert "Under 18 år" in page
    main_number = page.split('class="phone-line"')[1].split("</div>")[0]
    assert "28 33 44 55" in main_number
    assert "Taler jeg med Maria Sørensen?" in page


def test_several_programmes_stand_side_by_side_and_can_be_answered_apart(desk, caller):
    with records():
        owner = citizen()
        phone(owner)
        covid, influenza = follow_up(owner), follow_up(owner, "influenza", next_step_reason="first_contact")
        held = claimed(call_task(owner), caller)
    page = page_of(desk.get(f"/opkald/{held.pk}/"))
    assert page.count("Svar for hvert program") == 1
    save(desk, held, outcome="declined", barrier="distrust", **{f"programme_{influenza.pk}": "none"})
    with records():
        covid.refresh_from_db()
        influenza.refresh_from_db()
        assert (covid.status, covid.outcome) == ("closed", "declined")
        assert (influenza.status, influenza.outcome) == ("open", "")
        # K9: who has just been called about one programme is not written to about the other on the same day.
        assert influenza.last_contact_at >= NOW


def test_each_programme_has_its_own_answer_in_one_call(desk, caller):
    with records():
        owner = citizen()
        phone(owner)
        covid, influenza = follow_up(owner), follow_up(owner, "influenza")
        held = claimed(call_task(owner), caller)
    other = {f"programme_{influenza.pk}": "declined", f"programme_{influenza.pk}_barrier": "not_relevant"}
    save(desk, held, outcome="books_self", **other)
    with records():
        covid.refresh_from_db()
        influenza.refresh_from_db()
        assert (covid.status, covid.outcome) == ("open", "books_self")
        assert (influenza.status, influenza.outcome, influenza.barrier) == ("closed", "declined", "not_relevant")
        assert ContactAttempt.objects.filter(citizen=owner).count() == 1


def test_what_is_true_of_the_person_holds_for_all_programmes_whatever_else_was_chosen(desk, caller):
    with records():
        owner = citizen()
        phone(owner)
        follow_up(owner)
        influenza = follow_up(owner, "influenza")
        held = claimed(call_task(owner), caller)
    save(desk, held, outcome="deceased", **{f"programme_{influenza.pk}": "none"})
    with records():
        assert not FollowUp.objects.open().filter(citizen=owner).exists()


def test_queries_do_not_grow_with_the_people_around(desk, caller):
    with records():
        owner = citizen(household_key="vej 2")
        follow_up(owner)
        for number in range(8):
            phone(owner, f"+4520123{number:03d}")
            relative(owner, name=f"Lone {number}")
            follow_up(citizen(f"Poul {number}", household_key="vej 2"))
        many = claimed(call_task(owner), caller)
        alone = citizen(household_key="vej 3")
        follow_up(alone)
        phone(alone, "+4521123456")
        relative(alone)
        follow_up(citizen("Poul", household_key="vej 3"))
        few = claimed(call_task(alone), caller)
    assert queries_of(lambda: desk.get(f"/opkald/{few.pk}/")) == queries_of(lambda: desk.get(f"/opkald/{many.pk}/"))


# --- Not mine -----------------------------------------------------------------------------------------------------
def test_a_colleagues_call_says_who_has_it(desk):
    with records():
        taken = claimed(waiting_citizen(), user_with_role(Role.TEAM_LEAD, username="other"))
    page = page_of(desk.get(f"/opkald/{taken.pk}/"))
    assert "Mette Holm er i gang med borgeren" in page
    assert 'name="outcome"' not in page


def test_an_expired_claim_can_be_taken_again(desk, caller):
    with records():
        expired = claimed(waiting_citizen(), caller, minutes=-1)
    assert "Opkaldet er ledigt" in page_of(desk.get(f"/opkald/{expired.pk}/"))
    assert desk.post(f"/opkald/{expired.pk}/tag/", follow=True).redirect_chain[-1][0] == f"/opkald/{expired.pk}/"
    assert 'name="outcome"' in page_of(desk.get(f"/opkald/{expired.pk}/"))


def test_another_municipalitys_call_does_not_exist(desk):
    with records(HOEJE_TAASTRUP):
        foreign = waiting_citizen(code=HOEJE_TAASTRUP)
    for address in ("", "gem/", "naeste-skridt/", "tag/", "slip/"):
        ask = desk.get if not address else desk.post
        assert ask(f"/opkald/{foreign.pk}/{address}").status_code == 404


def test_a_region_makes_no_calls():
    clock_at()
    assert client_with_role(Role.REGION_PLANNER).get("/opkald/naeste/").status_code == 403


# --- Saving -------------------------------------------------------------------------------------------------------
def test_saving_records_the_answer_and_offers_to_undo(desk, task):
    page = page_of(save(desk, task, outcome="declined", barrier="distrust", note="Ringer selv", follow=True))
    assert page == ""
    (attempt,) = attempts(task)
    with records():
        assert attempt.note == "Ringer selv"
        assert attempt.answers.get().barrier == "distrust"
    page = page_of(desk.get(f"/borger/{task.citizen_id}/"))
    assert "Gemt: »Ønsker ikke« for Aase Birthe Mikkelsen." in page
    assert f"/opkald/fortryd/{attempt.pk}/" in page


def test_save_and_next_opens_the_next_citizen(desk, task):
    with records():
        second = waiting_citizen("Bent Friis")
    assert save(desk, task, then="next").url == f"/opkald/{second.pk}/"


def test_saving_twice_records_once(desk, task):
    first, second = save(desk, task), save(desk, task)
    assert (first.status_code, second.status_code) == (302, 302)
    assert len(attempts(task)) == 1


def test_saving_when_the_claim_ran_out_loses_nothing(desk, caller):
    with records():
        expired = claimed(waiting_citizen(), caller, minutes=-1)
    assert save(desk, expired, note="Fik fat i hende").status_code == 302
    assert len(attempts(expired)) == 1


def test_saving_what_a_colleague_has_taken_keeps_the_note(desk, task):
    with records():
        claimed(task, user_with_role(Role.TEAM_LEAD, username="other"))
    response = save(desk, task, note="Vil gerne ringes op igen")
    assert response.status_code == 409
    assert "En kollega har taget borgeren imens" in page_of(response)
    assert "Vil gerne ringes op igen</textarea>" in page_of(response)
    assert attempts(task) == []


def test_saving_a_call_that_is_no_longer_needed_keeps_the_note(desk, task):
    with records():
        CallTask.objects.filter(pk=task.pk).update(
            state="cancelled", claimed_by=None, claimed_until=None, closed_at=NOW
        )
    response = save(desk, task, note="Har allerede en tid")
    assert response.status_code == 409
    assert "Har allerede en tid</textarea>" in page_of(response)


def test_no_outcome_is_said_at_the_buttons(desk, task):
    response = save(desk, task, outcome="", note="Hej")
    assert response.status_code == 422
    assert "Vælg, hvad der kom ud af opkaldet." in page_of(response)
    assert "Hej</textarea>" in page_of(response)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"call_back_on": "", "call_back_time": "10"}, "Skriv, hvilken dag du skal ringe igen."),
        ({"call_back_on": "21.04.2021", "call_back_time": ""}, "Skriv, hvornår på dagen du skal ringe igen."),
        ({"call_back_on": "20.04.2021", "call_back_time": "9"}, "Tidspunktet er passeret"),
        ({"call_back_on": "27.03.2022", "call_back_time": "2.30"}, "findes ikke"),
        ({"call_back_on": "31.10.2021", "call_back_time": "2.30"}, "kommer to gange"),
    ],
)
def test_a_call_back_needs_a_time_that_exists(desk, task, answer, message):
    response = save(desk, task, outcome="call_back", **answer)
    assert response.status_code == 422
    assert message in page_of(response)


def test_a_call_back_is_agreed_in_danish_time(desk, task):
    save(desk, task, outcome="call_back", call_back_on="21.04.2021", call_back_time="17.30")
    with records():
        step = FollowUp.objects.get(citizen=task.citizen_id)
        assert step.next_step_at.isoformat() == "2021-04-21T15:30:00+00:00"
        assert CallTask.objects.waiting().get(citizen=task.citizen_id).agreed_time


def test_one_answer_may_serve_the_household(desk, caller):
    with records():
        owner = citizen(household_key="vej 1")
        other = citizen("Poul Mikkelsen", household_key="vej 1")
        stranger = citizen("Fremmed")
        for each in (owner, other, stranger):
            follow_up(each)
            phone(each, f"+4520{each.pk:06d}")
        held = claimed(call_task(owner), caller)
    save(desk, held, outcome="declined", **{f"member_{other.pk}": "same", f"member_{stranger.pk}": "same"})
    with records():
        declined = FollowUp.objects.filter(outcome="declined").values_list("citizen_id", flat=True)
        assert set(declined) == {owner.pk, other.pk}


def test_a_barrier_belongs_only_to_those_who_declined_or_doubt(desk, task):
    save(desk, task, outcome="books_self", barrier="distrust")
    (attempt,) = attempts(task)
    with records():
        assert attempt.answers.get().barrier == ""


# --- Preview ------------------------------------------------------------------------------------------------------
def test_the_next_step_is_shown_before_saving(desk, task):
    response = desk.post(
        f"/opkald/{task.pk}/naeste-skridt/", {"outcome": "needs_booking_help"}, headers={"HX-Request": "true"}
    )
    assert "Regionen er bedt om en tid" in page_of(response)
    assert "<html" not in page_of(response)
    assert attempts(task) == []


def test_the_preview_works_without_script_and_keeps_the_note(desk, task):
    response = desk.post(f"/opkald/{task.pk}/naeste-skridt/", {"outcome": "declined", "note": "Vil ikke"})
    assert "Borgeren kan spørges igen fra" in page_of(response)
    assert "Vil ikke</textarea>" in page_of(response)


@pytest.mark.parametrize("outcome", ["declined", "no_answer", "wants_popup", "wrong_number", "moved", "books_self"])
def test_what_was_shown_is_what_happens(desk, task, outcome):
    shown = page_of(
        desk.post(f"/opkald/{task.pk}/naeste-skridt/", {"outcome": outcome}, headers={"HX-Request": "true"})
    )
    save(desk, task, outcome=outcome)
    (attempt,) = attempts(task)
    with records():
        kept = attempt.answers.get()
        if kept.next_step_at is None:
            assert "Opfølgningen afsluttes" in shown
        else:
            assert f"{kept.next_step_at.astimezone():%d.%m.}" in shown


# --- Undo ---------------------------------------------------------------------------------------------------------
def test_undo_puts_everything_back(desk, task):
    save(desk, task, outcome="declined")
    (attempt,) = attempts(task)
    response = desk.post(f"/opkald/fortryd/{attempt.pk}/")
    assert response.url == f"/opkald/{task.pk}/"
    assert attempts(task) == []
    with records():
        restored = FollowUp.objects.get(citizen=task.citizen_id)
        assert (restored.status, restored.outcome) == ("open", "")
    assert "Svaret er fortrudt" in page_of(desk.get(response.url))


def test_undo_too_late_says_what_to_do(desk, task):
    save(desk, task)
    (attempt,) = attempts(task)
    clock_at(NOW + timedelta(minutes=1))
    page = page_of(desk.post(f"/opkald/fortryd/{attempt.pk}/", follow=True))
    assert "Det er for sent at fortryde" in page
    assert len(attempts(task)) == 1


def test_the_offer_is_gone_after_ten_seconds(desk, task):
    save(desk, task)
    clock_at(NOW + timedelta(seconds=11))
    assert "undo-bar" not in page_of(desk.get(f"/borger/{task.citizen_id}/"))


# --- Phones and giving back ---------------------------------------------------------------------------------------
def test_a_wrong_number_during_the_call_shows_the_next_one_and_stays(desk, task):
    with records():
        owner = Citizen.objects.get(pk=task.citizen_id)
        wrong = Phone.objects.get(citizen=owner)
        phone(owner, "+4543123456", kind="landline")
    fragment = page_of(desk.post(f"/borger/{owner.pk}/telefon/{wrong.pk}/forkert/", headers={"HX-Request": "true"}))
    assert "43 12 34 56" in fragment.split('class="phone-line"')[1].split("</div>")[0]
    assert "forkert siden 20.04." in fragment
    assert desk.post(f"/borger/{owner.pk}/telefon/{wrong.pk}/forkert/").url == f"/opkald/{task.pk}/"


def test_a_call_can_be_given_back(desk, task):
    assert desk.post(f"/opkald/{task.pk}/slip/").url == "/opkald/naeste/"
    with records():
        task.refresh_from_db()
        assert task.state == "open"
