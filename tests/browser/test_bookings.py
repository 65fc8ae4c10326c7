"""Booking on behalf in a browser: the municipality asks, the region's desk answers, the ride is agreed (K11, K14)."""

import os

import pytest
from playwright.sync_api import expect

from outreach.access.roles import Role
from registry.models import Citizen
from tests.factories.bookings import booker, contact_point
from tests.factories.cast import user_with_role
from tests.factories.contact_pages import clock_at, records
from tests.factories.popup_sites import published_session, site_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def picture(who, name: str) -> None:
    """That it is accessible and fits is always held; for the eye, where `OUTREACH_PICTURES` names a folder."""
    who.finds_the_page_accessible()
    who.finds_it_fits_every_screen()
    if folder := os.environ.get("OUTREACH_PICTURES"):
        for width in (390, 720, 1440):
            who.page.set_viewport_size({"width": width, "height": 900})
            who.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


@pytest.mark.timeout(300)
def test_a_time_is_asked_for_given_and_hung_together(visitor) -> None:
    clock_at()
    contact_point()
    published_session(site_in())
    user_with_role(Role.CASEWORKER, username="mette")
    user_with_role(Role.REGION_BOOKING_DESK, username="tom")
    with records():
        citizen_id = booker().citizen_id
        name = Citizen.objects.get().name
    mette, tom = visitor(), visitor()

    mette.logs_in("mette")
    mette.opens("campaigns:booking_new", citizen_id)
    picture(mette, "booking-new")
    page = mette.page
    page.get_by_role("checkbox", name="Onsdag").check()
    page.get_by_text("Har brug for kørsel").click()
    page.get_by_role("button", name="Send til regionen").click()
    mette.reads(name)
    picture(mette, "booking")
    mette.opens("campaigns:bookings")
    picture(mette, "bookings")

    tom.logs_in("tom")
    tom.opens("campaigns:desk_queue")
    expect(tom.page.get_by_text(name)).to_have_count(0)
    picture(tom, "desk-queue")
    tom.page.keyboard.press("n")
    tom.reads(name)
    picture(tom, "desk-request")
    tom.page.get_by_role("button", name="Vis").click()
    expect(tom.page.get_by_text("710139-")).to_be_visible()
    tom.page.get_by_label("Pop-up-sted").select_option(index=1)
    tom.page.get_by_label("Dato").fill("21.04.2021")
    tom.page.get_by_label("Klokken").fill("15.30")
    tom.page.get_by_role("button", name="Bekræft tiden").click()
    tom.reads("Bookinger")

    mette.opens("campaigns:chains")
    picture(mette, "chains")
    page.get_by_role("link", name=name).click()
    mette.reads("Forløb der hænger sammen")
    picture(mette, "chain")
    page.get_by_text("Skriv aftalen").click()
    page.get_by_label("Klokken").fill("14.45")
    page.get_by_label("Hentes her").fill("Hovedindgangen")
    page.get_by_role("button", name="Gem aftalen").click()
    expect(page.get_by_text("hentes Hovedindgangen")).to_be_visible()
    mette.reads("Forløb der hænger sammen")
    picture(mette, "chain-agreed")
    mette.opens("campaigns:citizen", citizen_id)
    expect(page.get_by_text("Se, hvad der er aftalt")).to_be_visible()
    picture(mette, "citizen")
