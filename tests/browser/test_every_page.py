"""Every page of the site, opened once: axe, small screens, the keyboard, and what is left without a script (A7).

Django writes the pages first; the browser then gets them from memory, so that no server and no log-in is waited for.
"""

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse
from playwright.sync_api import Browser, Page, Route

from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from tests.factories.cast import client_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.world import World, world_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
MATRIX = Path(__file__).resolve().parents[1] / "structure" / "access_matrix.csv"
NOW = datetime(2021, 4, 20, 9, 20, tzinfo=ZoneInfo("Europe/Copenhagen"))
ORIGIN = "http://opsoeg.test"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
# 1280 px at 200 % and at 400 % zoom (WCAG 1.4.4, 1.4.10); two windows beside each other; a desk.
WIDTHS = (320, 640, 720, 1440)
STRANGER = ""
# Looked at in the drills: minutes of a browser.
MANY_PAGES = (Role.TEAM_LEAD, Role.LIST_ADMIN)


@dataclass(frozen=True)
class Opened:
    """One page as Django wrote it."""

    path: str
    html: str


def owner_of_each_page() -> dict[str, list[str]]:
    """Role → names of the pages looked at as that role: each page once, the front page as everybody."""
    pages: dict[str, list[str]] = {STRANGER: [], **{role: ["reports:overview"] for role in Role}}
    with MATRIX.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            roles = [STRANGER] if row["roles"] == "*" else [role for role in row["roles"].split() if role in pages]
            if row["method"] == "GET" and roles:
                pages[roles[0]].append(row["url_name"])
    return pages


def written_by_django(client: Client, names: list[str], world: World) -> Iterator[Opened]:
    """The whole pages among these addresses; files, fragments and redirects are left out."""
    parameters = {name: list(pattern.converters) for name, pattern in _patterns()}
    for name in names:
        path = reverse(name, kwargs={key: asdict(world)[key] for key in parameters[name]})
        answer = client.get(path)
        if answer.status_code == 200 and not answer.streaming and b"<html" in answer.content:
            yield Opened(path, answer.content.decode())


def _patterns(patterns: list | None = None, prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif pattern.name:
            yield f"{prefix}{pattern.name}", pattern.pattern


# Which controls of a page give no sign of being focused; the page was just used by keyboard.
WITHOUT_A_MARK = """() => [...document.querySelectorAll('[href], button, input, select, textarea, summary, [tabindex]')]
  .filter(control => control.checkVisibility({visibilityProperty: true}) && !control.disabled && control.tabIndex >= 0)
  .filter(control => {
    const marked = [control, ...(control.labels ?? [])];
    const looks = () => marked.map(element => ['', '::before', '::after'].map(part => {
      const style = getComputedStyle(element, part);
      return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor].join();
    }).join()).join();
    document.activeElement?.blur();
    const before = looks();
    control.focus();
    return document.activeElement !== control || looks() === before;
  }).map(control => control.outerHTML.slice(0, 160))"""
# Tab goes through the page in the order it is read, and reaches everything that can be pressed.
OUT_OF_TAB = """() => [...document.querySelectorAll('main [tabindex], header [tabindex]')]
  .filter(element => element.tabIndex > 0).map(element => element.outerHTML.slice(0, 160))"""
# What Django wrote, before any script ran: a button has a form, and nothing that asks for an answer is hidden.
DEAD_WITHOUT_SCRIPT = """html => {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const dead = button => button.type !== 'submit' || !button.form || !(button.form.id || button.form.method);
  const buttons = [...page.querySelectorAll('main button')].filter(button => !button.closest('dialog'));
  const fields = [...page.querySelectorAll('main [hidden] :is(input:not([type=hidden]), select, textarea)')];
  const requests = [...page.querySelectorAll('main [hx-post], main [hx-put], main [hx-delete]')]
    .filter(element => !element.matches('form, button, a[href], form *'));
  return [...buttons.filter(dead), ...fields, ...requests].map(element => element.outerHTML.slice(0, 160));
}"""


def faults_of(page: Page, opened: Opened) -> Iterator[str]:
    page.goto(ORIGIN + opened.path)
    for violation in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
        yield f"axe {violation['id']}: {[node['html'][:160] for node in violation['nodes']]}"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if too_wide > 0:
            yield f"{too_wide} px too wide at {width} px"
    page.keyboard.press("Tab")
    yield from (f"no mark when focused: {found}" for found in page.evaluate(WITHOUT_A_MARK))
    yield from (f"out of the tab order: {found}" for found in page.evaluate(OUT_OF_TAB))
    yield from (f"dead without a script: {found}" for found in page.evaluate(DEAD_WITHOUT_SCRIPT, opened.html))


@pytest.mark.parametrize(
    "role",
    [pytest.param(role, marks=[pytest.mark.drill] if role in MANY_PAGES else []) for role in owner_of_each_page()],
    ids=lambda role: role or "stranger",
)
def test_every_page_can_be_used_by_everybody(role: str, db: None, browser: Browser) -> None:
    set_demo_clock(NOW)
    world = world_in(ISHOEJ, NOW, "7110394002")
    client = client_with_role(Role(role)) if role else Client()
    pages = list(written_by_django(client, owner_of_each_page()[role], world))
    assert pages, "nobody may open a page as this role: the matrix has changed"
    page = browser.new_page(viewport={"width": WIDTHS[-1], "height": 900})
    page.route(f"{ORIGIN}/**", lambda route: _hand_over(route, {opened.path: opened.html for opened in pages}))
    found = [f"{opened.path} {fault}" for opened in pages for fault in faults_of(page, opened)]
    page.close()
    assert not found, "\n".join(found)


def _hand_over(route: Route, pages: dict[str, str]) -> None:
    path = route.request.url.removeprefix(ORIGIN)
    # What a page asks for again by itself (a part of the same address) leaves it as it was written.
    if path in pages and "hx-request" not in route.request.headers:
        route.fulfill(body=pages[path], content_type="text/html; charset=utf-8")
    elif path.startswith("/static/"):
        file = settings.BASE_DIR / path.lstrip("/")
        route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
    else:
        route.fulfill(status=204)
