"""A morning in the inbox by keyboard: a stop, a yes, a question in Arabic, somebody we do not know (S7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Conversation, OptOut, SmsMessage
from campaigns.services.inbox import receive_reply
from outreach.access.roles import Role
from registry.models import FollowUp
from tests.factories.callbacks import sent_message, sid
from tests.factories.cast import user_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, phone, records
from tests.factories.geography import ISHOEJ

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
REPLIES = [
    ("Aase Birthe Mikkelsen", "+4520123401", "Stop", 40),
    ("Bo Bak", "+4520123402", "JA tak", 30),
    ("Farah Al-Amin", "+4520123403", "هل يمكنني إحضار ابنتي معي؟", 20),
    ("", "+4550990199", "Hej, min mor har fået en sms fra jer. Hun kan ikke selv svare. Hvad skal hun gøre?", 10),
]


def some_replies() -> None:
    """What lies in the inbox this morning."""
    with records() as by:
        for serial, (name, number, body, minutes) in enumerate(REPLIES):
            at = NOW - timedelta(minutes=minutes)
            if name:
                owner = citizen(name)
                phone(owner, number)
                follow_up(owner, sms_sent=1, first_contact_at=NOW, last_contact_at=NOW)
                sent_message(owner, status="delivered", handed_over_at=NOW - timedelta(days=1))
            receive_reply(
                by=by, municipality_id=ISHOEJ, number=number, body=body, gateway_id=sid(serial), media=0, at=at, now=at
            )


def test_a_morning_in_the_inbox(visitor, live_server: LiveServer) -> None:
    clock_at()
    user_with_role(Role.CASEWORKER, username="mette")
    some_replies()
    mette = visitor()
    mette.logs_in("mette")
    page = mette.page
    mette.opens("campaigns:inbox")
    mette.finds_it_fits_every_screen()
    # Whoever has waited longest is first; j and k walk the list, Enter opens.
    links = page.locator(".conversation-list__link")
    expect(links).to_have_count(4)
    links.first.focus()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    mette.reads("Aase Birthe Mikkelsen")
    expect(page.get_by_text("Nummeret er frameldt sms. Bekræft")).to_be_visible()
    page.keyboard.press("a")  # confirm, and on to the next
    mette.reads("Bo Bak")
    mette.finds_it_fits_every_screen()
    expect(page.get_by_label("Svaret betyder")).to_have_value("books_self")
    page.get_by_role("button", name="Gem svaret og afslut").press("Enter")
    mette.reads("Farah Al-Amin")
    expect(page.locator(".thread__text[dir=rtl]")).to_have_count(1)
    # A word about health is asked about once.
    page.get_by_label("Dit svar").fill("Ja. Husk at oplyse om allergi.")
    page.keyboard.press("Control+Enter")
    mette.reads("Farah Al-Amin")
    confirm = page.get_by_label("Teksten skal sendes, som den er")
    expect(confirm).to_be_visible()
    page.get_by_label("Dit svar").fill("Ja, tag hende gerne med. Hilsen Ishøj Kommune")
    expect(page.locator("#svar-laengde")).to_have_text("1 sms · 45 af 160 tegn")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Svaret er på vej")).to_be_visible()
    expect(page.get_by_text("Ja, tag hende gerne med")).to_be_visible()
    page.keyboard.press("a")
    mette.reads("Ukendt nummer")
    mette.finds_it_fits_every_screen()
    page.get_by_label("Find borgeren").fill("bo bak")
    page.get_by_role("button", name="Søg", exact=True).last.click()
    mette.reads("Ukendt nummer")
    page.get_by_role("button", name="En anden skriver for borgeren").click()
    mette.reads("Bo Bak")
    page.keyboard.press("r")
    mette.reads("Indbakke")
    expect(page.get_by_text("Alle svar er læst og gjort færdige")).to_be_visible()
    with records():
        assert OptOut.objects.count() == 1
        assert SmsMessage.objects.get(purpose="reply").citizen.name == "Farah Al-Amin"
        assert FollowUp.objects.get(citizen__name="Bo Bak").next_step_reason == "asked_for_call"
        assert not Conversation.objects.open().exists()
