"""K6, A1: the worried go to the health adviser's own queue, and only the adviser reads what was said about health."""

from datetime import timedelta

import pytest
from django.test import Client

from campaigns.dialogue_outcomes import ANSWERS
from campaigns.models import CallTask, ContactAttempt, DialogueOutcome, DialogueState, HealthDialogue, HealthTalk
from campaigns.selectors.timeline import timeline
from campaigns.services.answers import ALL, Contact, Said, guardian_gate, record_call, undo_answer
from campaigns.services.dialogues.claims import take_dialogue, take_next_dialogue
from campaigns.services.dialogues.talks import record_talk
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.clock.services import set_demo_clock
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, RelativeKind
from tests.factories.campaigns import NOW, caller, step
from tests.factories.cast import client_with_role
from tests.factories.contact_pages import citizen, clock_at, follow_up, phone, records, relative
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


def adviser(username: str = "raadgiver", languages: list[str] | None = None):
    return caller(username, languages, Role.HEALTH_ADVISER)


def referred(name: str = "Aase Birthe Mikkelsen", **changes) -> FollowUp:
    """A citizen whom a caseworker has just passed on."""
    with records() as by:
        owner = citizen(name, **changes)
        phone(owner, f"+4520{owner.pk % 1_000_000:06d}")
        each = follow_up(owner)
        said = Said("health_dialogue", topic="allergy", worry="Tåler ikke æg", talk_at=NOW + timedelta(minutes=1))
        record_call(by=by, citizen=owner, said={ALL: said}, contact=Contact(), now=NOW)
    return each


def test_the_worry_is_in_the_queue_with_topic_and_wished_time() -> None:
    each = referred()
    with data_context(adviser()) as by:
        dialogue = HealthDialogue.objects.visible_to(by).get()
        assert (dialogue.citizen_id, dialogue.topic, dialogue.worry) == (each.citizen_id, "allergy", "Tåler ikke æg")
        assert (dialogue.due_at, dialogue.agreed_time) == (NOW + timedelta(minutes=1), True)
        assert step(each) == ("health_dialogue", "health_dialogue")


def test_nobody_else_reads_the_queue() -> None:
    referred()
    for role in (Role.CASEWORKER, Role.TEAM_LEAD, Role.LIST_ADMIN):
        with data_context(caller(f"user-{role}", role=role)) as by:
            assert not HealthDialogue.objects.visible_to(by).exists()
            assert not HealthTalk.objects.visible_to(by).exists()


# Tuesday 20 April 2021, 11.20; expected days counted by hand in working days.
@pytest.mark.parametrize(
    ("outcome", "kind", "reason", "at"),
    [
        ("books_self", "wait", "books_self", "2021-04-28T06:00"),
        ("wants_help", "call", "dialogue_wants_time", "2021-04-21T08:00"),
        ("thinking", "health_dialogue", "dialogue_agreed", "2021-04-20T12:20"),
        ("own_doctor", "call", "own_doctor", "2021-05-05T08:00"),
        ("to_caseworker", "call", "dialogue_held", "2021-04-21T08:00"),
        ("not_reached", "health_dialogue", "dialogue_not_reached", "2021-04-21T12:00"),
        ("declined", "", "", ""),
    ],
)
def test_every_outcome_has_its_next_step_and_can_be_undone(outcome: str, kind: str, reason: str, at: str) -> None:
    each = referred()
    with data_context(adviser()) as by:
        dialogue = HealthDialogue.objects.get()
        take_dialogue(by=by, dialogue=dialogue, now=NOW)
        before = HealthDialogue.objects.values().get()
        stood = FollowUp.objects.values("status", "outcome", "next_step_kind", "next_step_at").get(pk=each.pk)
        attempt = record_talk(
            by=by, dialogue=dialogue, outcome=outcome, talk_at=LATER, health_note="Allergi mod æg", now=NOW
        )
        assert step(each) == (kind, reason)
        if at:
            assert each.next_step_at.isoformat().startswith(at)
        else:
            assert each.closed_reason == "declined"
        dialogue.refresh_from_db()
        goes_on = kind == "health_dialogue"
        assert dialogue.state == (DialogueState.OPEN if goes_on else DialogueState.CLOSED)
        undo_answer(by=by, attempt=attempt, now=NOW + timedelta(seconds=9))
        assert HealthDialogue.objects.values().get() == before
        assert not HealthTalk.objects.exists()
        assert FollowUp.objects.values("status", "outcome", "next_step_kind", "next_step_at").get() == stood


def test_after_three_calls_in_vain_the_caseworkers_have_the_citizen_again() -> None:
    each = referred()
    with data_context(adviser()) as by:
        dialogue, now = HealthDialogue.objects.get(), NOW
        for _time in range(3):
            record_talk(by=by, dialogue=dialogue, outcome="not_reached", now=now)
            now += timedelta(days=1)
        assert step(each) == ("call", "dialogue_unreached")
        assert CallTask.objects.waiting().filter(citizen=each.citizen_id).count() == 1


