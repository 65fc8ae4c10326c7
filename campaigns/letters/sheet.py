"""What stands on a letter's sheet, and where: the words, the window, the places near by. Pure.

Measures in millimetres on A4. The window of the C5 and C4 envelopes we found described (officeconsult.no on Nordic
window envelopes: 15 mm from the left; C5 44 mm from the top, 105 x 35; C4 42 mm, 100 x 40) leaves x 15-115 and
y 44-79 free in both; the receiver stands inside that with room to slide, and nothing else stands in x 15-120, y 40-84.
A Danish standard for the window was not at hand: a municipality tries one sheet in its own envelope first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from outreach.errors import UserError

from ..texts.bidi import keeps_numbers

WINDOW_LEFT, WINDOW_TOP, WINDOW_WIDTH, WINDOW_HEIGHT = 20, 48, 85, 28
# What must be free of anything but the receiver (left, top, right, bottom).
WINDOW_FREE = (15, 40, 120, 84)
FIELD = re.compile(r"{([^{}]*)}")
SITES = "{steder}"


@dataclass(frozen=True)
class Block:
    """A piece of the letter: `heading`, `paragraph`, `points` or `sites`."""

    kind: str
    lines: list[str]


@dataclass(frozen=True)
class Pointer:
    """A line at the foot, in another language."""

    language: str
    direction: str
    text: str


@dataclass(frozen=True)
class Sender:
    """Who writes: name, department, address, number to call and the CVR that Digital Post asks for."""

    name: str
    unit: str
    address: str
    postal: str
    phone: str
    cvr: str
    municipality_code: int | None = None


@dataclass(frozen=True)
class Sheet:
    """One letter, ready to be set."""

    place: str
    language: str
    direction: str
    receiver: list[str]
    day: date
    title: str
    blocks: list[Block]
    pointers: list[Pointer] = field(default_factory=list)


def blocks(body: str, fields: Mapping[str, str], sites: Sequence[str]) -> list[Block]:
    """The letter's text in pieces: `## ` begins a heading, `* ` a point, `{steder}` alone the places near by.

    Without places their heading goes too. Raises UserError `letter_field_missing` for a field without a value (SS02).
    """
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", body.strip()):
        for block in _part(part.strip().split("\n"), fields, sites):
            if block.kind == "sites" and not block.lines:
                if found and found[-1].kind == "heading":
                    found.pop()
                continue
            found.append(block)
    return found


def filled(text: str, fields: Mapping[str, str]) -> str:
    """The text with its fields, never with an empty one. Raises UserError `letter_field_missing`."""

    def value(match: re.Match[str]) -> str:
        known = " ".join((fields.get(match[1]) or "").split())
        if not known:
            sentence = _(
                "Brevet kan ikke laves: feltet »%(field)s« har ingen værdi. Ret oplysningen eller brevteksten."
            )
            raise UserError("letter_field_missing", sentence % {"field": match[1]})
        return keeps_numbers(text, known)

    return FIELD.sub(value, text)


def _part(lines: list[str], fields: Mapping[str, str], sites: Sequence[str]) -> list[Block]:
    made: list[Block] = []
    for line in (each.strip() for each in lines):
        if line == SITES:
            made.append(Block("sites", list(sites)))
        elif line.startswith("## "):
            made.append(Block("heading", [filled(line[3:], fields)]))
        elif line.startswith("* "):
            point = filled(line[2:], fields)
            if made and made[-1].kind == "points":
                made[-1].lines.append(point)
            else:
                made.append(Block("points", [point]))
        elif made and made[-1].kind == "paragraph":
            made[-1].lines.append(filled(line, fields))
        else:
            made.append(Block("paragraph", [filled(line, fields)]))
    return made
