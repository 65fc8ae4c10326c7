"""Pages of our own as PDF, set by WeasyPrint; takes fonts from our static files and nothing else.

Imported through `outreach.design.pdf` only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from weasyprint import HTML
from weasyprint.urls import URLFetcher

FONTS = "font:"


class OwnFontsOnly(URLFetcher):
    """`font:IBMPlexSans-Regular-Latin1` is a file of ours; any other address is refused (A6)."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        """The font's content. Raises ValueError for anything that is no font of ours."""
        name = url.removeprefix(FONTS)
        found = finders.find(f"dist/assets/{name}.woff2") if url != name and name.replace("-", "").isalnum() else None
        if not isinstance(found, str):
            raise ValueError("only fonts of our own are fetched")
        return super().fetch(Path(found).as_uri(), headers)


def typeset(html: str) -> bytes:
    """A finished page as PDF, with the structure that screen readers need."""
    return bytes(HTML(string=html, url_fetcher=OwnFontsOnly()).write_pdf(pdf_variant="pdf/ua-1"))
