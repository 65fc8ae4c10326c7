"""Normalise columns of texts: names, dates, codes. Pure; each distinct date or code is looked at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

# Words of ASCII and Latin letters with single spaces between, which is what nearly all names are: clean already.
PLAIN = re.compile(r"[!-~À-ɏ]+(?: [!-~À-ɏ]+)*")
BLANKS = re.compile(r"\s+")
TIME = r"(?:[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d{1,6})?)?)?"  # an invitation's time of day does not matter
ISO_DATE = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){TIME}", re.ASCII)
# Day first, as Danes write it. Slashes are refused: 3/4/26 may be American.
DANISH_DATE = re.compile(rf"(\d{{1,2}})[-.](\d{{1,2}})[-.](\d{{4}}){TIME}", re.ASCII)
CODE_NUMBER = re.compile(r"0*(\d+)(?:[.,]0+)?", re.ASCII)
GROUP_WORDS = re.compile(r"^(målgruppe|maalgruppe|gruppe)\s*", re.IGNORECASE)

Value = TypeVar("Value")


def clean_text(text: str) -> str:
    """NFC, without zero-width, direction and control marks, single spaces inside (IR14)."""
    if PLAIN.fullmatch(text):
        return text
    normal = unicodedata.normalize("NFC", text)
    visible = "".join(letter if unicodedata.category(letter) != "Cf" else "" for letter in normal)
    printable = "".join(letter if unicodedata.category(letter) != "Cc" else " " for letter in visible)
    return BLANKS.sub(" ", printable).strip()


def clean_texts(texts: Iterable[str]) -> list[str]:
    """`clean_text` for a column: 1 M plain names in half a second."""
    return [clean_text(text) for text in texts]


def parse_date(text: str) -> date | None:
    """A date written in one of the declared ways, or a real date cell (which arrives as ISO); else None.

    Never a spreadsheet's serial number, never day and month that could be swapped (IR18).
    """
    # The apostrophe is how people keep a spreadsheet from changing a cell.
    stripped = clean_text(text).removeprefix("'")
    if match := ISO_DATE.fullmatch(stripped):
        year, month, day = map(int, match.groups())
    elif match := DANISH_DATE.fullmatch(stripped):
        day, month, year = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def mapped(texts: Iterable[str], convert: Callable[[str], Value]) -> list[Value]:
    """`convert` for a column in which few distinct texts stand; each is converted once."""
    seen: dict[str, Value] = {}
    result = []
    for text in texts:
        if text not in seen:
            seen[text] = convert(text)
        result.append(seen[text])
    return result


def group_code(text: str, known: Iterable[str]) -> str | None:
    """`10a`, `Målgruppe 8`, `8.0` as the programme's own code; "" for blank, None for an unknown one (C7)."""
    stripped = GROUP_WORDS.sub("", clean_text(text).removeprefix("'"))
    if not stripped:
        return ""
    number = CODE_NUMBER.fullmatch(stripped)
    code = number[1] if number else stripped.upper()
    return code if code in known else None


def municipality_code(text: str, known: Mapping[int, str]) -> int | None:
    """`0183`, `183`, `183.0` or `0183 Ishøj` as the number; 0 for blank, None for an unknown municipality (IR16)."""
    stripped = clean_text(text).removeprefix("'")
    if not stripped:
        return 0
    first, _, name = stripped.partition(" ")
    number = CODE_NUMBER.fullmatch(first)
    if number is None or int(number[1]) not in known:
        return None
    code = int(number[1])
    return code if not name or name.casefold() == known[code].casefold() else None


def programme_key(text: str) -> str:
    """A programme's code or name as letters and digits only, so that `Covid 19` is `covid-19`."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
