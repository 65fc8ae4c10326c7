"""A site with its worker, and people who use it in a browser; every page they open is held against axe."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.process_worker import process_worker

PASSWORD = "adgang-til-test-1"
PHONE, HALF_SCREEN, DESKTOP = 390, 720, 1440


class Visitor:
    """One person at one browser. Faults of the page's own scripts and of the content policy fail the test."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.faults: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        # A refused form (422) is an answer, and a fragment given up because the page was left is no fault; the
        # browser and htmx report both as errors.
        harmless = ("status of 4", "htmx:sendAbort", "htmx:afterRequest")
        if message.type == "error" and not any(words in message.text for words in harmless):
            self.faults.append(message.text)

    def logs_in(self, username: str) -> None:
        self.page.goto(self.address + reverse("account_login"))
        self.finds_the_page_accessible()
        self.page.get_by_label("Brugernavn").fill(username)
        self.page.get_by_label("Adgangskode").fill(PASSWORD)
        self.page.get_by_role("button", name="Log ind").click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def opens(self, url_name: str, *arguments: object) -> None:
        self.page.goto(self.address + reverse(url_name, args=arguments))
        self.finds_the_page_accessible()

    def reads(self, heading: str) -> None:
        """The page that now shows has this heading and no fault that axe can find."""
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        self.finds_the_page_accessible()

    def finds_the_page_accessible(self) -> None:
        found = Axe().run(self.page)
        assert not found.response["violations"], f"{self.page.url}\n{found.generate_report()}"
        assert not self.faults, f"{self.page.url}\n" + "\n".join(self.faults)

    def finds_it_fits_every_screen(self) -> None:
        """Nothing sticks out to the side at the widths people use."""
        for width in (PHONE, HALF_SCREEN, DESKTOP):
            self.page.set_viewport_size({"width": width, "height": 900})
            too_wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert too_wide <= 0, f"{self.page.url} is {too_wide} px too wide at {width} px"


@pytest.fixture
def visitor(browser: Browser, live_server: LiveServer, browser_context_args: dict) -> Iterator:
    """Makes visitors, each with cookies of their own."""
    contexts: list[BrowserContext] = []

    def make() -> Visitor:
        contexts.append(browser.new_context(**browser_context_args, viewport={"width": DESKTOP, "height": 1000}))
        contexts[-1].set_default_timeout(10_000)
        return Visitor(contexts[-1], live_server.url)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """A real worker on the real broker, in a process of its own."""
    with process_worker():
        yield
