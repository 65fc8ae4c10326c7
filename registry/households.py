"""One address is one household, however it is punctuated (C6). Pure."""

from __future__ import annotations

import re

HOUSE_SIGNS = re.compile(r"[\s.,]+")
# Whoever lives care of somebody lives at the address that follows.
CARE_OF = re.compile(r"^c/o [^,]*,\s*", re.IGNORECASE)
KEY_LENGTH = 120


def household_key(address: str, postal_code: str) -> str:
    """The same for the same address however it is punctuated; "" for none (C6)."""
    plain = HOUSE_SIGNS.sub(" ", CARE_OF.sub("", address).casefold()).strip()
    return f"{plain}|{postal_code}"[:KEY_LENGTH] if plain else ""
