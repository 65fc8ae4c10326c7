"""A list with every kind of row in a browser: decided by keyboard, in bulk and by search, undone, approved, printed."""

import os
import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from outreach.command import parse_moment
from registry.imports.lists import advance
from registry.models import FollowUp, ListState, Municipality, NonresponderList
from tests.browser.conftest import Visitor
from tests.factories.cast import client_with_role, user_with_role
from tests.factories.list_pages import committed, reviewed
from tests.factories.world import job, make_citizen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MORNING = parse_moment("2021-04-20T09:20")
ISHOEJ = 183
# Day+60 numbers, which the CPR register never issues.
KNOWN, DEAD, TWICE, GONE = "7110390002", "7201380003", "6301450005", "8102400006"
LAST_WEEK = [f"{KNOWN};Aase Birthe Mikkelsen;7;15-03-2021", f"{GONE};Gerda Gåsen;7;15-03-2021"]
NEW = [
    f"{61 + day}0145{serial:04d};Testperson {day * 3 + serial};7;22-03-2021" for day in range(9) for serial in (2, 4, 6)
]
THIS_WEEK = [
    f"{KNOWN};Aase Birthe Mikkelsen;7;22-03-2021",
    f"{DEAD};Dagny Død;7;22-03-2021",
    f"{TWICE};Inger Holm;3;22-03-2021",
    f"{TWICE};Inger Holm;7;15-03-2021",
    "123;Kort Nummer;7;22-03-2021",
    f"{NEW[0]}",
    f"{NEW[0]}",
    "101610004;Ni Cifre Nielsen;7;22-03-2021",
    "101610012;Ni Cifre Olsen;7;22-03-2021",
    "101610020;Ni Cifre Poulsen;7;22-03-2021",
    *NEW[1:],
]


@pytest.fixture
def listed(transactional_db: None) -> NonresponderList:
    """Last week's list in use, a death known to the registry, and this week's list ready for review."""
    set_demo_clock(MORNING)
    ishoej = Municipality.objects.get(code=ISHOEJ)
    sender = client_with_role(Role.LIST_ADMIN, username="afsender")
    committed(sender, LAST_WEEK, as_of="13.04.2021")
    with data_context(job(ISHOEJ)):
        make_citizen(ishoej, DEAD, "Dagny Død", MORNING, birth_date=date(1938, 1, 12), status="deceased")
        declined = FollowUp.objects.filter(citizen__name="Aase Birthe Mikkelsen")
        declined.update(outcome="declined", outcome_at=MORNING, barrier="distrust")
    found = reviewed(sender, THIS_WEEK)
    return advance(found.pk, now=MORNING)


@pytest.fixture
def admin(listed: NonresponderList, visitor: Callable[[], Visitor]) -> Visitor:
    user = user_with_role(Role.LIST_ADMIN, username="listeadmin")
    user.set_password("adgang-til-test-1")
    user.save()
    guest = visitor()
    guest.logs_in("listeadmin")
    guest.opens("registry:list_detail", listed.pk)
    return guest


def picture(page: Page, name: str) -> None:
    """Kept where OUTREACH_PICTURES says, for people to judge."""
    if folder := os.environ.get("OUTREACH_PICTURES"):
        for width in (1440, 720, 390):
            page.set_viewport_size({"width": width, "height": 1000})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True, caret="initial")
        page.set_viewport_size({"width": 1440, "height": 1000})


def decisions(listed: NonresponderList) -> list[tuple[int, str]]:
    with data_context(job(ISHOEJ)):
        rows = listed.list_rows.exclude(decision="").order_by("row_number")
        return list(rows.values_list("row_number", "decision"))


