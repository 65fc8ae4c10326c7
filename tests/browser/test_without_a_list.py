"""Follow-up without a list, in a browser: an own selection, a case by hand, and answers from a spreadsheet (L8, L9)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from outreach.command import parse_moment
from registry.models import Municipality
from tests.browser.conftest import Visitor
from tests.factories.cast import user_with_role
from tests.factories.registry import cpr_number, xlsx_file
from tests.factories.world import job, make_citizen, make_phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MORNING = parse_moment("2021-04-20T09:20")
ISHOEJ = 183


@pytest.fixture
def ishoej(transactional_db: None) -> Municipality:
    """Three citizens over 65 with both services, on no list."""
    set_demo_clock(MORNING)
    municipality = Municipality.objects.get(code=ISHOEJ)
    with data_context(job(ISHOEJ)):
        for serial in (1, 2, 3):
            citizen = make_citizen(
                municipality, cpr_number(serial), f"Testperson {serial}", MORNING, birth_date=date(1939, 1, 1),
                personal_care=True, practical_help=True,
            )  # fmt: skip
            make_phone(citizen, f"+45431234{serial:02d}", MORNING, kind="landline")
    return municipality


def staff(role: Role, username: str) -> None:
    user = user_with_role(role, username=username)
    user.set_password("adgang-til-test-1")
    user.save()


@pytest.mark.timeout(120)
def test_a_selection_from_criteria_to_queue(ishoej: Municipality, visitor: Callable[[], Visitor]) -> None:
    staff(Role.TEAM_LEAD, "teamleder")
    lead = visitor()
    page = lead.page
    lead.logs_in("teamleder")
    lead.opens("registry:selection_index")
    page.get_by_role("main").get_by_role("link", name="Nyt udvalg").click()
    lead.reads("Nyt udvalg")
    lead.finds_it_fits_every_screen()
    page.get_by_label("Navn").fill("65+ med pleje og hjælp")
    page.get_by_label("Formål og hjemmel").fill("Opfølgning på inviterede, sundhedsloven")
    page.get_by_label("Alder fra").fill("65")
    page.get_by_label("Personlig pleje").check()
    page.get_by_label("Praktisk hjælp").check()
    page.get_by_role("button", name="Vis, hvem det gælder").click()
    lead.reads("65+ med pleje og hjælp")
    lead.finds_it_fits_every_screen()
    page.get_by_role("link", name="Nye opfølgninger").click()
    expect(page.get_by_role("link", name="Testperson 1")).to_be_visible()
    lead.finds_the_page_accessible()
    page.get_by_role("button", name="Start udvalget").click()
    expect(page.get_by_text("Udvalget er startet")).to_be_visible()
    lead.finds_the_page_accessible()
    page.get_by_role("link", name="Opkaldskø").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.timeout(120)
def test_a_relative_calls_about_somebody_nobody_knows(ishoej: Municipality, visitor: Callable[[], Visitor]) -> None:
    staff(Role.CASEWORKER, "sagsbehandler")
    caller = visitor()
    page = caller.page
    caller.logs_in("sagsbehandler")
    caller.opens("registry:case_new")
    caller.finds_it_fits_every_screen()
    page.get_by_label("Borgerens navn").fill("Testperson 1")
    page.get_by_label("Fødselsdato").fill("01.01.1939")
    page.get_by_label("En pårørende").check()
    page.get_by_label("Hvorfor oprettes sagen?").fill("Datter spørger om kørsel")
    page.get_by_role("button", name="Opret sag").click()
    expect(page.get_by_text("Er det en af disse?")).to_be_visible()
    caller.finds_it_fits_every_screen()
    caller.finds_the_page_accessible()
    page.get_by_role("button", name="Nej, det er en anden").click()
    expect(page.get_by_text("Sagen er oprettet")).to_be_visible()
    caller.finds_the_page_accessible()


@pytest.mark.timeout(120)
def test_a_spreadsheet_of_answers_from_file_to_timeline(
    ishoej: Municipality, visitor: Callable[[], Visitor], worker: None, tmp_path: Path
) -> None:
    path = tmp_path / "ringeliste.xlsx"
    header = ("CPR-nr.", "Navn", "Dato", "Resultat", "Ringet af")
    rows = [
        (cpr_number(1), "Testperson 1", "12-03-2021", "Ønsker ikke", "Mette"),
        (cpr_number(2), "Testperson 2", "12-03-2021", "nix", "Mette"),
        (cpr_number(8), "Ukendt", "12-03-2021", "Nej", "Mette"),
    ]
    path.write_bytes(xlsx_file(rows, header).getvalue())
    staff(Role.LIST_ADMIN, "listeadmin")
    admin = visitor()
    page = admin.page
    admin.logs_in("listeadmin")
    admin.opens("campaigns:earlier_contacts")
    page.get_by_role("main").get_by_role("link", name="Indlæs regneark").click()
    admin.reads("Indlæs tidligere svar")
    admin.finds_it_fits_every_screen()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Læs filen").click()
    # The worker may have to start first; the page turns by itself when the file is read.
    expect(page.get_by_role("heading", level=1, name="ringeliste.xlsx")).to_be_visible(timeout=60_000)
    admin.reads("ringeliste.xlsx")
    admin.finds_it_fits_every_screen()
    page.get_by_label("»nix«").select_option(label="Ønsker ikke")
    page.get_by_role("button", name="Husk, og se efter igen").click()
    admin.reads("ringeliste.xlsx")
    page.get_by_role("button", name="Godkend, og indlæs").click()
    expect(page.get_by_text("Svarene er indlæst")).to_be_visible()
    admin.finds_it_fits_every_screen()
    admin.opens("campaigns:search")
    page.get_by_role("main").get_by_label("Navn, telefonnummer eller CPR-nummer").fill("Testperson 1")
    page.get_by_role("main").get_by_role("button", name="Søg").click()
    page.get_by_role("link", name="Testperson 1").click()
    expect(page.get_by_text("Fra regneark 12.03.2021: Ønsker ikke (Mette)")).to_be_visible()
    admin.finds_the_page_accessible()
