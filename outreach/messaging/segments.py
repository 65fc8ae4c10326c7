"""How many SMS a text becomes (S2): GSM 03.38 with its extension table, else UCS-2."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

# GSM 03.38 / 3GPP TS 23.038, 6.2.1, in code order; the escape (0x1B) is no character of its own.
BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# 6.2.1.1: escape plus one, so two units each.
EXTENSION: Final = frozenset("\f^{}\\[~]|€")
SINGLE: Final = {"GSM-7": 160, "UCS-2": 70}
CONCATENATED: Final = {
    "GSM-7": 153,
    "UCS-2": 67,
}  # the header that joins parts takes 7 septets, or 3 UCS-2 units

Encoding = Literal["GSM-7", "UCS-2"]


@dataclass(frozen=True)
class Segments:
    """`units`: septets or 16-bit units; `forcing_characters`: what made it UCS-2, in order of appearance."""

    encoding: Encoding
    units: int
    segments: int
    forcing_characters: tuple[str, ...]


@dataclass(frozen=True)
class Forcing:
    """A character outside GSM-7: itself, its Unicode name, and where it stands (1 is the first character)."""

    character: str
    name: str
    positions: tuple[int, ...]


def forcing(text: str) -> list[Forcing]:
    """The characters that make the text UCS-2, in order of appearance, each with all its places."""
    places: dict[str, list[int]] = {}
    for position, character in enumerate(text, start=1):
        if character not in BASIC and character not in EXTENSION:
            places.setdefault(character, []).append(position)
    return [Forcing(each, unicodedata.name(each, f"U+{ord(each):04X}"), tuple(at)) for each, at in places.items()]


def count(text: str) -> Segments:
    """Encoding, units and number of segments of `text` as it will be sent; nothing is replaced or stripped.

    A character of two units (extension table, or outside the basic plane) is never split between segments, so
    a long text may need more segments than its units divided by the segment's length.
    """
    outside = tuple(dict.fromkeys(c for c in text if c not in BASIC and c not in EXTENSION))
    encoding: Encoding = "UCS-2" if outside else "GSM-7"
    wide = [position for position, c in enumerate(text) if (c > "\uffff" if outside else c in EXTENSION)]
    units = len(text) + len(wide)
    if units <= SINGLE[encoding]:
        return Segments(encoding, units, 1 if text else 0, outside)
    return Segments(encoding, units, _concatenated(len(text), wide, CONCATENATED[encoding]), outside)


def _concatenated(length: int, wide: list[int], room: int) -> int:
    """Segments when every part holds `room` units and the characters at `wide` take two."""
    segments, used, position = 1, 0, 0
    for wide_position in [*wide, length]:
        used += wide_position - position  # narrow characters fill every gap
        segments, used = (
            segments + max(0, used - 1) // room,
            (used - 1) % room + 1 if used else 0,
        )
        if wide_position == length:
            break
        if used + 2 > room:
            segments, used = segments + 1, 0
        used += 2
        position = wide_position + 1
    return segments
