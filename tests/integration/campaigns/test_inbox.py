"""The inbox worked by people: who has what, what is answered, recorded, called, stopped (S7, K9)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from campaigns.models import CallTask, ContactAttempt, Conversation, InboundMessage, OptOut, SmsMessage
from campaigns.services.inbox import answer_by_sms, finish, open_conversation, receive_reply
from campaigns.services.messages import dispatch_due
from campaigns.services.planning import plan
from outreach.access.data_context import data_context
from outreach.access.models import Organisation, OrganisationKind, User
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent, Action
from outreach.celery import OutreachTask
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, Phone, RelativeKind
from tests.factories.callbacks import MOBILE, sent_message, sid
from tests.factories.campaigns import CountingGateway
from tests.factories.cast import actor_with_role, client_with_role, user_with_role
from tests.factories.contact_pages import (
    NOW,
    citizen,
    clock_at,
    follow_up,
    logged,
    phone,
    queries_of,
    records,
    relative,
)
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ

pytestmark = pytest.mark.django_db
LIST = "/indbakke/"


@pytest.fixture
def desk() -> Client:
    clock_at()
    return client_with_role(Role.CASEWORKER, username="mette")


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the tasks that were put into a queue."""
    tasks: list[str] = []
    monkeypatch.setattr(OutreachTask, "delay_on_commit", lambda self, *_args: tasks.append(self.name))
    return tasks


def replied(body: str = "Hvad er det her?", *, name: str = "Aase Ager", number: str = MOBILE, serial: int = 1,
            code: int = ISHOEJ, known: bool = True, **step: Any) -> Conversation:  # fmt: skip
    """A conversation that somebody with a case has opened by writing."""
    with records(code) as by:
        if known:
            owner = Citizen.objects.filter(name=name).first() or _owner(name, number, code, step)
            sent_message(owner, handed_over_at=NOW - timedelta(days=1))
        reply = receive_reply(
            by=by, municipality_id=code, number=number, body=body, gateway_id=sid(serial), media=0,
            at=NOW - timedelta(minutes=10), now=NOW - timedelta(minutes=10),
        )  # fmt: skip
        assert reply is not None
        return reply.conversation


def _owner(name: str, number: str, code: int, step: dict[str, Any]) -> Citizen:
    owner = citizen(name, code=code)
    phone(owner, number)
    follow_up(owner, **{"sms_sent": 1, "first_contact_at": NOW, "last_contact_at": NOW} | step)
    return owner


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


def url(conversation: Conversation, act: str = "") -> str:
    return f"{LIST}{conversation.pk}/{act}"


def soon(moment: Any, expected: Any) -> bool:
    """The pages' clock runs on while a test does."""
    return bool(expected <= moment < expected + timedelta(minutes=1))


def now_is(conversation: Conversation) -> Conversation:
    with records():
        return Conversation.objects.get(pk=conversation.pk)


def test_the_inbox_shows_the_unread_first_and_what_each_says(desk):
    first = replied("JA", name="Aase Ager")
    replied("Hvem er I?", name="Bo Bak", number="+4520123457", serial=2)
    desk.get(url(first))
    page = page_of(desk.get(LIST))
    assert page.index("Bo Bak") < page.index("Aase Ager")
    assert "Siger ja" in page
    assert "Hvem er I?" in page
    assert {event.subject_id for event in logged(Action.LOOK, subject_kind="citizen", purpose="Svar på sms")} >= {
        str(first.citizen_id)
    }


def test_the_menu_and_the_overview_count_what_nobody_has_read(desk):
    found = replied()
    overview = page_of(desk.get("/"))
    assert "ulæst svar" in overview
    desk.get(url(found))
    assert "ulæst svar" not in page_of(desk.get("/"))


def test_an_inbox_without_replies_says_what_would_fill_it(desk):
    assert "Når en borger svarer på en sms" in page_of(desk.get(LIST))


