"""The week as its people work it in a browser: list in, site booked and acknowledged, calls made, note read."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from outreach.command import parse_moment
from registry.models import FollowUp, ListState, Municipality, NonresponderList
from tests.browser.conftest import Visitor
from tests.factories.cast import user_with_role
from tests.factories.registry import cpr_number, row, xlsx_file
from tests.factories.world import job, make_citizen, make_phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MORNING = parse_moment("2021-04-20T09:20")
ISHOEJ = 183


@pytest.fixture
def municipality(transactional_db: None) -> Municipality:
    """Ishøj on the demo's day, with three citizens who have a landline each and one whom the list does not name."""
    set_demo_clock(MORNING)
    ishoej = Municipality.objects.get(code=ISHOEJ)
    with data_context(job(ISHOEJ)):
        for serial in (1, 2, 3, 9):
            citizen = make_citizen(
                ishoej, cpr_number(serial), f"Testperson {serial}", MORNING, birth_date=date(1939, 1, 1), parish_id=7151
            )
            make_phone(citizen, f"+45431234{serial:02d}", MORNING, kind="landline")
    return ishoej


@pytest.fixture
def list_file(tmp_path: Path) -> Path:
    """Three citizens, one row that cannot be read, one citizen whom nobody knows."""
    path = tmp_path / "SSI_uge16.xlsx"
    rows = [row(1), row(2), row(3), ("9913404242", "Ulæselig", "7", "08-03-2021"), row(4, name="Ukendt Person")]
    path.write_bytes(xlsx_file(rows).getvalue())
    return path


def staff(role: Role, username: str) -> None:
    user = user_with_role(role, username=username)
    user.set_password("adgang-til-test-1")
    user.save()


@pytest.mark.timeout(180)
def test_a_week_from_file_to_note(
    municipality: Municipality, list_file: Path, worker: None, visitor: Callable[[], Visitor]
) -> None:
    staff(Role.LIST_ADMIN, "listeadmin")
    staff(Role.REGION_PLANNER, "regionsplanlaegger")
    staff(Role.TEAM_LEAD, "teamleder")
    staff(Role.CASEWORKER, "sagsbehandler")
    the_list_administrator_takes_the_list_in(visitor(), list_file)
    the_region_plans_a_site(visitor())
    the_team_lead_acknowledges_it(visitor())
    set_demo_clock(parse_moment("2021-04-21T10:30"))
    the_caseworker_calls(visitor())
    the_team_lead_sees_where_it_stands(visitor())
    assert NonresponderList.objects.get().state == ListState.COMMITTED
    with data_context(job(ISHOEJ)):
        stands = sorted(FollowUp.objects.values_list("outcome", "status"))
    assert stands == [("", "open"), ("", "open"), ("declined", "closed"), ("no_answer", "open")]


def the_list_administrator_takes_the_list_in(admin: Visitor, list_file: Path) -> None:
    page = admin.page
    admin.logs_in("listeadmin")
    admin.reads("")
    admin.opens("registry:list_index")
    page.get_by_role("main").get_by_role("link", name="Indlæs liste").first.click()
    admin.reads("Indlæs liste")
    admin.finds_it_fits_every_screen()
    page.locator("input[type=file]").set_input_files(list_file)
    page.get_by_label("Dato for data").or_(page.locator("[name=as_of]")).first.fill("20.04.2021")
    page.locator("[name=groups]").fill("7")
    page.get_by_role("button", name="Indlæs, og gennemse").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("Gennemse listen"))).to_be_visible(timeout=30_000)
    admin.finds_the_page_accessible()
    admin.finds_it_fits_every_screen()
    listed = NonresponderList.objects.get()
    assert (listed.counts["new"], listed.counts["unreadable"]) == (4, 1)
    page.get_by_role("button", name="Godkend, og indlæs").click()
    page.get_by_role("dialog").get_by_role("button", name="Godkend, og indlæs").click()
    expect(page.get_by_text("Modtaget").first).to_be_visible()
    admin.finds_the_page_accessible()
    listed.refresh_from_db()
    assert listed.state == ListState.COMMITTED
    with data_context(job(ISHOEJ)):
        steps = sorted(FollowUp.objects.values_list("next_step_kind", flat=True))
    assert steps == ["call", "call", "call", "lookup"]


