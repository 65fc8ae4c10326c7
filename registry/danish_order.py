"""Danish alphabetical order and normalised search, the same in Python and in SQL.

The database's locale is C.UTF-8 and has no Danish collation, so names carry a stored key for sorting.
"""

from __future__ import annotations

import re
import unicodedata

# With {name} for a column or parameter. å sorts last because ÿ is behind ø; "aa" counts as å.
SORT_KEY_SQL = "translate(replace(lower({name}), 'aa', 'å'), 'åäöéü', 'ÿæøeu')"
SORT_TABLE = str.maketrans("åäöéü", "ÿæøeu")

# Letters that Unicode does not take apart; ä and ö are the Swedish and German æ and ø.
SEARCH_TABLE = str.maketrans({
    "ä": "æ", "ö": "ø", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "œ": "oe", "ı": "i", "ŋ": "n",
    "'": "", "’": "", "-": " ", "‐": " ", "‑": " ", "–": " ",
})  # fmt: skip
BLANKS = re.compile(r"\s+")


def sort_key(name: str) -> str:
    """The key by which `name` sorts in Danish order (… z æ ø å). Equal to SORT_KEY_SQL on NFC text."""
    return _lower(name).replace("aa", "å").translate(SORT_TABLE)


def _lower(name: str) -> str:
    # PostgreSQL's C.UTF-8 lowers letter by letter; Python looks at the whole word (Σ), may lengthen it (İ).
    return name.lower() if name.isascii() else "".join(letter.lower()[0] for letter in name)


def search_key(name: str) -> str:
    """`name` as it is searched: lower case, single spaces, hyphens as spaces, no accents; æ, ø, å kept.

    For stored columns and typed words alike; a prefix search is a range on it.
    """
    visible = "".join(letter for letter in name if unicodedata.category(letter) != "Cf")
    lowered = _lower(unicodedata.normalize("NFKC", visible)).translate(SEARCH_TABLE)
    folded = lowered if lowered.isascii() else "".join(map(_folded, lowered))
    return BLANKS.sub(" ", folded).strip()


def _folded(letter: str) -> str:
    if letter in "æøå":
        return letter
    taken_apart = unicodedata.normalize("NFD", letter)
    return "".join(part for part in taken_apart if not unicodedata.combining(part))