def test_a_talk_takes_the_time_from_taking_it_to_saving_it() -> None:
    """K12: nobody is asked how long they talked; what an adviser tells all the same is what counts."""
    for name, told, expected in (("Aase Alt", None, 23), ("Bo Bjerg", 40, 40)):
        referred(name)
        with data_context(adviser(f"raadgiver-{expected}")) as by:
            dialogue = HealthDialogue.objects.get(citizen__name=name)
            take_dialogue(by=by, dialogue=dialogue, now=NOW)
            later = NOW + timedelta(minutes=23, seconds=20)
            attempt = record_talk(by=by, dialogue=dialogue, outcome="books_self", minutes=told, now=later)
            assert ContactAttempt.objects.get(pk=attempt.pk).minutes == expected


def test_a_new_talk_needs_its_time_and_an_unknown_outcome_is_refused() -> None:
    referred()
    with data_context(adviser()) as by:
        dialogue = HealthDialogue.objects.get()
        for outcome, code in (("thinking", "talk_time"), ("cheered_up", "unknown_outcome")):
            with pytest.raises(UserError) as refused:
                record_talk(by=by, dialogue=dialogue, outcome=outcome, now=NOW)
            assert refused.value.code == code


def test_one_adviser_at_a_time_until_the_claim_runs_out() -> None:
    referred()
    first, second = adviser("farah"), adviser("erik")
    with data_context(first) as by:
        dialogue = HealthDialogue.objects.get()
        take_dialogue(by=by, dialogue=dialogue, now=NOW)
        logged = AccessEvent.objects.filter(subject_kind="citizen", subject_id=str(dialogue.citizen_id))
        assert logged.filter(user_id=by.user_id, detail={"dialogue": dialogue.pk, "what": "claimed"}).count() == 1
    with data_context(second) as by:
        for attempt in (take_dialogue, lambda **call: record_talk(outcome="books_self", **call)):
            with pytest.raises(UserError) as refused:
                attempt(by=by, dialogue=dialogue, now=NOW)
            assert refused.value.code == "dialogue_taken"
        assert take_dialogue(by=by, dialogue=dialogue, now=NOW + timedelta(minutes=61)).claimed_by_id == by.user_id


def test_an_adviser_gets_first_those_whose_language_they_speak() -> None:
    urdu, danish = referred("Urdu Usman", language="ur"), referred("Danske Dorthe")
    with data_context(adviser("erik", [])) as by:
        HealthDialogue.objects.filter(citizen=urdu.citizen_id).update(due_at=NOW - timedelta(hours=1))
        found = take_next_dialogue(by=by, now=NOW + timedelta(minutes=2))
        assert found is not None
        assert found.citizen_id == danish.citizen_id
    with data_context(adviser("farah", ["ur"])) as by:
        found = take_next_dialogue(by=by, now=NOW + timedelta(minutes=2))
        assert found is not None
        assert found.citizen_id == urdu.citizen_id


def test_nothing_is_taken_before_its_time() -> None:
    referred()
    with data_context(adviser()) as by:
        assert take_next_dialogue(by=by, now=NOW) is None


def test_a_talk_that_nobody_asks_for_any_more_leaves_the_queue() -> None:
    """The citizen rang a caseworker and said no before the adviser got to it."""
    each = referred()
    with records() as by:
        record_call(
            by=by, citizen=each.citizen, said={ALL: Said("declined")}, contact=Contact(kind="call_in"), now=LATER
        )
        assert HealthDialogue.objects.get().state == DialogueState.WITHDRAWN
    with data_context(adviser()) as by, pytest.raises(UserError) as refused:
        take_dialogue(by=by, dialogue=HealthDialogue.objects.get(), now=LATER)
    assert refused.value.code == "dialogue_gone"


def test_the_adviser_sees_whom_they_talked_with_for_two_hours_and_no_colleague_does() -> None:
    each = referred()
    set_demo_clock(NOW)
    farah, erik = adviser("farah"), adviser("erik")
    with data_context(farah) as by:
        assert Citizen.objects.visible_to(by).filter(pk=each.citizen_id).exists()
        record_talk(by=by, dialogue=HealthDialogue.objects.get(), outcome="books_self", now=NOW)
        assert Citizen.objects.visible_to(by).filter(pk=each.citizen_id).exists()
    with data_context(erik) as by:
        assert not Citizen.objects.visible_to(by).exists()
    set_demo_clock(NOW + timedelta(hours=3))
    with data_context(farah) as by:
        assert not Citizen.objects.visible_to(by).exists()