def the_region_plans_a_site(planner: Visitor) -> None:
    page = planner.page
    planner.logs_in("regionsplanlaegger")
    planner.opens("popup_sites:site_create")
    page.get_by_label("Kommune").select_option(str(ISHOEJ))
    page.get_by_role("button", name="Næste").click()
    page.get_by_label("Navn", exact=True).fill("Havrevænget, beboerhuset")
    page.get_by_label("Adresse").fill("Havrevænget 2, 2635 Ishøj")
    page.locator("[name=place]").select_option(index=1)
    planner.finds_the_page_accessible()
    page.get_by_role("button", name="Opret, og planlæg åbningstid").click()
    planner.reads("Planlæg åbningstid")
    page.locator("[name=day]").fill("22.04.2021")
    page.locator("[name=starts]").fill("14")
    page.locator("[name=ends]").fill("20")
    page.locator("[name=new_team]").fill("Mobilt team 1")
    page.locator("[name=vaccinators]").fill("2")
    page.locator("[name=minutes_per_dose]").fill("6")
    page.locator("[name=doses]").fill("100")
    page.get_by_role("button", name="Næste").click()
    planner.reads("Planlæg åbningstid")
    page.get_by_role("button", name="Opret", exact=True).click()
    planner.reads("Havrevænget, beboerhuset")
    page.get_by_role("button", name=re.compile("Offentliggør")).first.click()
    dialog = page.get_by_role("dialog")
    if dialog.is_visible():
        dialog.get_by_role("button", name=re.compile("Offentliggør")).click()
    expect(page.get_by_text("Offentliggjort").first).to_be_visible()
    planner.finds_it_fits_every_screen()
    planner.opens("reports:overview")
    planner.opens("reports:uptake")


def the_team_lead_acknowledges_it(lead: Visitor) -> None:
    page = lead.page
    lead.logs_in("teamleder")
    lead.opens("popup_sites:site_index")
    page.get_by_role("main").get_by_role("link", name=re.compile("Havrevænget")).first.click()
    lead.reads("Havrevænget, beboerhuset")
    page.get_by_label("Bemærkning til regionen").first.fill("Vi ringer til beboerne.")
    page.get_by_role("button", name="Kvittér").first.click()
    expect(page.get_by_text("Vi ringer til beboerne.").first).to_be_visible()
    lead.finds_the_page_accessible()


def the_caseworker_calls(caseworker: Visitor) -> None:
    page = caseworker.page
    caseworker.logs_in("sagsbehandler")
    caseworker.opens("campaigns:next_citizen")
    page.keyboard.press("n")
    caseworker.reads("Testperson")
    caseworker.finds_it_fits_every_screen()
    page.keyboard.press("q")
    expect(page.locator("#next-step")).to_contain_text("Ring igen")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name=re.compile("Fortryd"))).to_be_visible()
    caseworker.reads("Testperson")
    page.get_by_role("radio", name="Ønsker ikke").check()
    page.locator("[name=barrier][value=distrust]").check()
    page.get_by_role("button", name="Gem", exact=True).click()
    caseworker.finds_the_page_accessible()
    with data_context(job(ISHOEJ)):
        outcomes = sorted(FollowUp.objects.exclude(outcome="").values_list("outcome", "status"))
    assert ("declined", "closed") in outcomes
    caseworker.opens("campaigns:lookups")
    caseworker.finds_it_fits_every_screen()
    caseworker.opens("campaigns:ring_back")
    page.locator("main input[type=tel], main input[type=text]").first.fill("43 12 34 01")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("Testperson 1").first).to_be_visible()
    caseworker.finds_the_page_accessible()


def the_team_lead_sees_where_it_stands(lead: Visitor) -> None:
    lead.logs_in("teamleder")
    for name in (
        "reports:overview",
        "campaigns:queue",
        "campaigns:messages",
        "registry:list_index",
        "reports:uptake",
        "reports:status_note",
        "campaigns:search",
        "accessibility",
    ):
        lead.opens(name)
        lead.finds_it_fits_every_screen()
    lead.opens("reports:status_note")
    group_seven = lead.page.get_by_role("row").filter(has_text=re.compile(r"\b7\b")).first
    # Four on the list in group 7: three known and one whom the registry did not know (L8b).
    expect(group_seven).to_contain_text("4")


def test_english_is_in_the_user_menu(municipality: Municipality, visitor: Callable[[], Visitor]) -> None:
    staff(Role.CASEWORKER, "sagsbehandler")
    guest = visitor()
    guest.logs_in("sagsbehandler")
    guest.page.locator("details.user-menu > summary").click()
    guest.page.get_by_role("button", name="English").first.click()
    expect(guest.page.locator("html")).to_have_attribute("lang", "en")
    guest.finds_the_page_accessible()
