"""Text written from the right, with numbers inside. Pure."""

from __future__ import annotations

import re
import unicodedata

FROM_THE_RIGHT = frozenset({"ar", "fa", "ku", "ps", "ur"})
_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")


def direction(language: str) -> str:
    """`rtl` for Arabic, Urdu and the like, else `ltr`."""
    return "rtl" if language in FROM_THE_RIGHT else "ltr"


def keeps_numbers(text: str, value: str) -> str:
    """A value put into `text`: in one from the right the spaces of a number do not break.

    "43 57 75 75" between Arabic words is shown as "75 75 57 43", group by group; a no-break space is a separator
    that Unicode's rules keep inside a number (UAX 9, W4). Elsewhere the value is unchanged: GSM-7 has no such space.
    """
    if any(unicodedata.bidirectional(character) in ("R", "AL") for character in text):
        return _BETWEEN_DIGITS.sub("\u00a0", value)
    return value
