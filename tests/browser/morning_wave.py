"""The wave of the morning: made by one, approved by another, sent by the worker, and answered (S3, S7)."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import expect

from campaigns.models import Conversation, SmsMessage
from campaigns.tasks import send_due_messages
from tests.browser.keyboard import Hands
from tests.factories.callbacks import INBOUND, reply_form, sid
from tests.factories.contact_pages import records
from tests.factories.morning import LISTENERS, At, Text
from tests.fakes.twilio_double import Double
from tests.fakes.twilio_server import ACCOUNT

REPLIES = {"Jens Ja": "JA tak", "Sara Stop": "STOP", "Rune Ring": "RING"}


def a_wave_is_made_and_approved(lene: Hands, bo: Hands) -> None:
    """Four may get it: all others were spoken to this morning, or said that they want no more of it."""
    lene.goes_to("SMS")
    lene.leaves_with("n")
    lene.visitor.reads("Ny udsendelse")
    lene.press(At("name"), Text("Tirsdag"), At("starts_time"), "Control+a", Text("11.20"))
    lene.leaves_with("Control+Enter")
    lene.visitor.reads("Tirsdag")
    lene.enters("Send til godkendelse")
    expect(lene.page.get_by_text("En anden skal godkende den.")).to_be_visible()
    bo.goes_to("SMS")
    bo.enters("Tirsdag")
    bo.visitor.reads("Tirsdag")
    expect(bo.page.get_by_text(f"Du godkender, at {len(LISTENERS)} borgere får teksten ovenfor.")).to_be_visible()
    bo.enters("Godkend udsendelsen")
    expect(bo.page.get_by_text("Udsendelsen er godkendt")).to_be_visible()


def it_goes_out(twilio: Double) -> None:
    """The worker queued it when it was approved; each of the four is written to once."""
    until(lambda: SmsMessage.objects.filter(purpose="wave").count() == len(LISTENERS))
    until(_all_have_left)
    assert sorted(each["To"] for each in twilio.accepted() if each["To"] in LISTENERS.values()) == sorted(
        LISTENERS.values()
    )


def _all_have_left() -> bool:
    send_due_messages.delay()
    time.sleep(0.5)
    return not SmsMessage.objects.filter(purpose="wave", status="queued").exists()


def replies_arrive(twilio: Double, address: str) -> None:
    """Signed as Twilio signs; the worker reads them."""
    for serial, (name, body) in enumerate(REPLIES.items()):
        form = reply_form(body, gateway_id=sid(serial), sender=LISTENERS[name], AccountSid=ACCOUNT)
        assert twilio.reply(address + INBOUND, form) == 200
    until(lambda: Conversation.objects.count() == len(REPLIES))


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for what another process does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with records():
            if holds():
                return
        time.sleep(0.2)
    raise AssertionError("It did not happen in time")
