"""Pages of our own as PDF."""

from __future__ import annotations

from collections.abc import Iterable


def pdf(html: str) -> bytes:
    """A finished page as PDF/UA, set in our own fonts; fetches nothing (A6)."""
    # The typesetter takes a second and a half to load: only those who print wait for it, no worker and no command.
    from .typesetter import typeset

    return typeset(html)


def pdf_of_many(pages: Iterable[str]) -> bytes:
    """Several finished pages of HTML as one PDF, each set when it is asked for."""
    from .typesetter import typeset_many

    return typeset_many(pages)


def pdf_parts(html: str) -> list[bytes]:
    """One page of HTML as several PDFs: each element with an id `part-…` begins one, and begins a sheet."""
    from .typesetter import typeset_parts

    return typeset_parts(html)
