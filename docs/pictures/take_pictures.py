"""Take the pictures of README and docs from a running demo.

    bin/demo                                                   # in one terminal
    .venv/bin/python docs/pictures/take_pictures.py            # in another, from the project's root

Writes the pictures that README shows beside itself. To look at every page as somebody works with it:
`--all --full --wide 1440 --wide 720 --wide 390 --folder /tmp/pictures`; what scrolls sideways is said.
"""

import argparse
import os
import sys
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


from tests.browser_program import ARGUMENTS, find_browser

HERE = Path(__file__).parent
PASSWORD = "demo-adgang-1"  # noqa: S105  as bin/demo prints it
SHOWN = ["overblik", "opkald", "indbakke", "kvittering", "statusnotat"]
# File name, who looks, and the page's path; after each " > " what is pressed there.
PAGES = [
    ("overblik", "sagsbehandler", "/"),
    ("opkald", "sagsbehandler", "/opkald/naeste/"),
    ("naeste-borger", "sagsbehandler", "/opkald/naeste/"),
    ("borger", "sagsbehandler", "/bookingoensker/ > main tbody a >> nth=0 > main a[href^='/borger/'] >> nth=0"),
    ("mangler-nummer", "sagsbehandler", "/mangler-nummer/"),
    ("soeg", "sagsbehandler", "/soeg/"),
    ("ring-tilbage", "sagsbehandler", "/ring-tilbage/"),
    ("indbakke", "sagsbehandler", "/indbakke/"),
    ("samtale", "sagsbehandler", "/indbakke/ > main .conversation-list__link >> nth=0"),
    ("bookingoensker", "sagsbehandler", "/bookingoensker/"),
    ("bookingoenske", "sagsbehandler", "/bookingoensker/ > main tbody a >> nth=0"),
    ("forloeb", "sagsbehandler", "/forloeb/"),
    ("forloeb-et", "sagsbehandler", "/forloeb/ > main tbody a >> nth=0"),
    ("ny-sag", "sagsbehandler", "/borgere/ny-sag/"),
    ("borger-opret", "sagsbehandler", "/borgere/ny/"),
    ("forskelle", "sagsbehandler", "/borgere/forskelle/"),
    ("tilbagemeldinger", "sagsbehandler", "/kvalitet/mine/"),
    ("lister", "listeadmin", "/lister/"),
    ("kvittering", "listeadmin", "/lister/ > main a[href^='/lister/']:not([href*='indlaes']) >> nth=0"),
    ("indlaes", "listeadmin", "/lister/indlaes/"),
    ("bestillinger", "listeadmin", "/lister/bestillinger/"),
    ("udvalg", "listeadmin", "/lister/udvalg/"),
    ("udvalg-nyt", "listeadmin", "/lister/udvalg/nyt/"),
    ("tidligere-svar", "listeadmin", "/lister/tidligere-svar/"),
    ("borgere-indlaes", "listeadmin", "/borgere/indlaes/"),
    ("api-noegler", "listeadmin", "/adgang/api-noegler/"),
    ("listeadmin-overblik", "listeadmin", "/"),
    ("statusnotat", "teamleder", "/statusnotat/"),
    ("tilslutning", "teamleder", "/tilslutning/"),
    ("teamleder-overblik", "teamleder", "/"),
    ("koe", "teamleder", "/opkaldskoe/"),
    ("frister", "teamleder", "/frister/"),
    ("kvalitet", "teamleder", "/kvalitet/"),
    ("arbejdsmaengde", "teamleder", "/arbejdsmaengde/"),
    ("sms", "teamleder", "/sms/"),
    ("sms-ny", "teamleder", "/sms/ny/"),
    ("sms-godkend", "teamleder", "/sms/ > main tbody a >> nth=0"),
    ("sms-resultat", "teamleder", "/sms/ > main tbody a >> nth=-1"),
    ("sms-beskeder", "teamleder", "/sms/beskeder/"),
    ("breve", "teamleder", "/breve/"),
    ("brevbunke", "teamleder", "/breve/ > main tbody a[href^='/breve/'] >> nth=0"),
    ("brev-afsender", "teamleder", "/breve/afsender/"),
    ("sms-regler", "teamleder", "/sms/regler/"),
    ("paamindelser", "teamleder", "/bookingoensker/paamindelser/"),
    ("tekster", "teamleder", "/administration/tekster/"),
    ("tekst", "teamleder", "/administration/tekster/sms/please_call/da/"),
    ("tekst-ret", "teamleder", "/administration/tekster/sms/please_call/da/ret/"),
    ("tekst-arabisk", "teamleder", "/administration/tekster/script/covid-19/ar/"),
    ("kontaktplan", "teamleder", "/administration/kontaktplan/"),
    ("kontaktplan-ret", "teamleder", "/administration/kontaktplan/1/"),
    ("samtaler", "raadgiver", "/samtaler/"),
    ("fagsamtale", "raadgiver", "/samtaler/ > main tbody button >> nth=0"),
    ("raadgiver-overblik", "raadgiver", "/"),
    ("bookinger", "bookingvagt", "/region/bookinger/"),
    ("booking", "bookingvagt", "/region/bookinger/ > main tbody a >> nth=0"),
    ("booking-taget", "bookingvagt", "/region/bookinger/ > main tbody button >> nth=0"),
    ("bookingvagt-overblik", "bookingvagt", "/"),
    ("leder-overblik", "leder", "/"),
    ("pop-up", "regionsplanlaegger", "/pop-up-steder/"),
    ("pop-up-opret", "regionsplanlaegger", "/pop-up-steder/opret/"),
    ("pop-up-sted", "regionsplanlaegger", "/pop-up-steder/ > main tbody a >> nth=0"),
    ("region-overblik", "regionsplanlaegger", "/"),
    ("region-tilslutning", "regionsplanlaegger", "/tilslutning/"),
    ("adgangslog", "kontrollant", "/adgangslog/"),
    ("offentlig", "", "/pop-up/"),
    ("offentlig-engelsk", "", "/pop-up/en/"),
    ("log-ind", "", "/log-ind/"),
    ("tilgaengelighed", "", "/tilgaengelighed/"),
]


