"""A citizen file through the page and the worker, a hand-made edit, and the choice when the next file differs."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from outreach.access.roles import Role
from tests.factories.cast import user_with_role
from tests.factories.registry import cpr_number, csv_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADER = ("cpr", "navn", "adresse", "postnr", "by", "mobil")
PEOPLE = [
    [cpr_number(1), "Aase Birthe Mikkelsen", "Vejleåparken 14, 3. tv", "2635", "Ishøj", "20 11 11 11"],
    [cpr_number(2), "Bent Holm", "Prøvevej 3", "2635", "Ishøj", "12"],
]


def hands_in(who, folder: Path, people: list[list[str]]) -> None:
    path = folder / "borgere.csv"
    path.write_bytes(csv_file(people, HEADER).getvalue())
    who.opens("registry:citizen_import")
    who.page.locator("input[type=file]").set_input_files(str(path))
    who.page.get_by_role("button", name="Indlæs borgere").click()
    expect(who.page.get_by_text("rækker · indlæst af")).to_be_visible(timeout=60_000)


def picture(who, name: str) -> None:
    """For the eye, where `OUTREACH_PICTURES` names a folder; that it fits is always held."""
    who.finds_the_page_accessible()
    who.finds_it_fits_every_screen()
    if folder := os.environ.get("OUTREACH_PICTURES"):
        for width in (390, 720, 1440):
            who.page.set_viewport_size({"width": width, "height": 900})
            who.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def test_a_file_is_read_an_edit_is_kept_and_the_next_file_asks(visitor, worker, tmp_path: Path) -> None:
    user_with_role(Role.LIST_ADMIN, username="admin")
    admin = visitor()
    admin.logs_in("admin")
    hands_in(admin, tmp_path, PEOPLE)
    picture(admin, "receipt")
    admin.opens("campaigns:search")
    admin.page.get_by_label("Navn, telefonnummer eller CPR-nummer").last.fill("Aase Birthe")
    admin.page.get_by_label("Navn, telefonnummer eller CPR-nummer").last.press("Enter")
    admin.page.get_by_role("link", name="Aase Birthe Mikkelsen").first.click()
    admin.page.get_by_role("link", name="Ret navn, adresse, numre og pårørende").click()
    picture(admin, "edit")
    admin.page.locator("#id_address").fill("Nyvej 2")
    admin.page.get_by_role("button", name="Gem rettelserne").click()
    expect(admin.page.get_by_text("Rettelserne er gemt.")).to_be_visible()
    hands_in(admin, tmp_path, PEOPLE)
    admin.page.get_by_role("link", name="Vælg jeres eller filens").click()
    expect(admin.page.get_by_text("Nyvej 2, 2635 Ishøj")).to_be_visible()
    picture(admin, "differences")
    admin.page.get_by_role("button", name="Behold jeres").first.click()
    expect(admin.page.get_by_text("1 valg er gemt.")).to_be_visible()
    admin.opens("registry:citizen_create")
    picture(admin, "create")