def focus_in_row(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('[data-row]')?.innerText ?? ''"))


@pytest.mark.timeout(180)
def test_a_list_is_decided_by_keyboard_in_bulk_and_by_search_then_approved_and_printed(
    listed: NonresponderList, admin: Visitor
) -> None:
    page = admin.page
    expect(page.locator(".decided__text")).to_have_text("6 af 6 mangler")
    admin.finds_it_fits_every_screen()
    picture(page, "review")

    # Row 3: the registry says dead, so the only choice is to skip; row 4 and 5 are one choice between two.
    page.locator(".table-scroll").first.focus()
    page.keyboard.press("j")
    assert "Dagny Død" in focus_in_row(page)
    page.keyboard.press("s")
    expect(page.locator(".decided__text")).to_have_text("5 af 6 mangler")
    assert "Dagny Død" in focus_in_row(page), "focus stays in the row after it was saved"
    page.keyboard.press("j")
    assert "Inger Holm" in focus_in_row(page)
    page.keyboard.press("1")
    expect(page.locator(".decided__text")).to_have_text("3 af 6 mangler")
    assert decisions(listed) == [(3, "skip"), (4, "import"), (5, "skip")]
    admin.finds_the_page_accessible()

    page.keyboard.press("f")
    expect(page.locator(".decided__text")).to_have_text("5 af 6 mangler")
    expect(page.locator("[data-row] .row-said:focus")).to_have_text("2 valg er gemt.")
    page.keyboard.press("1")
    expect(page.locator(".decided__text")).to_have_text("3 af 6 mangler")

    all_with_one_problem_are_taken_and_given_back(page, listed)
    a_search_stands_in_no_address(page, listed, admin)
    every_group_fits_and_reads(page, admin)
    the_list_is_approved(page, admin)
    the_files_say_what_happened(page)
    listed.refresh_from_db()
    assert listed.state == ListState.COMMITTED


def all_with_one_problem_are_taken_and_given_back(page: Page, listed: NonresponderList) -> None:
    # The number is on the button, asked once more, and can be taken back.
    page.get_by_role("button", name="Indlæs alle 3").click()
    page.get_by_role("dialog").get_by_role("button", name="Indlæs alle 3").click()
    expect(page.locator("p.row-said")).to_have_text("3 valg er gemt.")
    expect(page.locator("p.row-said")).to_be_focused()
    expect(page.locator(".decided__text")).to_have_text("Alle 6 er afgjort")
    picture(page, "decided")
    page.get_by_role("button", name=re.compile("^Fortryd det sidste")).click()
    expect(page.locator(".decided__text")).to_have_text("3 af 6 mangler")
    assert decisions(listed) == [(3, "skip"), (4, "import"), (5, "skip")]


def a_search_stands_in_no_address(page: Page, listed: NonresponderList, admin: Visitor) -> None:
    # It goes by POST: the name stands in no address.
    page.get_by_label("Find i gruppen").fill("olsen")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator("[data-row]")).to_have_count(1)
    assert "olsen" not in page.url.lower()
    admin.finds_the_page_accessible()
    picture(page, "search")
    page.locator("[data-row-check]").check(force=True)
    expect(page.locator("[data-chosen-count]")).to_have_text("1 række har flueben")
    page.get_by_role("button", name="Indlæs dem").click()
    expect(page.locator("p.row-said")).to_have_text("1 valg er gemt.")
    assert (10, "import") in decisions(listed)
    expect(page.locator("#godkend")).to_contain_text("2 rækker har du ikke taget stilling til")


def every_group_fits_and_reads(page: Page, admin: Visitor) -> None:
    for group in ("Kan ikke læses", "Nye", "Stadig på listen", "Ikke længere på listen", "Flyttet", "Står to gange"):
        page.locator(".tile", has_text=re.compile(group)).click()
        expect(page.locator(".panel__header h2").filter(has_text=group).first).to_be_visible()
        admin.finds_the_page_accessible()
        admin.finds_it_fits_every_screen()
        picture(page, f"group-{group.replace(' ', '-').lower()}")


def the_list_is_approved(page: Page, admin: Visitor) -> None:
    page.get_by_role("button", name="Godkend, og indlæs").click()
    page.get_by_role("dialog").get_by_role("button", name="Godkend, og indlæs").click()
    admin.reads("Kvittering for listen fra 20. april")
    admin.finds_it_fits_every_screen()
    picture(page, "receipt")


def the_files_say_what_happened(page: Page) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent som PDF").click()
    assert re.fullmatch(r"kvittering-uge16-liste\d+\.pdf", download.value.suggested_filename)
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    if folder := os.environ.get("OUTREACH_PICTURES"):
        download.value.save_as(Path(folder) / "receipt.pdf")
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").first.click()
    sheet = load_workbook(BytesIO(Path(download.value.path()).read_bytes())).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "Række"
    assert 6 in [row[0] for row in rows[1:]]
    assert "Kort Nummer" not in str(rows)


def test_without_script_every_choice_is_a_form(
    listed: NonresponderList, admin: Visitor, browser: object, browser_context_args: dict
) -> None:
    context = browser.new_context(  # type: ignore[attr-defined]
        **browser_context_args, java_script_enabled=False, storage_state=admin.page.context.storage_state()
    )
    page = context.new_page()
    page.goto(admin.page.url)
    page.get_by_role("radio", name=re.compile("^Række 4")).check()
    page.get_by_role("button", name="Gem valg").click()
    expect(page.get_by_text("1 valg er gemt.")).to_be_visible()
    assert decisions(listed) == [(4, "import"), (5, "skip")]
    page.get_by_role("button", name=re.compile("^Fortryd det sidste")).click()
    expect(page.get_by_text("2 valg er fortrudt.")).to_be_visible()
    page.get_by_role("button", name="Spring alle 3 over").click()
    expect(page.get_by_text("3 valg er gemt.")).to_be_visible()
    page.get_by_label("Find i gruppen").fill("9")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator("[data-row]")).to_have_count(1)
    assert decisions(listed) == [(9, "skip"), (10, "skip"), (11, "skip")]
    context.close()
