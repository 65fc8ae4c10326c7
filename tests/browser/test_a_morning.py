"""A morning by keyboard alone: calls with every outcome, one who rings back, a wave and its replies (K4–K10, S3, S7).

A real worker plans, queues and reads replies; Twilio's double takes the messages and signs what it calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import (
    BookingRequest,
    CallTask,
    ChainLink,
    ContactAnswer,
    Conversation,
    HealthDialogue,
    OptOut,
    SmsMessage,
)
from outreach.access.roles import Role
from outreach.clock.services import now as clock_now
from registry.models import FollowUp, Outcome
from tests.browser.conftest import Visitor
from tests.browser.keyboard import Hands
from tests.browser.morning_wave import a_wave_is_made_and_approved, it_goes_out, replies_arrive
from tests.factories.cast import user_with_role
from tests.factories.contact_pages import clock_at, records
from tests.factories.morning import (
    ANSWERS,
    CALLS,
    REACHED,
    RINGS_BACK,
    RINGS_FROM,
    Answer,
    Text,
    a_mornings_people,
)
from tests.fakes.twilio_double import Double, double_offset, running_double, twilio_settings
from tests.process_worker import process_worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
STAFF = {"mette": (Role.CASEWORKER, "Mette"), "lene": (Role.TEAM_LEAD, "Lene"), "bo": (Role.TEAM_LEAD, "Bo")}
SLIP = "Gerda Nej"


@pytest.fixture
def twilio(
    transactional_db: None,
    live_server: LiveServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: pytest.FixtureRequest,
) -> Iterator[Double]:
    """The morning's people, Twilio's double, and a worker that sends through it."""
    clock_at()
    for username, (role, first_name) in STAFF.items():
        user = user_with_role(role, username=username)
        user.first_name = first_name
        user.save()
    a_mornings_people()
    with running_double(tmp_path) as double:
        double.behave(offset=double_offset(clock_now()))
        for name, value in twilio_settings(double, PUBLIC_URL=live_server.url).items():
            monkeypatch.setenv(name, str(value))
            setattr(settings, name, value)
        # A crowded machine is slow, not wrong.
        expect.set_options(timeout=20_000)
        with process_worker():
            yield double
        expect.set_options(timeout=5_000)


def test_a_morning(twilio: Double, visitor: Callable[[], Visitor], live_server: LiveServer) -> None:
    people = {username: Hands(visitor()) for username in STAFF}
    for username, hands in people.items():
        hands.logs_in(live_server.url + reverse("account_login"), username)
    mette, lene, bo = people.values()
    mette_calls_everybody(mette)
    each_has_the_step_that_was_shown()
    somebody_rings_back(mette)
    a_wave_is_made_and_approved(lene, bo)
    it_goes_out(twilio)
    replies_arrive(twilio, live_server.url)
    mette_works_the_inbox(mette)
    the_one_who_wrote_ring_is_called(mette)
    the_team_lead_sees_what_was_done(lene)
    for hands in people.values():
        assert not hands.visitor.faults


def mette_calls_everybody(mette: Hands) -> None:
    """One after another, in whatever order the queue gives them; once she presses the wrong key and undoes it."""
    said = {name: list(answers) for name, answers in ANSWERS.items()}
    mette.goes_to("Opkald")
    mette.leaves_with("n")
    for number in range(CALLS):
        expect(mette.page.locator("#answer")).to_be_visible()
        name = mette.heading
        if number == 0:
            mette.visitor.finds_the_page_accessible()
        if name == SLIP:
            a_slip_is_undone(mette, name)
        answers(mette, name, said[name].pop(0))
        mette.page.wait_for_load_state()
    mette.visitor.reads("Opkald")
    assert not any(said.values())
    expect(mette.page.get_by_text("Der er ingen at ringe til lige nu")).to_be_visible()
    expect(mette.page.get_by_text(f"Du har ringet {CALLS} i dag · 0 venter")).to_be_visible()


def answers(mette: Hands, name: str, answer: Answer) -> None:
    """The outcome, its question, the next step read before it is saved, and on to the next."""
    mette.press(*answer.keys)
    expect(mette.page.locator(f"[name=outcome][value={answer.outcome.value}]")).to_be_checked()
    mette.press("Tab")  # a typed field tells that it has changed when it is left
    expect(mette.page.locator("#next-step")).to_contain_text(answer.leads_to)
    mette.leaves_with("Control+Enter")
    expect(mette.page.get_by_text(f"for {name}.")).to_be_visible()


def a_slip_is_undone(mette: Hands, name: str) -> None:
    """ "Bestiller selv" saved for somebody who said no: one key, and the call is in her hands again."""
    mette.press("1")
    expect(mette.page.locator("#next-step")).to_contain_text("Afvent til ons. 28.04.")
    mette.leaves_with("Control+Enter")
    expect(mette.page.get_by_text(f"for {name}.")).to_be_visible()
    mette.leaves_with("k")
    expect(mette.page.get_by_text("Svaret er fortrudt")).to_be_visible()
    mette.visitor.reads(name)
    with records():
        assert not ContactAnswer.objects.filter(attempt__citizen__name=name, attempt__undone_at=None).exists()


def each_has_the_step_that_was_shown() -> None:
    """All 23 outcomes were recorded, and what they pass on to others is there."""
    with records():
        given = ContactAnswer.objects.filter(attempt__undone_at=None)
        assert set(given.values_list("outcome", flat=True)) == set(Outcome.values)
        for name, said in ANSWERS.items():
            assert FollowUp.objects.get(citizen__name=name).outcome == said[-1].outcome
        waiting = CallTask.objects.waiting().filter(citizen__name__in=ANSWERS).values_list("citizen__name", flat=True)
        assert set(waiting) == {
            "Hans Tvivl", "Javid Tolk", "Karen Stille", "Lars Svarer", "Maja Optaget", "Per Senere", "Ulla Datter",
            "Verner Værge",
        }  # fmt: skip
        assert HealthDialogue.objects.get().citizen.name == "Inge Spørger"
        asked = BookingRequest.objects.values_list("citizen__name", "state", "own")
        assert set(asked) == {
            ("Bent Hjælp", "sent", False), ("Dorte Kørsel", "sent", False), ("Tove Ledsager", "sent", False),
            ("Sten Bestilt", "confirmed", True),
        }  # fmt: skip
        rides = ChainLink.objects.filter(kind="ride").values_list("chain__citizen__name", "state")
        assert set(rides) == {("Dorte Kørsel", "needed")}
        popups = given.filter(outcome=Outcome.WANTS_POPUP).values_list("session__site__name", flat=True)
        assert set(popups) == {"Vejleåparken, beboerhuset"}
        assert SmsMessage.objects.get(purpose="receipt").citizen.name == "Sten Bestilt"


def somebody_rings_back(mette: Hands) -> None:
    """Found by the number on the display, from any page: one citizen has it, so their page opens."""
    mette.leaves_with("/", Text(RINGS_FROM), "Enter")
    mette.visitor.reads(RINGS_BACK)
    expect(mette.page.get_by_text("Ring igen ons. 21.04. kl. 14").first).to_be_visible()
    mette.leaves_with("r")
    expect(mette.page.locator("#answer")).to_be_visible()
    mette.press("1")
    expect(mette.page.locator("#next-step")).to_contain_text("Afvent til ons. 28.04. kl. 8")
    mette.leaves_with("Control+Enter")
    expect(mette.page.get_by_text(f"Gemt: »Bestiller selv« for {RINGS_BACK}")).to_be_visible()
    with records():
        assert not CallTask.objects.waiting().filter(citizen__name=RINGS_BACK).exists()


def mette_works_the_inbox(mette: Hands) -> None:
    """STOP and RING are done before she comes; she confirms the one and records the yes."""
    mette.goes_to("Indbakke")
    mette.visitor.finds_the_page_accessible()
    mette.leaves_with("n")
    for _conversation in range(2):
        expect(mette.page.locator(".thread")).to_be_visible()
        if mette.heading == "Sara Stop":
            expect(mette.page.get_by_text("Nummeret er frameldt sms. Bekræft")).to_be_visible()
            key = "a"
        else:
            expect(mette.page.get_by_label("Svaret betyder")).to_have_value("books_self")
            key = "g"
        mette.leaves_with(key)
    mette.visitor.reads("Indbakke")
    with records():
        assert not Conversation.objects.open().exists()
        # Sara wrote STOP; Åse said on the telephone that she wants no more of it.
        assert OptOut.objects.count() == 2
        assert FollowUp.objects.get(citizen__name="Jens Ja").outcome == "books_self"


def the_one_who_wrote_ring_is_called(mette: Hands) -> None:
    mette.goes_to("Opkald")
    mette.leaves_with("n")
    mette.visitor.reads("Rune Ring")
    expect(mette.page.get_by_text("fordi borgeren har bedt om det i en sms").first).to_be_visible()
    answers(mette, "Rune Ring", Answer(Outcome.BOOKS_SELF, ("1",), "Afvent til ons. 28.04. kl. 8"))
    expect(mette.page.get_by_text(f"Du har ringet {CALLS + 1} i dag · 0 venter")).to_be_visible()


def the_team_lead_sees_what_was_done(lene: Hands) -> None:
    """The same numbers as by hand: the undone answer and the citizen who rang in are no calls of hers."""
    lene.goes_to("Opkaldskø")
    row = lene.page.get_by_role("row").filter(has_text="Mette Holm")
    cells = row.locator("td.number")
    expect(cells.nth(0)).to_have_text(str(CALLS + 1))
    expect(cells.nth(1)).to_have_text(str(REACHED + 1))
