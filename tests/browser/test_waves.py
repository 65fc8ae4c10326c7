"""A wave in a browser: made by one, approved by another, sent, and its results read (S3)."""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from campaigns.models import SmsWave
from campaigns.services.messages import dispatch_due
from campaigns.services.waves.jobs import advance_waves, queue_wave
from outreach.access.roles import Role
from tests.browser.conftest import Visitor
from tests.factories.campaigns import CountingGateway
from tests.factories.cast import user_with_role
from tests.factories.contact_pages import NOW, clock_at, records
from tests.factories.waves import listener

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RECIPIENTS = ("Aase Mikkelsen", "Ayşe Yılmaz", "Bo Hansen")


def staff(username: str) -> None:
    user = user_with_role(Role.TEAM_LEAD, username=username)
    user.set_password("adgang-til-test-1")
    user.save()


def picture(visitor: Visitor, name: str) -> None:
    """Keep what the page looks like at the three widths, where somebody asks for it."""
    folder = os.environ.get("OUTREACH_PICTURES")
    for width in (1440, 720, 390) if folder else ():
        visitor.page.set_viewport_size({"width": width, "height": 1000})
        visitor.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    visitor.page.set_viewport_size({"width": 1440, "height": 1000})


@pytest.mark.timeout(180)
def test_a_wave_from_filter_to_result(transactional_db: None, visitor: Callable[[], Visitor]) -> None:
    clock_at(NOW)
    with records():
        for name in RECIPIENTS:
            listener(name)
        listener("Uden Nummer", number="")
        listener("Sagt Nej", status="closed", closed_reason="declined", closed_at=NOW, next_step_kind="",
                 next_step_at=None, next_step_reason="")  # fmt: skip
    staff("laver")
    staff("godkender")
    maker = visitor()
    page = maker.page
    maker.logs_in("laver")
    maker.opens("campaigns:waves")
    page.get_by_role("main").get_by_role("link", name="Ny udsendelse").click()
    maker.reads("Ny udsendelse")
    page.get_by_label("Navn").fill("Hele byen")
    page.get_by_label("Tekst", exact=True).select_option("please_reply")
    # The counts come by themselves, without saving.
    expect(page.locator("#wave-counts")).to_contain_text("Har sagt nej")
    maker.finds_it_fits_every_screen()
    picture(maker, "ret")
    page.get_by_role("button", name="Gem, og se det igennem").click()
    maker.reads("Hele byen")
    # Two recipients are drawn, whichever they are; that one name makes the text longer is said whoever is drawn.
    examples = page.get_by_role("figure")
    expect(examples).to_have_count(2)
    for example in examples.all():
        name = example.locator("figcaption").inner_text().split(" · ")[0]
        assert name in RECIPIENTS
        expect(example).to_contain_text(f"Hej {name.split()[0]}.")
    expect(page.get_by_text("»ş« (1)")).to_be_visible()
    maker.finds_it_fits_every_screen()
    picture(maker, "kladde")
    page.get_by_role("link", name="Intet mobilnummer").click()
    maker.reads("Intet mobilnummer")
    expect(page.get_by_role("link", name="Uden Nummer")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Send til godkendelse").click()
    expect(page.get_by_text("En anden skal godkende den.")).to_be_visible()
    maker.finds_the_page_accessible()
    second = visitor()
    second.logs_in("godkender")
    wave = SmsWave.objects.get()
    second.opens("campaigns:wave", wave.pk)
    picture(second, "godkend")
    second.page.get_by_role("button", name="Godkend udsendelsen").click()
    expect(second.page.get_by_text("Udsendelsen er godkendt")).to_be_visible()
    queue_wave(wave.pk, now=NOW)
    gateway = CountingGateway()
    dispatch_due(now=NOW + timedelta(hours=1), gateway=gateway)
    assert len(gateway.sent) == 3
    advance_waves(now=NOW + timedelta(hours=1))
    second.opens("campaigns:wave", wave.pk)
    expect(second.page.get_by_text("Færdig").first).to_be_visible()
    second.finds_it_fits_every_screen()
    picture(second, "resultat")
    second.opens("campaigns:waves")
    second.finds_it_fits_every_screen()
    picture(second, "liste")