@pytest.mark.case("SW13")
def test_what_was_written_is_text_and_never_markup(desk):
    found = replied("<script>alert(1)</script>")
    for address in (LIST, url(found)):
        page = page_of(desk.get(address))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_the_thread_holds_our_message_and_theirs_in_order(desk):
    found = replied("Jeg vil gerne vide mere")
    page = page_of(desk.get(url(found)))
    assert page.index("Ring til Ishøj Kommune") < page.index("Jeg vil gerne vide mere")
    assert "Afleveret til operatøren" in page


@pytest.mark.case("SW11")
def test_a_conversation_of_another_municipality_does_not_exist(desk):
    found = replied("Hej", name="Ditte Nabo", code=HOEJE_TAASTRUP)
    assert desk.get(url(found)).status_code == 404
    assert desk.post(url(found, "afslut/")).status_code == 404
    assert "Ditte" not in page_of(desk.get(LIST))


def test_reading_makes_it_the_readers_and_the_second_sees_who_has_it(desk):
    found = replied()
    desk.get(url(found))
    after = now_is(found)
    assert (after.unread, after.held_by.username) == (False, "mette")  # type: ignore[union-attr]
    assert soon(after.held_until, NOW + timedelta(minutes=10))
    other = client_with_role(Role.CASEWORKER, username="jonas")
    page = page_of(other.get(url(found)))
    assert "Mette Holm er i gang til" in page
    assert "Gem som svar" not in page
    refused = other.post(url(found, "afslut/"))
    assert refused.status_code == 422
    assert "Der er ikke gjort noget" in page_of(refused)
    assert now_is(found).state == "open"
    other.post(url(found, "tag/"))
    assert now_is(found).held_by.username == "jonas"  # type: ignore[union-attr]
    assert other.post(url(found, "afslut/")).status_code == 302
    assert now_is(found).state == "done"


def test_an_answer_goes_to_the_number_and_silences_the_machine(desk, woken):
    found = replied("Hvornår har I åbent?", next_step_kind="sms", next_step_reason="first_contact")
    with records() as by:
        plan(by=by, now=NOW)
    answered = desk.post(url(found, "svar/"), {"text": "Hej Aase. Ring på 43 57 75 75, vi har åbent 8-15."})
    assert answered.status_code == 302
    assert woken == ["campaigns.send-due-messages"]
    with records():
        message = SmsMessage.objects.get(purpose="reply")
        assert (message.body, message.step_key) == (
            "Hej Aase. Ring på 43 57 75 75, vi har åbent 8-15.",
            f"reply:{found.pk}:1",
        )
        assert bytes(message.number_index) == bytes(found.number_index)
        assert not SmsMessage.objects.filter(status="queued").exclude(pk=message.pk).exists()
    gateway = CountingGateway()
    Organisation.objects.get_or_create(kind=OrganisationKind.MUNICIPALITY, code=ISHOEJ)
    # A message of yesterday does not hold an answer back.
    assert dispatch_due(now=NOW + timedelta(minutes=1), gateway=gateway) == {"accepted": 1}
    assert len(logged(Action.CHANGE, subject_kind="citizen", purpose="Besvaret med sms")) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Skriv et svar."),
        ("Er du 010161-1234?", "CPR-nummer"),
        ("Din vaccination er på torsdag", "»vaccination«"),
        ("x" * 700, "fylder mere end 4"),
        ("Hej {fornavn}", "tuborgklammer"),
    ],
)
def test_what_must_not_be_sent_is_not_sent(desk, text, said):
    found = replied()
    refused = desk.post(url(found, "svar/"), {"text": text})
    assert refused.status_code == 422
    assert said in page_of(refused)
    with records():
        assert not SmsMessage.objects.filter(purpose="reply").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # Counted by hand: 160 GSM-7 characters in one, 153 in each of several; 70 and 67 outside the alphabet.
        ("Hej", ["1 sms · 3 af 160 tegn"]),
        ("Tak 2 €", ["1 sms · 8 af 160 tegn"]),
        ("a" * 161, ["2 sms&#x27;er · 161 af 306 tegn"]),
        ("Hej Łukasz", ["1 sms · 10 af 70 tegn", "(Ł): 70 tegn i en sms i stedet for 160"]),
        ("a" * 613, ["5 sms&#x27;er · 613 af 765 tegn", "mere end 4 sms"]),
    ],
)
def test_the_length_of_an_answer_is_counted_while_it_is_written(desk, text, said):
    found = replied()
    typed = page_of(desk.post(url(found, "laengde/"), {"text": text}, headers={"HX-Request": "true"}))
    without_scripts = page_of(desk.post(url(found, "laengde/"), {"text": text}))
    for words in said:
        assert words in typed
        assert words in without_scripts
    assert "<html" not in typed
    assert f">\n{text}</textarea>" in without_scripts  # what was written still stands there
    with records():
        assert not SmsMessage.objects.filter(purpose="reply").exists()


