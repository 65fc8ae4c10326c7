"""A caseworker with a headset and no mouse: outcomes, their questions, several programmes, undo, help (K5–K8)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from campaigns.forms.outcome_groups import PER_PROGRAMME
from campaigns.models import CallTask, ContactAttempt, HealthDialogue
from campaigns.services.answers import ALL, Contact, Said, record_call
from campaigns.services.planning import plan
from outreach.access.roles import Role
from registry.models import FollowUp, Outcome
from tests.browser.conftest import PASSWORD, Visitor
from tests.factories.cast import user_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, phone, records

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# "Ønsker ikke" among the answers of one programme: the same answer, not spoken of, and then the outcomes in order.
DOWN_TO_DECLINED = 2 + PER_PROGRAMME.index(Outcome.DECLINED)


@pytest.fixture
def people(transactional_db: None) -> None:
    """Aase with two programmes and a husband, and Karl after her."""
    clock_at()
    for role, username in ((Role.CASEWORKER, "sagsbehandler"), (Role.HEALTH_ADVISER, "raadgiver")):
        user = user_with_role(role, username=username)
        user.set_password(PASSWORD)
        user.save()
    with records() as by:
        for number, name in enumerate(("Aase Mikkelsen", "Poul Mikkelsen", "Karl Holm")):
            owner = citizen(name, household_key="vej 1" if "Mikkelsen" in name else "")
            phone(owner, f"+452012345{number}")
            programmes = ("covid-19", "influenza") if number == 0 else ("covid-19",)
            for programme in programmes:
                # K4: a mandatory group goes first.
                follow_up(owner, programme, mandatory=number == 0, sms_sent=1, last_contact_at=NOW.replace(day=14))
        plan(by=by, now=NOW)


def focused(page: Page) -> str:
    """What the keyboard is in: never the empty page."""
    return page.evaluate("document.activeElement.id || document.activeElement.tagName")


@pytest.mark.timeout(240)
def test_a_call_by_keyboard_alone(people: None, visitor: Callable[[], Visitor]) -> None:
    mette = visitor()
    page = mette.page
    mette.logs_in("sagsbehandler")
    mette.opens("campaigns:next_citizen")
    page.keyboard.press("n")
    mette.reads("Aase Mikkelsen")
    mette.finds_it_fits_every_screen()
    the_help_opens_and_gives_focus_back(page, mette)
    what_is_typed_in_the_note_presses_nothing(page)
    a_worried_citizen_is_passed_on_with_her_husband_and_another_answer_for_influenza(page, mette)
    undo_gives_the_call_back(page, mette)
    the_rarer_answers_open_and_ask(page)
    page.keyboard.press("q")
    expect(page.locator("#next-step")).to_contain_text("Ring igen")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[name=outcome]:checked")).to_have_count(0)
    mette.finds_the_page_accessible()


def the_help_opens_and_gives_focus_back(page: Page, mette: Visitor) -> None:
    page.keyboard.press("?")
    expect(page.locator("#key-help")).to_be_visible()
    mette.finds_the_page_accessible()
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(page.locator("#key-help")).to_be_hidden()
    assert page.locator("[name=outcome]:checked").count() == 0
    assert focused(page) != "BODY"


def what_is_typed_in_the_note_presses_nothing(page: Page) -> None:
    page.keyboard.press("n")
    page.keyboard.type("7 q ring i morgen")
    assert page.locator("[name=outcome]:checked").count() == 0
    expect(page.locator("[name=note]")).to_have_value("7 q ring i morgen")
    page.keyboard.press("Escape")
    assert focused(page) != "id_note"


def a_worried_citizen_is_passed_on_with_her_husband_and_another_answer_for_influenza(
    page: Page, mette: Visitor
) -> None:
    page.keyboard.press("9")
    page.keyboard.press("c")
    expect(page.get_by_role("radio", name="Allergi")).to_be_checked()
    expect(page.locator("#next-step")).to_contain_text("Fagsamtale")
    assert focused(page) not in ("BODY", "next-step")
    page.keyboard.press("g")
    page.keyboard.press("Tab")
    for _option in range(DOWN_TO_DECLINED):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    page.keyboard.type("Samme")
    page.keyboard.press("Escape")
    expect(page.locator("#next-step")).to_contain_text("Poul Mikkelsen")
    expect(page.locator("#next-step")).to_contain_text("Ønsker ikke vaccination")
    mette.finds_the_page_accessible()
    page.keyboard.press("Control+Enter")
    mette.reads("Karl Holm")
    with records():
        assert HealthDialogue.objects.filter(state="open").count() == 2
        answers = FollowUp.objects.filter(citizen__name="Aase Mikkelsen").values_list("outcome", flat=True)
        assert sorted(answers) == ["declined", "health_dialogue"]


def undo_gives_the_call_back(page: Page, mette: Visitor) -> None:
    page.keyboard.press("k")
    expect(page.get_by_text("Svaret er fortrudt. Alt står, som før du gemte.")).to_be_visible()
    # Karl, whom "Gem og næste" had taken, is back in the queue; she stands where she stood.
    mette.reads("Aase Mikkelsen")
    with records():
        assert not HealthDialogue.objects.exists()
        assert not FollowUp.objects.exclude(outcome="").exists()
        assert not ContactAttempt.objects.filter(undone_at=None).exists()
        assert CallTask.objects.get(citizen__name="Karl Holm").state == "open"


def the_rarer_answers_open_and_ask(page: Page) -> None:
    page.keyboard.press("y")
    page.keyboard.press("i")
    expect(page.locator("[name=booked_on]")).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator("[name=booked_on]")).to_be_hidden()
    page.keyboard.press("c")
    expect(page.locator("#next-step")).to_contain_text("fordi det er aftalt")


@pytest.mark.timeout(120)
def test_a_talk_by_keyboard_alone(people: None, visitor: Callable[[], Visitor]) -> None:
    with records() as by:
        karl = FollowUp.objects.get(citizen__name="Karl Holm").citizen
        said = Said("health_dialogue", topic="illness", worry="Tager medicin", talk_at=NOW.replace(minute=21))
        record_call(by=by, citizen=karl, said={ALL: said}, contact=Contact(), now=NOW)
    clock_at(NOW.replace(minute=30))
    farah = visitor()
    page = farah.page
    farah.logs_in("raadgiver")
    farah.opens("campaigns:dialogues")
    farah.finds_it_fits_every_screen()
    page.keyboard.press("n")
    farah.reads("Karl Holm")
    farah.finds_it_fits_every_screen()
    page.keyboard.press("5")
    page.keyboard.press("c")
    expect(page.locator("#next-step")).to_contain_text("Ny fagsamtale")
    page.keyboard.press("n")
    page.keyboard.type("Spørger sin læge om 1 præparat")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="Fagsamtaler")).to_be_visible()
    farah.finds_the_page_accessible()
    page.keyboard.press("k")
    expect(page.get_by_text("Fagsamtalen er fortrudt")).to_be_visible()
