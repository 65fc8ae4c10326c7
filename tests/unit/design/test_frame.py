"""The frame around pages."""

import datetime as dt
import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from outreach.design.frame import Frame, NavGroup, NavItem, RoleChoice, initials_of

FRAME = Frame(
    organisation_name="Ishøj Kommune",
    role_name="Sagsbehandler",
    user_name="Mette Holm",
    user_initials="MH",
    memberships=[
        RoleChoice("1", "Ishøj Kommune", "Sagsbehandler", True),
        RoleChoice("2", "Ishøj Kommune", "Teamleder"),
    ],
    nav_groups=[
        NavGroup("", [NavItem("Opkald", "/opkald/", "calls", count=1041, urgent=True, active=True)]),
        NavGroup("Følg", [NavItem("Lister", "/lister/", "lists", note="uge 16")]),
    ],
    list_status="Uge 16 · liste indlæst 20.04. kl. 9.14",
    list_status_url="/lister/16/",
    search_url="/find/",
    switch_role_url="/rolle/",
    log_out_url="/ud/",
    demo_time=dt.datetime(2021, 4, 20, 9, 20, tzinfo=ZoneInfo("Europe/Copenhagen")),
    version="0.1.0",
)


def _page(frame: Frame | None, template: str = "403.html", **context: object) -> str:
    request = RequestFactory().get("/lister/?page=2")
    return " ".join(render_to_string(template, {"frame": frame, **context}, request=request).split())


def _title(page: str) -> str:
    found = re.search("<title>(.*)</title>", page)
    assert found
    return " ".join(found[1].split())


@pytest.mark.parametrize(
    ("name", "initials"), [("Mette Holm", "MH"), ("Åse Birthe ørsted", "ÅØ"), ("mette", "M"), (" ", "")]
)
def test_initials_of(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_one_role_cannot_be_switched() -> None:
    assert FRAME.may_switch_role
    assert not replace(FRAME, memberships=FRAME.memberships[:1]).may_switch_role
    assert not replace(FRAME, switch_role_url="").may_switch_role


def test_frame_shows_who_where_and_how_the_week_stands() -> None:
    page = _page(FRAME)
    assert _title(page) == "Det har du ikke adgang til – Opsøg"
    assert "Ishøj Kommune · Sagsbehandler" in page
    assert "Uge 16 · liste indlæst 20.04. kl. 9.14" in page
    assert 'aria-current="page"> <span>Opkald</span>' in page
    assert 'nav-item__count--urgent">1.041<' in page
    assert ">uge 16<" in page
    assert "Demo-tid: 20.04.2021 kl. 9.20 – opdigtede data" in page
    assert 'id="site-search"' in page
    assert 'name="membership" value="2" aria-pressed="false"' in page
    assert 'name="next" value="/lister/?page=2"' in page
    assert page.count("<h1") == 1


def test_parts_without_a_value_are_left_out() -> None:
    page = _page(replace(FRAME, demo_time=None, search_url=None, list_status="", memberships=[]))
    for absent in ("demo-banner", "site-search", "site-header__status", "Arbejd som"):
        assert absent not in page


def test_without_a_frame_only_wordmark_and_language_show() -> None:
    page = _page(None)
    assert "site-header--bare" in page
    assert 'name="language" value="en"' in page
    assert "side-nav" not in page


def test_title_says_when_something_must_be_mended() -> None:
    assert _title(_page(FRAME, has_errors=True)).startswith("Fejl: Det har du ikke")


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404"])
def test_error_pages_say_what_to_do(name: str) -> None:
    page = _page(FRAME, f"{name}.html")
    assert page.count("<h1") == 1
    assert "Gå til Overblik" in page


def test_frame_speaks_english() -> None:
    with translation.override("en"):
        page = _page(FRAME)
    assert '<html lang="en">' in page
    assert "You do not have access to this" in page
    assert "Skip to content" in page
