"""One CPR number, as a list or a spreadsheet brings it (C2).

A number is never rejected for its modulus 11, and never repaired silently: a lost leading zero comes back as
a warning. Replacement numbers (day + 60) and the health service's eCPR, DDMMYY + century digit + two
letters + sex digit, are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEADING_ZERO = "leading_zero"
PLACEHOLDERS = frozenset({"0000000000", "1111111111", "1234567890"})
OLDEST = 120  # years
REPLACEMENT_SHIFT = 60  # added to the day of a replacement number
MODULUS_11_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)

WRITTEN = re.compile(r"([0-9]{5,6})-?([0-9A-Z]{4})")
SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?E[+-]?[0-9]+")
SPREADSHEET_FLOAT = re.compile(r"([0-9]{9,10})[.,]0+")
UNSEEN = re.compile("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
OTHER_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
FLOATS = (float, np.floating)
NUMBERS = (int, np.integer, *FLOATS)
TOO_LONG = 10**11


class CprKind(StrEnum):
    """Who issued the number."""

    ORDINARY = "ordinary"
    REPLACEMENT = "replacement"
    ECPR = "ecpr"


class Sex(StrEnum):
    """By the last digit: odd is a man, even a woman. The values are what a citizen's row stores."""

    MAN = "M"
    WOMAN = "K"


MESSAGES: dict[str, Promise] = {
    "cpr_missing": _("CPR-nummeret mangler."),
    "cpr_format": _("CPR-nummeret indeholder andet end ti tegn. Skriv det som 010203-1234."),
    "cpr_length": _("CPR-nummeret har ikke ti cifre."),
    "cpr_rounded": _("CPR-nummeret er afrundet af regnearket. Gør kolonnen til tekst, og hent tallene igen."),
    "cpr_placeholder": _("Tallet er et pladsholdernummer og ikke et CPR-nummer."),
    "cpr_date": _("Datoen i CPR-nummeret findes ikke."),
    "cpr_future": _("Fødselsdatoen i CPR-nummeret ligger i fremtiden."),
    "cpr_age": _("Efter CPR-nummeret er personen over 120 år."),
}


@dataclass(frozen=True)
class ParsedCpr:
    """A readable number. `canonical`: ten characters, upper case; `warning`: LEADING_ZERO or None."""

    canonical: str
    kind: CprKind
    birth_date: date | None
    sex: Sex | None
    warning: str | None = None
    modulus_11_fails: bool = False  # information only


@dataclass(frozen=True)
class CprProblem:
    """Why a value is no CPR number."""

    code: str

    @property
    def message(self) -> str:
        """The Danish sentence for the review page."""
        return str(MESSAGES[self.code])


def parse(raw: Any, *, today: date) -> ParsedCpr | CprProblem:
    """Reads one value: text, or the number that a spreadsheet made of it. `today` bounds the birth date.

    Problems: the codes of MESSAGES.
    """
    canonical, outcome = clean(raw)
    if outcome and outcome != LEADING_ZERO:
        return CprProblem(outcome)
    birth = _birth_date(canonical)
    if isinstance(birth, CprProblem):
        return birth
    if birth and birth > today:
        return CprProblem("cpr_future")
    if birth and _years_between(birth, today) > OLDEST:
        return CprProblem("cpr_age")
    kind = CprKind.ECPR
    if canonical.isdigit():
        kind = CprKind.REPLACEMENT if int(canonical[:2]) > REPLACEMENT_SHIFT else CprKind.ORDINARY
    sex = None
    if kind != CprKind.ECPR or _is_formed_ecpr(canonical):
        sex = Sex.MAN if int(canonical[9]) % 2 else Sex.WOMAN
    fails = kind == CprKind.ORDINARY and bool(
        sum(weight * int(digit) for weight, digit in zip(MODULUS_11_WEIGHTS, canonical, strict=True)) % 11
    )
    return ParsedCpr(canonical, kind, birth, sex, outcome or None, fails)


def clean(raw: Any) -> tuple[str, str]:
    """Ten characters and "" or "leading_zero"; or "" and a problem. Looks at the form only."""
    if isinstance(raw, str):
        text = UNSEEN.sub("", raw).translate(OTHER_HYPHENS).removeprefix("'").upper()
    elif raw is None or raw is pd.NA or raw is pd.NaT or (isinstance(raw, FLOATS) and isnan(raw)):
        return "", "cpr_missing"
    elif isinstance(raw, bool | np.bool_) or not isinstance(raw, NUMBERS) or raw < 0 or raw % 1:
        return "", "cpr_format"
    else:
        # Compared first: Python refuses to write out thousands of digits.
        text = str(int(raw)) if raw < TOO_LONG else str(TOO_LONG)
    if not text:
        return "", "cpr_missing"
    spreadsheet_float = SPREADSHEET_FLOAT.fullmatch(text)
    written = WRITTEN.fullmatch(spreadsheet_float[1] if spreadsheet_float else text)
    if not written:
        if SCIENTIFIC.fullmatch(text):
            return "", "cpr_rounded"
        return "", "cpr_length" if text.isascii() and text.replace("-", "").isdecimal() else "cpr_format"
    canonical, outcome = written[1] + written[2], ""
    if len(canonical) == 9:
        if not canonical.isdigit():
            return "", "cpr_length"  # letters keep a spreadsheet from dropping zeros
        canonical, outcome = "0" + canonical, LEADING_ZERO
    return ("", "cpr_placeholder") if canonical in PLACEHOLDERS else (canonical, outcome)


def _birth_date(canonical: str) -> date | CprProblem | None:
    """The date behind ten characters; None where an eCPR does not tell the century."""
    day, month, year = (int(canonical[start : start + 2]) for start in (0, 2, 4))
    day -= REPLACEMENT_SHIFT if day > REPLACEMENT_SHIFT else 0
    if canonical.isdigit():
        century: int | None = _century(int(canonical[6]), year)
    else:
        century = ECPR_CENTURIES.get(canonical[6]) if _is_formed_ecpr(canonical) else None
    try:
        # 2000 is the century whose year 00 is a leap year: the lenient one when the century is not told.
        born = date((2000 if century is None else century) + year, month, day)
    except ValueError:
        return CprProblem("cpr_date")
    return None if century is None else born


# eCPR: 0 (local) and 1 (national) for 1900-1999, 6 and 7 for 2000-2099.
ECPR_CENTURIES = {"0": 1900, "1": 1900, "6": 2000, "7": 2000}


def _is_formed_ecpr(canonical: str) -> bool:
    return canonical[6].isdigit() and canonical[7:9].isalpha() and canonical[9].isdigit()


def _century(seventh: int, year: int) -> int:
    """Domain section 9."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def _years_between(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