def test_words_about_health_are_sent_when_somebody_has_confirmed_them(desk):
    found = replied()
    desk.post(url(found, "svar/"), {"text": "Spørg lægen", "health_confirmed": "on", "then": "finish"})
    with records():
        assert SmsMessage.objects.get(purpose="reply").body == "Spørg lægen"
    assert now_is(found).state == "done"


def test_nobody_writes_to_a_number_we_do_not_know_or_that_wants_none(desk):
    stranger = replied("Hvem?", number="+4588776655", known=False)
    assert "Vi skriver ikke til numre, vi ikke kender" in page_of(desk.get(url(stranger)))
    assert desk.post(url(stranger, "svar/"), {"text": "Hej"}).status_code == 422
    stopped = replied("STOP", serial=2)
    assert "frameldt sms" in page_of(desk.get(url(stopped)))
    refused = desk.post(url(stopped, "svar/"), {"text": "Hej"})
    assert refused.status_code == 422
    assert "frameldt" in page_of(refused)


def test_a_yes_is_recorded_as_an_answer_and_the_conversation_is_over(desk):
    found = replied("JA")
    page = page_of(desk.get(url(found)))
    assert '<option value="books_self" selected>' in page
    desk.post(url(found, "udfald/"), {"outcome": "books_self"})
    with records():
        attempt = ContactAttempt.objects.exclude(kind="sms").get()
        assert (attempt.kind, attempt.answers.get().outcome) == ("reply", "books_self")
        each = FollowUp.objects.get()
        assert (each.next_step_kind, each.next_step_reason, each.call_attempts) == ("wait", "books_self", 0)
        assert not CallTask.objects.waiting().exists()
    assert now_is(found).state == "done"


@pytest.mark.parametrize(
    ("kind", "said"), [("relative", "relative"), ("guardian", "guardian"), ("custody_holder", "custody")]
)
def test_what_a_relative_writes_is_the_relatives_answer(desk, kind, said):
    """K8: who was in contact is recorded, in writing as on the telephone."""
    with records():
        gerda = citizen("Gerda Gammel")
        follow_up(gerda)
        relative(gerda, RelativeKind(kind), number="+4530112233", name="Lone Gammel")
    found = replied("Mor er allerede vaccineret", number="+4530112233", known=False)
    desk.post(url(found, "tilknyt/"), {"citizen": str(gerda.pk)})
    desk.post(url(found, "udfald/"), {"outcome": "already_vaccinated"})
    with records():
        written = ContactAttempt.objects.get(kind="reply")
        assert (written.spoke_with, written.spoke_with_name) == (said, "Lone Gammel")


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"birth_date": date(2004, 6, 1)}, "under 18 år"),
        ({"status": "emigrated"}, "må ikke kontaktes"),
        ({"do_not_contact_since": NOW}, "må ikke kontaktes"),
    ],
)
def test_whom_no_sms_may_go_to_is_said_while_somebody_answers(desk, about, said):
    """The dispatcher would cancel it, and the caseworker would think it had gone (K8, C3)."""
    found = replied()
    with records():
        Citizen.objects.filter(name="Aase Ager").update(**about)
    answer = desk.post(url(found, "svar/"), {"text": "Vi ringer til dig."})
    assert answer.status_code == 422
    assert said in page_of(answer)
    with records():
        assert not SmsMessage.objects.filter(purpose="reply").exists()


