"""Every component draws, and draws what docs/design.md says."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.paginator import Paginator

from .conftest import Draw

COMPONENTS = sorted(path.stem for path in (settings.BASE_DIR / "templates" / "cotton").glob("*.html"))

EXAMPLES = {
    "alert": (
        '<c-alert tone="warning" heading="Pas på" id="a">Tekst <c-slot name="actions">Ret</c-slot></c-alert>',
        'role="alert"',
    ),
    "bar": ('<c-bar :percent="1029.5" tone="light" />', 'width="1029.5%"'),
    "breadcrumb": (
        '<c-breadcrumb><c-crumb url="/lister/" first="1">Lister</c-crumb></c-breadcrumb>',
        'aria-label="Brødkrumme"',
    ),
    "button": (
        '<c-button kind="secondary" hotkey="n" name="go" small="1">Næste</c-button>',
        'data-hotkey="n" name="go"',
    ),
    "callout_number": (
        '<c-callout-number :number="1041" label="opkald er klar" note="i dag">x</c-callout-number>',
        ">1.041<",
    ),
    "cpr": ('<c-cpr masked="710139-••••" reveal_url="/vis/1/" target="cpr-1" />', 'formaction="/vis/1/"'),
    "crumb": ("<c-crumb>Uge 16</c-crumb>", 'aria-current="page"'),
    "empty": ('<c-empty title="Ingen lister endnu">Indlæs en fil.</c-empty>', "Indlæs en fil."),
    "error_summary": ('<c-error-summary :form="None" />', ""),
    "field": ('<c-field :of="field" />', ""),
    "icon": ('<c-icon name="lock" />', "icons.svg#lock"),
    "link_button": ('<c-link-button url="/x/" icon="upload">Indlæs</c-link-button>', 'href="/x/"'),
    "next_step": ("<c-next-step>Ring mandag</c-next-step>", "Næste skridt"),
    "page_header": ('<c-page-header title="Lister" lead="Ugens" />', "<h1>Lister</h1>"),
    "pagination": ('<c-pagination :page="page" />', "11–20 af 97"),
    "panel": (
        '<c-panel title="Forløb" note="3" tone="warning" class="span-6">x</c-panel>',
        "panel--warning span-6",
    ),
    "progress": (
        '<c-progress title="Læses" :done="1041" :total="2000" poll_url="/p/">x</c-progress>',
        'value="1041" max="2000"',
    ),
    "table": ('<c-table caption="Lister" cards="1"><tbody></tbody></c-table>', "table--cards"),
    "tag": ('<c-tag tone="danger" icon="lock">Beskyttet adresse</c-tag>', "mark--danger"),
    "tile": ('<c-tile :number="1041" label="Nye" url="#new" :current="True" />', 'aria-current="true"'),
    "timeline": ("<c-timeline>x</c-timeline>", "<ol"),
    "timeline_entry": (
        '<c-timeline-entry when="20.04." datetime="2021-04-20" detail="d">x</c-timeline-entry>',
        '<time datetime="2021-04-20"',
    ),
    "undo_bar": ('<c-undo-bar url="/fortryd/">Gemt</c-undo-bar>', 'data-countdown="10"'),
    "why_now": ("<c-why-now>Fristen er i morgen</c-why-now>", "Hvorfor nu?"),
}


def test_every_component_has_an_example_and_a_line_in_the_guide() -> None:
    guide = Path(settings.BASE_DIR / "docs" / "design.md").read_text(encoding="utf-8")
    for name in COMPONENTS:
        assert name in EXAMPLES, name
        assert f"<c-{name.replace('_', '-')}" in guide, name


@pytest.mark.parametrize("name", COMPONENTS)
def test_component_draws(name: str, draw: Draw) -> None:
    source, expected = EXAMPLES[name]
    html = draw(source, page=Paginator(range(97), 10).page(2))
    assert expected in html
    assert "<c-" not in html
    assert "{{" not in html
    assert "style=" not in html


def test_pagination_keeps_the_other_parameters(draw: Draw) -> None:
    html = draw('<c-pagination :page="page" />', page=Paginator(range(97), 10).page(2))
    assert 'href="?group=7&amp;page=3"' in html
    assert '<span class="sr-only">Side </span>2' in html


def test_one_page_needs_no_pagination(draw: Draw) -> None:
    assert "<nav" not in draw('<c-pagination :page="page" />', page=Paginator(range(3), 10).page(1))


def test_revealed_cpr_has_no_button(draw: Draw) -> None:
    html = draw('<c-cpr number="710139-1234" target="cpr-1" />')
    assert "710139-1234" in html
    assert "<button" not in html
