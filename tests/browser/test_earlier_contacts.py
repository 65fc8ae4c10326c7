"""Earlier contacts in a browser: handed in, columns chosen, words explained, taken in and undone (L8)."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from campaigns.models import EarlierContacts
from campaigns.services.earlier_contacts_files import receive_file
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import FollowUp, Municipality, Programme
from tests.browser.conftest import PASSWORD, Visitor
from tests.factories.cast import actor_with_role, user_with_role
from tests.factories.contact_pages import NOW, citizen, clock_at, follow_up, records
from tests.factories.registry import cpr_number

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADER = "Borger-ID;Ringet den;Hvad blev der sagt;Init;Noter;Løbenr"
ROWS = [
    f"{cpr_number(1)};12-04-2021;Nej tak;MH;Vil ikke tale om det;1",
    f"{cpr_number(2)};12-04-2021;nix;MH;;2",
    f"{cpr_number(3)};13-04-2021;ingen svar;MH;;3",
    f"{cpr_number(3)};14-04-2021;tlf. svarer;LB;;4",
    f"{cpr_number(4)};14-04-2021;har tid;LB;;5",
    f"{cpr_number(5)};15-04-2021;se ark 2;LB;;6",
    "101390002;15-04-2021;Nej tak;LB;;7",
    "101390005;15-04-2021;ingen svar;LB;;8",
    *[f"{cpr_number(100 + each)};15-04-2021;ingen svar;LB;;{9 + each}" for each in range(8)],
    f"{cpr_number(1)};40-04-2021;Nej tak;MH;;17",
]


@pytest.fixture
def reader(transactional_db: None, visitor: Callable[[], Visitor]) -> Visitor:
    """The list administrator, while no worker runs."""
    clock_at()
    with records():
        names = ("Aase Mikkelsen", "Bent Holm", "Carla Nord", "Dora Syd", "Egon Vest")
        for serial, name in enumerate(names, start=1):
            follow_up(citizen(name, cpr=cpr_number(serial)))
        follow_up(citizen("Frida Øst", cpr="0101390002"))  # 1 January 1939; the serial is this test's own
    user = user_with_role(Role.LIST_ADMIN, username="listeadmin")
    user.set_password(PASSWORD)
    user.save()
    guest = visitor()
    guest.logs_in("listeadmin")
    return guest


@pytest.fixture
def admin(worker: None, reader: Visitor) -> Visitor:
    return reader


def looked_at(visitor: Visitor, heading: str, name: str) -> None:
    """Fit for every screen and for everybody; kept where OUTREACH_PICTURES says, for people to judge."""
    # The worker may have to start first.
    expect(visitor.page.get_by_role("heading", level=1, name=heading)).to_be_visible(timeout=40_000)
    visitor.reads(heading)
    visitor.finds_it_fits_every_screen()
    if folder := os.environ.get("OUTREACH_PICTURES"):
        for width in (1440, 720, 390):
            visitor.page.set_viewport_size({"width": width, "height": 1000})
            visitor.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    visitor.page.set_viewport_size({"width": 1440, "height": 1000})


def press(page: Page, name: str, *, confirm: str = "") -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()
    if confirm:
        page.get_by_role("dialog").get_by_role("button", name=confirm, exact=True).click()


def test_answers_from_a_spreadsheet_are_taken_in_and_undone(admin: Visitor) -> None:
    page = admin.page
    admin.opens("campaigns:earlier_contacts")
    looked_at(admin, "Tidligere svar", "tom")
    page.get_by_role("link", name="Indlæs regneark").click()
    press(page, "Læs filen")
    looked_at(admin, "Indlæs tidligere svar", "indlaes-fejl")
    file: FilePayload = {
        "name": "ringeliste-uge-15.csv", "mimeType": "text/csv", "buffer": "\r\n".join([HEADER, *ROWS]).encode(),
    }  # fmt: skip
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Hvem har ført regnearket?").fill("Hjemmeplejen Nord")
    looked_at(admin, "Indlæs tidligere svar", "indlaes")
    press(page, "Læs filen")

    # The page follows the reading by itself.
    looked_at(admin, "Hvilken kolonne er hvilken?", "kolonner")
    chosen = {"CPR-nummer": "Borger-ID", "Svar": "Hvad blev der sagt"}
    for ours, theirs in chosen.items():
        box = page.get_by_label(ours)
        value = box.locator("option").filter(has_text=theirs).get_attribute("value")
        box.select_option(value)
    press(page, "Læs filen")

    looked_at(admin, "ringeliste-uge-15.csv", "gennemsyn")
    expect(page.get_by_role("button", name="Godkend, og indlæs")).to_have_count(0)
    press(page, "Sæt nullet foran")
    page.get_by_label("»nix«").select_option(label="Ønsker ikke")
    page.get_by_label("»se ark 2«").select_option(label="Er ikke en kontakt – tag den ikke med")
    press(page, "Husk, og se efter igen")
    looked_at(admin, "ringeliste-uge-15.csv", "klar")
    press(page, "Godkend, og indlæs")
    expect(page.get_by_text("Svarene er indlæst")).to_be_visible()
    looked_at(admin, "ringeliste-uge-15.csv", "kvittering")
    with records():
        declined = FollowUp.objects.filter(closed_reason="declined").order_by("citizen__name")
        assert list(declined.values_list("citizen__name", flat=True)) == ["Aase Mikkelsen", "Bent Holm", "Frida Øst"]

    press(page, "Fortryd filen", confirm="Fortryd")
    expect(page.get_by_text("Filen er fortrudt")).to_be_visible()
    looked_at(admin, "ringeliste-uge-15.csv", "fortrudt")
    with records():
        assert set(FollowUp.objects.values_list("status", flat=True)) == {"open"}
    assert EarlierContacts.objects.get().file_erased_at is not None
    admin.opens("campaigns:earlier_contacts")
    looked_at(admin, "Tidligere svar", "liste")


def test_a_file_in_the_queue_says_that_one_may_leave(reader: Visitor) -> None:
    by = actor_with_role(Role.LIST_ADMIN, username="afsender")
    with data_context(by):
        received = receive_file(
            by=by,
            municipality=Municipality.objects.get(pk=183),
            programme=Programme.objects.get(code="covid-19"),
            file=io.BytesIO("\r\n".join([HEADER, *ROWS]).encode()),
            display_name="ringeliste-uge-15.csv",
            sender="",
            now=NOW,
        )
    reader.opens("campaigns:earlier_contacts_detail", received.pk)
    expect(reader.page.get_by_text("Den står i kø")).to_be_visible()
    looked_at(reader, "Filen er på vej", "fremgang")


def test_a_file_that_cannot_be_read_says_what_to_do(admin: Visitor) -> None:
    admin.opens("campaigns:earlier_contacts_upload")
    file: FilePayload = {"name": "tom.csv", "mimeType": "text/csv", "buffer": b"CPR;Dato;Svar\r\n"}
    admin.page.locator("input[type=file]").set_input_files(file)
    press(admin.page, "Læs filen")
    looked_at(admin, "tom.csv", "fejl")
    expect(admin.page.get_by_text("Filen har ingen kontakter. Er det den rigtige fil?")).to_be_visible()
