"""What our scripts add to a page: keys, menus, dialogs, fragments. Pages are handed to the browser without a server."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler
from playwright.sync_api import Page, Route, expect

from outreach.design.frame import Frame, NavGroup, NavItem
from outreach.design.widgets import ButtonChoice, FileDrop

pytestmark = pytest.mark.browser

ORIGIN = "http://opsoeg.test"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
SOURCE = """{% extends "base.html" %}{% block title %}Opkald{% endblock %}{% block content %}
<c-page-header title="Opkald" />
<form method="post" action="/gem/" data-submit-hotkey novalidate>{% csrf_token %}
  {{ form }}
  <div data-shown-when="outcome:declined"><label for="reason">Grund</label><input id="reason" name="reason"></div>
  <c-button name="save" value="next" data-default>Gem og næste</c-button>
</form>
<form method="post" action="/afvis/">{% csrf_token %}
  <c-button kind="secondary" data-confirm="Afvis listen?" data-confirm-verb="Afvis">Afvis listen</c-button>
</form>
<p>CPR <c-cpr masked="710139-••••" reveal_url="/vis/" target="cpr" /></p>
<div id="rows"><button type="button" hx-get="/flere/" hx-target="#rows">Vis flere</button></div>
<c-undo-bar url="/fortryd/" seconds="2">Gemt</c-undo-bar>
{% endblock %}"""
FRAME = Frame(
    organisation_name="Ishøj Kommune",
    role_name="Sagsbehandler",
    user_name="Mette Holm",
    user_initials="MH",
    nav_groups=[NavGroup("", [NavItem("Opkald", "/opkald/", "calls", active=True)])],
    search_url="/find/",
)
Posted = list[tuple[str, str]]


class AnswerForm(forms.Form):
    """An outcome with keys, a note and a file."""

    outcome = forms.ChoiceField(
        label="Svar",
        choices=[("declined", "Ønsker ikke"), ("no_answer", "Intet svar")],
        widget=ButtonChoice(hotkeys={"declined": "7", "no_answer": "q"}),
    )
    note = forms.CharField(label="Note", widget=forms.Textarea)
    file = forms.FileField(label="Fil", required=False, widget=FileDrop())


def _document() -> str:
    template = engines["django"].from_string(CottonCompiler().process(SOURCE))
    return template.render({"frame": FRAME, "form": AnswerForm()}, RequestFactory().get("/opkald/"))


@pytest.fixture
def answers() -> dict[str, tuple[int, str]]:
    """Status and body by path; a test adds its own."""
    return {
        "/flere/": (200, '<p data-focus tabindex="-1">10 til</p>'),
        "/vis/": (200, '<span id="cpr">710139-1234</span>'),
    }


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains about, content policy included; asked for before the page opens."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def posted(page: Page, settings: Any, answers: dict[str, tuple[int, str]]) -> Posted:
    """Open the page; the list fills with (path, body) of what is posted."""
    settings.ROOT_URLCONF = "tests.unit.design.addresses"  # only what the frame links to
    sent: Posted = []

    def answer(route: Route) -> None:
        request = route.request
        path = request.url.removeprefix(ORIGIN).split("?")[0]
        if path.startswith("/static/"):
            file = settings.BASE_DIR / path.removeprefix("/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
            return
        if request.method == "POST":
            sent.append((path, request.post_data or ""))
        status, body = answers.get(path, (200, ""))
        if path == "/opkald/":
            body = _document()
        route.fulfill(
            status=status,
            body=body,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": POLICY},
        )

    page.route(f"{ORIGIN}/**", answer)
    page.goto(f"{ORIGIN}/opkald/")
    return sent


def test_keys_choose_an_outcome_but_not_while_typing(page: Page, posted: Posted) -> None:
    page.keyboard.press("q")
    expect(page.get_by_label("Intet svar")).to_be_checked()
    page.get_by_label("Note").press("7")
    expect(page.get_by_label("Intet svar")).to_be_checked()
    expect(page.get_by_label("Note")).to_have_value("7")


def test_slash_goes_to_the_search(page: Page, posted: Posted) -> None:
    page.keyboard.press("/")
    expect(page.get_by_label("Find borger")).to_be_focused()


def test_control_enter_saves_from_the_note(page: Page, posted: Posted) -> None:
    page.get_by_label("Note").press("Control+Enter")
    page.wait_for_url(f"{ORIGIN}/gem/")
    assert [path for path, _ in posted] == ["/gem/"]
    assert 'name="save"' in posted[0][1] or "save=next" in posted[0][1]


def test_a_part_shows_for_its_answer_only(page: Page, posted: Posted) -> None:
    expect(page.get_by_label("Grund")).to_be_hidden()
    page.keyboard.press("7")
    expect(page.get_by_label("Grund")).to_be_visible()


def test_a_confirmed_form_is_sent_and_a_regretted_one_is_not(page: Page, posted: Posted) -> None:
    page.get_by_role("button", name="Afvis listen").click()
    expect(page.get_by_role("dialog")).to_contain_text("Afvis listen?")
    page.get_by_role("button", name="Nej, bliv her").click()
    assert posted == []
    page.get_by_role("button", name="Afvis listen").click()
    page.get_by_role("button", name="Afvis", exact=True).click()
    page.wait_for_url(f"{ORIGIN}/afvis/")
    assert [path for path, _ in posted] == ["/afvis/"]


def test_a_fragment_brings_its_focus(page: Page, posted: Posted) -> None:
    page.get_by_role("button", name="Vis flere").click()
    expect(page.get_by_text("10 til")).to_be_focused()


def test_cpr_is_shown_in_place_and_the_token_goes_along(page: Page, posted: Posted) -> None:
    with page.expect_request(f"{ORIGIN}/vis/") as asked:
        page.get_by_role("button", name="Vis hele CPR-nummeret").click()
    assert len(asked.value.headers["x-csrftoken"]) > 30
    expect(page.locator("#cpr")).to_have_text("710139-1234")


@pytest.mark.parametrize(("status", "words"), [(500, "ikke gemt noget"), (403, "ikke adgang til")])
def test_a_failed_fragment_is_said(
    page: Page, posted: Posted, answers: dict[str, tuple[int, str]], status: int, words: str
) -> None:
    answers["/flere/"] = (status, "")
    page.get_by_role("button", name="Vis flere").click()
    expect(page.locator("#live-messages")).to_contain_text(words)


def test_menu_closes_on_escape_and_gives_focus_back(page: Page, posted: Posted) -> None:
    summary = page.locator(".user-menu summary")
    summary.click()
    expect(page.locator(".user-menu__panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".user-menu__panel")).to_be_hidden()
    expect(summary).to_be_focused()


def test_undo_bar_leaves_when_its_time_is_up(page: Page, posted: Posted) -> None:
    expect(page.locator(".undo-bar")).to_have_count(0, timeout=5000)


def test_chosen_file_is_named(page: Page, posted: Posted) -> None:
    page.get_by_label("Fil").set_input_files({"name": "uge16.xlsx", "mimeType": "", "buffer": b"x" * 2000})
    expect(page.locator("[data-chosen-file]")).to_have_text("uge16.xlsx · 2 KB")


@pytest.mark.parametrize("width", [1440, 720, 390])
def test_page_fits_and_has_no_violations(page: Page, complaints: list[str], posted: Posted, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).response["violations"] == []
    assert complaints == []
