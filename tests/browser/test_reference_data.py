"""Reference data as a list administrator keeps it in a browser: a row mended, a file tried and taken in."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from outreach.command import parse_moment
from registry.models import HousingArea, Institution, InstitutionKind
from tests.factories.cast import user_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def institutions(transactional_db: None) -> list[Institution]:
    """Some institutions of Ishøj, one from the register and one closed."""
    set_demo_clock(parse_moment("2021-04-20T09:20"))
    user_with_role(Role.LIST_ADMIN, username="listeadmin")
    HousingArea.objects.create(municipality_id=ISHOEJ, name="Vejleåparken", parish_id=7151, invented=True)
    rows = [
        ("101001", "Ærøskolen (opdigtet)", InstitutionKind.SCHOOL, "Folkeskoler"),
        ("101002", "Forberedende grunduddannelse Strandmarken (opdigtet)", InstitutionKind.FGU, ""),
        ("101003", "Plejecenter Rugmarken (opdigtet)", InstitutionKind.CARE_HOME, ""),
    ]
    return [
        Institution.objects.create(
            number=number,
            name=name,
            kind=kind,
            municipality_id=ISHOEJ,
            parish_id=7151,
            address="Ishøj Strandvej 100, 2635 Ishøj",
            register_type=register_type,
            invented=True,
        )
        for number, name, kind, register_type in rows
    ]


def test_a_list_admin_keeps_the_reference_data(visitor, institutions: list[Institution], tmp_path: Path) -> None:
    admin = visitor()
    page = admin.page
    admin.logs_in("listeadmin")
    page.get_by_role("link", name="Stamdata").first.click()
    admin.reads("Stamdata")
    admin.finds_it_fits_every_screen()

    page.get_by_role("link", name="Institutioner").click()
    admin.reads("Institutioner")
    admin.finds_it_fits_every_screen()
    page.get_by_role("link", name="Ærøskolen (opdigtet)").click()
    admin.reads("Ærøskolen (opdigtet)")
    page.get_by_label("Navn").fill("Fjordskolen (opdigtet)")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("»Fjordskolen (opdigtet)« er gemt.")).to_be_visible()
    page.get_by_role("link", name="Fjordskolen (opdigtet)").click()
    expect(page.get_by_text("Navn: Ærøskolen (opdigtet) → Fjordskolen (opdigtet)")).to_be_visible()
    admin.finds_it_fits_every_screen()

    page.get_by_role("link", name="Institutioner").first.click()
    page.get_by_role("link", name="Indlæs fil").click()
    admin.reads("Indlæs fil: Institutioner")
    admin.finds_it_fits_every_screen()
    hand_in(admin, tmp_path, ["101003;Plejecenter Nord;Plejehjem", "101004;Nyskolen;Rumskib"])
    expect(page.get_by_text("Type: »Rumskib« kendes ikke.")).to_be_visible()
    admin.reads("Se, hvad filen ændrer")
    admin.finds_it_fits_every_screen()

    page.get_by_role("link", name="Indlæs en ny fil").click()
    hand_in(admin, tmp_path, ["101003;Plejecenter Nord;Plejehjem", "101004;Nyskolen;Skole"])
    admin.reads("Se, hvad filen ændrer")
    admin.finds_it_fits_every_screen()
    page.get_by_role("button", name="Indlæs filen").click()
    expect(page.get_by_text("Filen er indlæst: 1 nye og 1 ændrede rækker.")).to_be_visible()
    assert Institution.objects.get(number="101003").name == "Plejecenter Nord"

    admin.opens("registry:reference_institutions_create")
    admin.finds_it_fits_every_screen()
    page.get_by_role("button", name="Gem").click()
    admin.reads("Opret institution")
    for name in ("housing_areas", "deadline_rules", "target_groups"):
        admin.opens(f"registry:reference_{name}")
        admin.finds_it_fits_every_screen()


def test_a_list_admin_makes_an_own_rule_and_reads_the_common_ones(visitor, institutions: list[Institution]) -> None:
    admin = visitor()
    page = admin.page
    admin.logs_in("listeadmin")
    admin.opens("registry:reference_reask_rules")
    page.get_by_role("link", name="Ønsker ikke vaccination").first.click()
    admin.reads("Ønsker ikke vaccination")
    expect(page.get_by_text("kan kun ses her")).to_be_visible()
    admin.finds_it_fits_every_screen()
    page.get_by_role("link", name="Tilbage til tabellen").click()

    page.get_by_role("link", name="Opret egen regel").click()
    admin.reads("Opret egen regel")
    page.get_by_label("Afsluttet fordi").select_option(label="Ønsker ikke vaccination")
    page.get_by_text("Spørg igen, når borgeren kommer i en ny målgruppe").click()
    page.get_by_label("Spørg igen efter så mange dage").fill("0")
    page.get_by_role("button", name="Gem").click()
    admin.reads("Opret egen regel")
    admin.finds_it_fits_every_screen()
    page.get_by_label("Spørg igen efter så mange dage").fill("90")
    page.get_by_role("button", name="Gem").click()
    admin.reads("Spørg igen")
    expect(page.get_by_text("i en ny målgruppe, efter 90 dage, i et nyt program")).to_be_visible()
    admin.finds_it_fits_every_screen()

    # The only municipality here: what is everybody's is its own to keep.
    admin.opens("registry:reference_target_groups")
    page.get_by_role("link", name="80–84").first.click()
    page.get_by_label("Pligt fra").fill("01.05.2021")
    admin.finds_it_fits_every_screen()
    user_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP, username="naboen")
    page.get_by_role("button", name="Gem").click()
    admin.opens("registry:reference_target_groups")
    expect(page.get_by_text("Den ændres af driften")).to_be_visible()
    admin.finds_it_fits_every_screen()


def test_refused_files_are_found_from_the_lists_and_removed(visitor, institutions, tmp_path: Path, settings) -> None:
    settings.DROP_FOLDER = tmp_path
    refused = tmp_path / "0183" / "afvist"
    refused.mkdir(parents=True)
    for stamp, name, sentence in (
        ("20210419T070000Z-00aa", "SSI_udtræk_til_opfølgning_på_ikke-tilmeldte_borgere_i_Ishøj_Kommune_uge_16.xlsx",
         "Navnet siger ikke, hvad listen er. Skriv det som covid-19_2021-04-20_22dage.xlsx."),
        ("20210420T060000Z-00ab", "gulfeber_2021-04-20_22dage.csv", "Programmet »gulfeber« findes ikke."),
    ):  # fmt: skip
        (refused / f"{stamp}_{name}").write_text("x", encoding="utf-8")
        (refused / f"{stamp}_{name}.txt").write_text(sentence, encoding="utf-8")
    admin = visitor()
    page = admin.page
    admin.logs_in("listeadmin")
    admin.opens("registry:list_index")
    admin.finds_it_fits_every_screen()
    page.get_by_role("link", name="Se hvorfor").click()
    admin.reads("Afviste filer")
    admin.finds_it_fits_every_screen()
    # Also the button at the end of a row, beside a name without a blank.
    page.set_viewport_size({"width": 720, "height": 900})
    place = page.get_by_role("button", name="Fjern SSI_udtræk").bounding_box()
    assert place is not None
    assert place["x"] + place["width"] <= 720
    page.get_by_role("button", name="Fjern gulfeber_2021-04-20_22dage.csv").click()
    page.get_by_role("button", name="Fjern filen").click()
    expect(page.get_by_text("Filen »gulfeber_2021-04-20_22dage.csv« er fjernet.")).to_be_visible()
    assert len(list(refused.iterdir())) == 2

    admin.opens("access:api_keys")
    admin.finds_it_fits_every_screen()


def hand_in(admin, folder: Path, rows: list[str]) -> None:
    file = folder / "institutioner.csv"
    file.write_text("\r\n".join(["Institutionsnummer;Navn;Type", *rows, ""]), encoding="utf-8-sig", newline="")
    admin.page.get_by_label("Fil", exact=True).set_input_files(file)
    admin.page.get_by_role("button", name="Se, hvad filen ændrer").click()
