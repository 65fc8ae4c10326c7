"""Pages of our own as PDF."""

from __future__ import annotations


def pdf(html: str) -> bytes:
    """A finished page as PDF/UA, set in our own fonts; fetches nothing (A6)."""
    # The typesetter takes a second and a half to load: only those who print wait for it, no worker and no command.
    from .typesetter import typeset

    return typeset(html)
