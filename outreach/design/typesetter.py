"""Pages of our own as PDF, set by WeasyPrint; takes fonts from our static files and nothing else.

Imported through `outreach.design.pdf` only.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from weasyprint import HTML
from weasyprint.urls import URLFetcher

FONTS = "font:"
VARIANT = "pdf/ua-1"
PART = "part-"


class OwnFontsOnly(URLFetcher):
    """`font:IBMPlexSans-Regular-Latin1` is a file of ours; any other address is refused (A6)."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        """The font's content. Raises ValueError for anything that is no font of ours."""
        name = url.removeprefix(FONTS)
        found = finders.find(f"dist/assets/{name}.woff") if url != name and name.replace("-", "").isalnum() else None
        if not isinstance(found, str):
            raise ValueError("only fonts of our own are fetched")
        return super().fetch(Path(found).as_uri(), headers)


def typeset(html: str) -> bytes:
    """A finished page as PDF, with the structure that screen readers need."""
    return bytes(HTML(string=html, url_fetcher=OwnFontsOnly()).write_pdf(pdf_variant=VARIANT))


def typeset_many(pages: Iterable[str]) -> bytes:
    """Several finished pages of HTML as one PDF. Raises ValueError for none."""
    documents = [HTML(string=html, url_fetcher=OwnFontsOnly()).render(pdf_variant=VARIANT) for html in pages]
    if not documents:
        raise ValueError("there is nothing to set")
    whole = documents[0].copy([page for document in documents for page in document.pages])
    return bytes(whole.write_pdf(pdf_variant=VARIANT))


def typeset_parts(html: str) -> list[bytes]:
    """A PDF for each element with an id `part-…`, each beginning a page; pages before the first are left out."""
    document = HTML(string=html, url_fetcher=OwnFontsOnly()).render(pdf_variant=VARIANT)
    parts: list[list[Any]] = []
    for page in document.pages:
        if any(name.startswith(PART) for name in page.anchors):
            parts.append([])
        if parts:
            parts[-1].append(page)
    return [bytes(document.copy(pages).write_pdf(pdf_variant=VARIANT)) for pages in parts]
