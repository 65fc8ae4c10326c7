"""Somebody at a browser who has put the mouse away: every step is a key, and a pointer is a fault."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Visitor
from tests.factories.morning import At, Text

# As far as anybody would press Tab on one page.
MOST_TABS = 150
NO_POINTER = "addEventListener('pointerdown', () => console.error('A pointer was used'), true)"
FOCUSED = """() => {
    const at = document.activeElement;
    const name = at.getAttribute("aria-label") ?? at.labels?.[0]?.innerText ?? at.innerText ?? "";
    return { field: at.name ?? "", name: name.replace(/\\s+/g, " ").trim() };
}"""


class Hands:
    """Ten fingers on the keyboard of a visitor's browser."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page
        self.page.context.add_init_script(NO_POINTER)

    def press(self, *keys: str | At | Text) -> None:
        """Press these, one after another; `At` tabs on to a field, `Text` is typed."""
        for key in keys:
            if isinstance(key, At):
                self._tab_until("field", key.name)
            elif isinstance(key, Text):
                self.page.keyboard.type(key.text)
            else:
                self.page.keyboard.press(key)

    def leaves_with(self, *keys: str | At | Text) -> None:
        """Press these, and let the page that they open be ready for the next key."""
        with self.page.expect_navigation():
            self.press(*keys)

    def tabs_to(self, name: str) -> None:
        """Tab on to the link, button or field whose name begins so."""
        self._tab_until("name", name)

    def enters(self, name: str) -> None:
        """Tab on to it and press Enter, which opens a page."""
        self.tabs_to(name)
        self.leaves_with("Enter")

    def logs_in(self, address: str, username: str) -> None:
        """The only address that is typed; from here on the keys lead."""
        self.page.goto(address)
        self.press(At("login"), Text(username), At("password"), Text(PASSWORD), "Enter")
        self.page.wait_for_url(lambda url: "login" not in url and "log-ind" not in url)

    def goes_to(self, place: str) -> None:
        """By the menu."""
        self.enters(place)
        expect(self.page.get_by_role("heading", level=1, name=place)).to_be_visible()

    @property
    def heading(self) -> str:
        """What the page is called."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def _tab_until(self, what: str, wanted: str) -> None:
        seen = []
        for _tab in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            seen.append(self.page.evaluate(FOCUSED)[what])
            if seen[-1] == wanted or (what == "name" and seen[-1].startswith(wanted)):
                return
        raise AssertionError(f"Tab never came to »{wanted}«, but to {list(dict.fromkeys(seen))}")