def test_caseworkers_see_that_a_talk_was_held_and_not_what_was_said() -> None:
    each = referred()
    clock_at(NOW + timedelta(minutes=5))
    with data_context(adviser()) as by:
        dialogue = HealthDialogue.objects.get()
        record_talk(by=by, dialogue=dialogue, outcome="own_doctor", health_note="Tåler ikke penicillin", now=NOW)
    desk = client_with_role(Role.CASEWORKER)
    page = desk.get(f"/borger/{each.citizen_id}/").content.decode()
    assert "Taler med egen læge først" in page
    assert "penicillin" not in page
    with records():
        assert not [entry for entry in timeline(each.citizen) if "penicillin" in f"{entry.text} {entry.detail}"]


# --- Pages --------------------------------------------------------------------------------------------------------
@pytest.fixture
def desk() -> Client:
    clock_at(NOW + timedelta(minutes=2))
    return client_with_role(Role.HEALTH_ADVISER)


def test_the_queue_names_the_worry_and_takes_the_next(desk: Client) -> None:
    each = referred()
    page = desk.get("/samtaler/").content.decode()
    assert each.citizen.name in page
    assert "Tåler ikke æg" in page
    assert "Allergi" in page
    response = desk.post("/samtaler/naeste/")
    with records():
        dialogue = HealthDialogue.objects.get()
    assert response.url == f"/samtaler/{dialogue.pk}/"
    assert 'name="health_note"' in desk.get(response.url).content.decode()


def test_a_talk_is_previewed_saved_read_again_and_undone(desk: Client) -> None:
    each = referred()
    desk.post("/samtaler/naeste/")
    with records():
        dialogue = HealthDialogue.objects.get()
    answer = {"outcome": "thinking", "talk": "morning", "health_note": "Er i behandling", "spoke_with": "citizen"}
    shown = desk.post(
        f"/samtaler/{dialogue.pk}/naeste-skridt/", answer, headers={"HX-Request": "true"}
    ).content.decode()
    assert "Ny fagsamtale ons. 21.04. kl. 10" in shown
    with records():
        assert not HealthTalk.objects.exists()
    saved = desk.post(f"/samtaler/{dialogue.pk}/gem/", answer | {"then": "stay"}, follow=True).content.decode()
    assert "Fortryd" in saved
    with records():
        talk = HealthTalk.objects.get()
        assert talk.health_note == "Er i behandling"
        assert ContactAttempt.objects.get(kind="dialogue").note in (None, "")
        assert step(each) == ("health_dialogue", "dialogue_agreed")
    assert "Er i behandling" in desk.get(f"/samtaler/{dialogue.pk}/").content.decode()
    desk.post(f"/samtaler/fortryd/{talk.pk}/")
    with records():
        assert not HealthTalk.objects.exists()
        assert step(each) == ("health_dialogue", "health_dialogue")


def test_a_missing_outcome_and_a_missing_time_are_said_at_the_fields(desk: Client) -> None:
    referred()
    desk.post("/samtaler/naeste/")
    with records():
        dialogue = HealthDialogue.objects.get()
    for answer, words in (({}, "Vælg, hvad der kom ud af fagsamtalen."), ({"outcome": "thinking"}, "hvornår I taler")):
        refused = desk.post(f"/samtaler/{dialogue.pk}/gem/", {"health_note": "Skrevet", **answer})
        assert refused.status_code == 422
        assert words in refused.content.decode()
        assert "Skrevet" in refused.content.decode()


def test_another_municipalitys_talk_does_not_exist() -> None:
    referred()
    clock_at()
    with records():
        dialogue = HealthDialogue.objects.get()
    stranger = client_with_role(Role.HEALTH_ADVISER, code=HOEJE_TAASTRUP)
    assert stranger.get(f"/samtaler/{dialogue.pk}/").status_code == 404


# --- The guardian's gate ------------------------------------------------------------------------------------------
def test_nothing_is_completed_before_the_guardian_is_told() -> None:
    """K8: recorded as spoken with, as told, or by its own outcome; then the gate is open."""
    with records() as by:
        owner = citizen()
        phone(owner)
        relative(owner, RelativeKind.GUARDIAN, name="Værge Vibe")
        follow_up(owner)
        booked = {ALL: Said("booked_on_behalf", booked_at=LATER, booked_place="Arken")}
        assert "Værge Vibe" in (guardian_gate(owner) or "")
        with pytest.raises(UserError) as refused:
            record_call(by=by, citizen=owner, said=booked, contact=Contact(), now=NOW)
        assert refused.value.code == "guardian_not_informed"
        record_call(by=by, citizen=owner, said=booked, contact=Contact(guardian_told=True), now=NOW)
        assert guardian_gate(owner) is None
        attempt = ContactAttempt.objects.get()
        undo_answer(by=by, attempt=attempt, now=NOW + timedelta(seconds=5))
        assert guardian_gate(owner) is not None


def test_every_outcome_of_a_talk_has_an_answer() -> None:
    assert set(ANSWERS) == set(DialogueOutcome)