def test_a_no_closes_with_its_reason(desk):
    found = replied("Nej tak")
    desk.post(url(found, "udfald/"), {"outcome": "declined", "barrier": "distrust"})
    with records():
        each = FollowUp.objects.get()
        assert (each.status, each.closed_reason, each.barrier) == ("closed", "declined", "distrust")


def test_a_wrong_number_is_marked_when_a_person_says_so(desk):
    found = replied("Forkert nummer")
    with records():
        assert Phone.objects.get().wrong_since is None
    desk.post(url(found, "udfald/"), {"outcome": "wrong_number"})
    with records():
        assert soon(Phone.objects.get().wrong_since, NOW)
        assert FollowUp.objects.get().next_step_kind == "lookup"


def test_a_call_is_put_into_the_queue(desk):
    found = replied("I må godt ringe, men helst om aftenen")
    assert "Vil måske ringes op" in page_of(desk.get(url(found)))
    desk.post(url(found, "ring/"))
    with records():
        task = CallTask.objects.waiting().get()
        assert soon(task.due_at, NOW)
        assert task.priority == 0
        assert InboundMessage.objects.get().act == "call_planned"
    assert now_is(found).state == "done"


def test_nobody_is_called_about_a_case_that_is_over(desk):
    found = replied("Kan I ringe engang?")
    with records():
        FollowUp.objects.update(
            status="closed", closed_reason="declined", closed_at=NOW, next_step_kind="", next_step_at=None,
            next_step_reason="",
        )  # fmt: skip
    refused = desk.post(url(found, "ring/"))
    assert (refused.status_code, "ingen åben opfølgning" in page_of(refused)) == (422, True)


def test_a_stop_can_be_undone_and_a_maybe_be_made_one(desk):
    found = replied("STOP")
    page = page_of(desk.get(url(found)))
    assert "Bekræft og afslut" in page
    desk.post(url(found, "tilmeld/"))
    with records():
        assert not OptOut.objects.exists()
        assert (InboundMessage.objects.get().act, InboundMessage.objects.get().act_by_name) == (
            "opt_out_undone",
            "Mette Holm",
        )
    desk.post(url(found, "frameld/"))
    with records():
        assert OptOut.objects.exists()
    assert now_is(found).state == "done"
    refused = desk.post(url(replied("Hej igen", serial=2), "tilmeld/"))
    assert refused.status_code == 302


def test_an_unknown_number_is_attached_to_whom_it_belongs(desk):
    found = replied("Det er Gerda, jeg har fået nyt nummer", number="+4588776655", known=False)
    with records():
        owner = citizen("Gerda Gammel")
        follow_up(owner, next_step_kind="lookup", next_step_reason="no_phone")
    page = page_of(desk.post(url(found, "tilknyt/"), {"query": "gerda"}))
    assert "Gerda Gammel" in page
    assert len(logged(Action.SEARCH, subject_id="")) == 1
    desk.post(url(found, "tilknyt/"), {"citizen": str(owner.pk), "own_number": "1"})
    with records():
        assert Conversation.objects.get().citizen_id == owner.pk
        given = Phone.objects.get(citizen=owner)
        assert (given.number, given.source, given.kind) == ("+4588776655", "citizen", "mobile")
    assert "Dit svar" in page_of(desk.get(url(found)))
    desk.post(url(found, "loesn/"))
    assert now_is(found).citizen_id is None


