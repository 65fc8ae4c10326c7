"""The birth years of a target group as people write them, and as they are stored (C7). Pure."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from .target_group_rules import parse_year_ranges

EARLIEST, LATEST = 1880, 2099


def birth_year_words(years: Sequence[int]) -> str:
    """Pairs of years in words: [1972, 1976, 0, 1936] is `1972–1976, til 1936`; a start of 0 is open."""
    pairs = zip(years[::2], years[1::2], strict=True)
    return ", ".join(f"{first}–{last}" if first else _("til %(year)s") % {"year": last} for first, last in pairs)


def years_of(text: str) -> list[int]:
    """The same read back; also a single year and any dash. Raises ValueError with a sentence."""
    written = text.casefold().replace("–", "-").replace("—", "-").replace(",", "|").replace(" ", "")
    wrong = ValueError(
        _("»%(text)s« er ikke årgange. Skriv dem som 1972-1976, eller som til 1936.") % {"text": text[:40]}
    )
    for word in ("til", "to"):
        written = written.replace(word, "-")
    try:
        ranges = parse_year_ranges(written)
    except ValueError:
        raise wrong from None
    years: list[int] = []
    for first, last in ranges:
        if last is None or not EARLIEST <= last <= LATEST or (first is not None and first < EARLIEST):
            raise wrong
        years += [first or 0, last]
    return years
