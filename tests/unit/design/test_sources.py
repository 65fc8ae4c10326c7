"""Rules that hold for every template and script: the strict content policy, icons that exist, words that translate."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
# Letters and letters: documents for paper and mail are no pages, and WeasyPrint has no content policy.
PAGES = [path for path in TEMPLATES if "print" not in path.parts]

FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "event attribute": re.compile(r"\son(click|change|submit|load|input|keydown)\s*=", re.IGNORECASE),
    "foreign origin": re.compile(r"(src|href)=[\"']https?://", re.IGNORECASE),
    "evaluated attribute": re.compile(r"\bhx-(on|vals=[\"']js:)", re.IGNORECASE),
}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_templates_obey_the_content_policy(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for name, pattern in FORBIDDEN.items():
        assert not pattern.search(source), name


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    listed = set(re.findall(r'"([a-z-]+)"', (settings.BASE_DIR / "frontend" / "icons.mjs").read_text(encoding="utf-8")))
    for path in TEMPLATES:
        used = set(re.findall(r'(?:<c-icon name|\bicon)="([a-z-]+)"', path.read_text(encoding="utf-8")))
        assert used <= listed, path


def test_every_attribute_a_script_reads_is_in_the_guide() -> None:
    guide = (settings.BASE_DIR / "docs" / "design.md").read_text(encoding="utf-8")
    for name in (
        "data-hotkey",
        "data-submit-hotkey",
        "data-confirm",
        "data-shown-when",
        "data-countdown",
        "data-focus",
    ):
        assert name in guide