def main() -> None:
    options = _options()
    wanted = [each for each in PAGES if options.all or each[0] in (options.only or SHOWN)]
    program = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program.path, args=[*ARGUMENTS, "--no-sandbox"], env={**os.environ, **program.environment}
        )
        for width in options.wide or [1440]:
            for username in dict.fromkeys(username for _, username, _ in wanted):
                context = browser.new_context(viewport={"width": width, "height": 960}, locale="da-DK")
                page = context.new_page()
                page.set_default_timeout(15_000)
                if username:
                    _log_in(page, options.address, username)
                for name, who, path in wanted:
                    if who == username:
                        try:
                            _take(page, options, name, path, width)
                        except PlaywrightError as error:
                            sys.stderr.write(f"{name} at {width} px: {error}\n")
                context.close()
        browser.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--folder", type=Path, default=HERE)
    parser.add_argument("--wide", type=int, action="append")
    parser.add_argument("--only", action="append", help="the name of a page; repeatable")
    parser.add_argument("--all", action="store_true", help="every page, not only those that README shows")
    parser.add_argument("--full", action="store_true", help="the whole page, not only the first screen")
    return parser.parse_args()


def _log_in(page: Page, address: str, username: str) -> None:
    page.goto(f"{address}/log-ind/")
    page.get_by_label("Brugernavn").fill(username)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
    page.wait_for_load_state("networkidle")


def _take(page: Page, options: argparse.Namespace, name: str, path: str, width: int) -> None:
    address, *pressed = path.split(" > ")
    page.goto(options.address + address)
    for selector in pressed:
        page.locator(selector).click()
    if name == "opkald":
        main = page.locator("main")
        begun = main.get_by_role("link", name="Fortsæt opkaldet")
        (begun if begun.count() else main.get_by_role("button", name="Næste borger").first).click()
    page.wait_for_load_state("networkidle")
    suffix = "" if options.wide is None else f"-{width}"
    page.screenshot(path=options.folder / f"{name}{suffix}.png", full_page=options.full)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        sys.stderr.write(f"{name} at {width} px scrolls sideways\n")


if __name__ == "__main__":
    main()
