"""The names of a file's columns, made comparable. Pure, and free of Django: the reading child imports it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

SEPARATORS = re.compile(r"[\s._\-/:()]+")


def normalise_header(text: str) -> str:
    """A header without case, spaces (also hard ones), hyphens and invisible marks (IH04)."""
    visible = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    return SEPARATORS.sub("", visible).casefold()


def fingerprint(header: Sequence[str]) -> str:
    """Which header it is: the same for the same names in another order, case or spacing. SHA-256, hexadecimal."""
    names = sorted(filter(None, map(normalise_header, header)))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