def test_whom_a_reply_is_attached_to_hears_nothing_from_the_machine_until_it_is_read(desk):
    found = replied("Det er Gerda, jeg har fået nyt nummer", number="+4588776655", known=False)
    with records() as by:
        gerda, other = (_owner(name, number, ISHOEJ, {"sms_sent": 0, "first_contact_at": None, "last_contact_at": None})
                        for name, number in (("Gerda Gammel", MOBILE), ("Hans Holm", "+4520123499")))  # fmt: skip
        FollowUp.objects.update(next_step_kind="sms", next_step_at=NOW, next_step_reason="first_contact")
        plan(by=by, now=NOW)
        assert [each.status for each in SmsMessage.objects.filter(citizen=gerda)] == ["queued"]
    desk.post(url(found, "tilknyt/"), {"citizen": str(gerda.pk)})
    with records() as by:
        waiting = FollowUp.objects.get(citizen=gerda)
        assert (waiting.next_step_kind, waiting.next_step_reason) == ("wait", "reply_waiting")
        cancelled = SmsMessage.objects.get(citizen=gerda)
        assert (cancelled.status, cancelled.status_reason) == ("cancelled", "replied")
        assert SmsMessage.objects.get(citizen=other).status == "queued"
    # It was Hans after all: Gerda's plan goes on, with a message of its own; his is silenced instead.
    desk.post(url(found, "tilknyt/"), {"citizen": str(other.pk)})
    with records():
        assert [each.next_step_kind for each in FollowUp.objects.filter(citizen=gerda)] == ["sms"]
        assert sorted(each.status for each in SmsMessage.objects.filter(citizen=gerda)) == ["cancelled", "queued"]
        assert [each.status for each in SmsMessage.objects.filter(citizen=other)] == ["cancelled"]
    desk.post(url(found, "loesn/"))
    with records():
        assert {each.next_step_kind for each in FollowUp.objects.all()} == {"sms"}


def test_a_number_is_not_attached_to_somebody_elsewhere(desk):
    found = replied("Hej", number="+4588776655", known=False)
    with records(HOEJE_TAASTRUP):
        stranger = citizen("Ditte Nabo", code=HOEJE_TAASTRUP)
    assert desk.post(url(found, "tilknyt/"), {"citizen": str(stranger.pk)}).status_code == 404
    assert desk.post(url(found, "tilknyt/"), {"citizen": "x"}).status_code == 404


def test_a_shared_number_names_those_who_have_it(desk):
    for name in ("Aase Ager", "Bo Ager"):
        with records():
            _owner(name, MOBILE, ISHOEJ, {})
    found = replied("Hej", known=False)
    page = page_of(desk.get(url(found)))
    assert "2 borgere har" in page
    assert "Aase Ager" in page
    with records():
        second = Citizen.objects.get(name="Bo Ager")
    desk.post(url(found, "tilknyt/"), {"citizen": str(second.pk)})
    assert now_is(found).citizen_id == second.pk


def test_those_who_share_the_number_hear_from_us_again_once_it_is_known_who_wrote(desk):
    with records():
        for name in ("Aase Ager", "Bo Ager", "Carl Ager"):
            _owner(name, MOBILE, ISHOEJ, {"next_step_kind": "sms", "next_step_at": NOW,
                                          "next_step_reason": "first_contact"})  # fmt: skip
    found = replied("Hvem er I?", known=False)
    with records():
        assert set(FollowUp.objects.values_list("next_step_reason", flat=True)) == {"reply_waiting"}
        bo = Citizen.objects.get(name="Bo Ager")
    desk.post(url(found, "tilknyt/"), {"citizen": str(bo.pk)})
    with records():
        silent = FollowUp.objects.filter(next_step_reason="reply_waiting")
        assert list(silent.values_list("citizen__name", flat=True)) == ["Bo Ager"]


def test_a_conversation_is_given_to_a_colleague(desk):
    found = replied()
    jonas = user_with_role(Role.TEAM_LEAD, username="jonas")
    stranger = user_with_role(Role.CASEWORKER, HOEJE_TAASTRUP, username="fremmed")
    assert desk.post(url(found, "giv-videre/"), {"to_user": str(stranger.pk)}).status_code == 422
    desk.get(url(found))
    desk.post(url(found, "giv-videre/"), {"to_user": str(jonas.pk)})
    after = now_is(found)
    assert (after.assigned_to_id, after.held_by_id, after.unread) == (jonas.pk, None, True)
    own = Client()
    own.force_login(User.objects.get(username="jonas"))
    assert "Aase Ager" in page_of(own.get(f"{LIST}?vis=mine"))


def test_after_one_comes_the_next_unread(desk):
    first = replied("JA")
    second = replied("NEJ", name="Bo Bak", number="+4520123457", serial=2)
    done = desk.post(url(first, "udfald/"), {"outcome": "books_self"})
    assert done.headers["Location"] == url(second)
    assert desk.post(url(second, "afslut/")).headers["Location"] == LIST


def test_a_finished_conversation_takes_nothing_more_and_the_next_reply_opens_a_new_one(desk):
    found = replied("Tak")
    desk.post(url(found, "afslut/"))
    refused = desk.post(url(found, "udfald/"), {"outcome": "declined"})
    assert "allerede afsluttet" in page_of(refused)
    later = replied("Alligevel ikke", serial=2)
    assert later.pk != found.pk
    page = page_of(desk.get(url(later)))
    assert page.index("Tak") < page.index("Alligevel ikke")


def test_only_those_who_answer_replies_see_them():
    found = replied()
    for role in (Role.LIST_ADMIN, Role.MANAGER, Role.AUDITOR):
        client = client_with_role(role)
        assert client.get(LIST).status_code == 403
        assert client.get(url(found)).status_code == 403


def test_the_inbox_costs_the_same_however_many_wait(desk):
    replied("JA")
    few = queries_of(lambda: desk.get(LIST))
    for number in range(2, 12):
        replied("NEJ", name=f"Bo {number}", number=f"+45201234{number + 60:02d}", serial=number)
    assert queries_of(lambda: desk.get(LIST)) == few


def test_the_log_names_the_conversation_and_the_citizen_but_no_text(desk):
    found = replied("Min hemmelighed")
    desk.get(url(found))
    with records():
        events = AccessEvent.objects.filter(subject_kind="conversation", subject_id=str(found.pk))
        assert {event.action for event in events} == {"add", "look"}
        assert "hemmelighed" not in str(list(AccessEvent.objects.values()))


def test_two_answers_at_once_are_two_messages_with_keys_of_their_own():
    found = replied()
    by = actor_with_role(Role.CASEWORKER, username="mette")
    with data_context(by):
        for text in ("Hej", "Og hej igen"):
            answer_by_sms(by=by, conversation=found, text=text, health_confirmed=False, now=NOW)
        keys = set(SmsMessage.objects.filter(purpose="reply").values_list("step_key", flat=True))
    assert keys == {f"reply:{found.pk}:1", f"reply:{found.pk}:2"}


def test_a_hold_runs_out():
    found = replied()
    mette, jonas = (actor_with_role(Role.CASEWORKER, username=name) for name in ("mette", "jonas"))
    with data_context(mette):
        open_conversation(by=mette, conversation=found, now=NOW)
    with data_context(jonas):
        with pytest.raises(UserError, match="er i gang"):
            finish(by=jonas, conversation=found, now=NOW + timedelta(minutes=9))
        finish(by=jonas, conversation=found, now=NOW + timedelta(minutes=10))


def test_a_second_click_sends_no_second_answer() -> None:
    conversation = replied()
    by = actor_with_role(Role.CASEWORKER, username="mette")
    with data_context(by):
        answer_by_sms(by=by, conversation=conversation, text="Vi ringer.", health_confirmed=False, now=NOW)
        with pytest.raises(UserError) as problem:
            answer_by_sms(
                by=by, conversation=conversation, text="Vi ringer. ", health_confirmed=False,
                now=NOW + timedelta(seconds=1),
            )  # fmt: skip
        assert problem.value.code == "sent_already"
        answer_by_sms(by=by, conversation=conversation, text="Kl. 14.", health_confirmed=False, now=NOW)
        assert SmsMessage.objects.filter(purpose="reply").count() == 2
