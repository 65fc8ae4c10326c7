"""CPR numbers as lists and spreadsheets bring them (C2): one value with `parse`, a column with `parse_columns`.

A number is never rejected for its modulus 11, and never repaired silently: a lost leading zero comes back as a warning.
Replacement numbers (day + 60) and the health service's eCPR, DDMMYY + century digit + two letters + sex digit, are known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
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
# The order of the codes in the columnar results; 0 is "no problem".
PROBLEMS = ("", *MESSAGES)


@dataclass(frozen=True)
class ParsedCpr:
    """A readable number. `canonical`: ten characters, upper case; `warning`: "leading_zero" when one was put back."""

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
    """Reads one value: text, or the int or float that a spreadsheet made of it. `today` bounds the birth date.

    Problems: the codes of MESSAGES.
    """
    canonical, outcome = _clean(raw)
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


def _clean(raw: Any) -> tuple[str, str]:
    """Ten characters and "" or "leading_zero"; or "" and a problem. Looks at the form only."""
    if isinstance(raw, str):
        text = UNSEEN.sub("", raw).translate(OTHER_HYPHENS).removeprefix("'").upper()
    elif raw is None or raw is pd.NA or raw is pd.NaT or raw != raw:
        return "", "cpr_missing"
    elif isinstance(raw, bool | np.bool_) or not isinstance(raw, int | float | np.integer | np.floating):
        return "", "cpr_format"
    elif raw < 0 or raw != raw // 1:  # infinity is not equal to its floor division, which is not a number
        return "", "cpr_format"
    else:
        text = str(int(raw))
    if not text:
        return "", "cpr_missing"
    spreadsheet_float = SPREADSHEET_FLOAT.fullmatch(text)
    written = WRITTEN.fullmatch(spreadsheet_float[1] if spreadsheet_float else text)
    if not written:
        if SCIENTIFIC.fullmatch(text):
            return "", "cpr_rounded"
        return "", "cpr_length" if text.replace("-", "").isdecimal() and text.isascii() else "cpr_format"
    canonical, outcome = written[1] + written[2], ""
    if len(canonical) == 9:
        if not canonical.isdigit():
            return "", "cpr_length"  # letters keep a spreadsheet from dropping zeros
        canonical, outcome = "0" + canonical, LEADING_ZERO
    return ("", "cpr_placeholder") if canonical in PLACEHOLDERS else (canonical, outcome)


def _birth_date(canonical: str) -> date | None | CprProblem:
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


def parse_columns(values: pd.Series, today: date) -> pd.DataFrame:
    """`parse` for a whole column, with its index: 1 M values in 1 to 2 s.

    Columns: canonical, kind, sex, problem, warning (text or None), birth_date (datetime64, NaT when unknown),
    modulus_11_fails (bool). Where `problem` is set, all others are empty.
    """
    canonicals, outcomes = _clean_column(values.tolist())
    table = np.frombuffer("".join(c or "0000000000" for c in canonicals).encode("ascii"), dtype=np.uint8)
    digits = table.reshape(-1, 10).astype(np.int16) - ord("0")
    outcome = pd.Categorical(outcomes, categories=[*PROBLEMS, LEADING_ZERO]).codes
    padded = outcome == len(PROBLEMS)
    problem = np.where(padded, 0, outcome)

    letters = digits[:, 6:] > 9
    ecpr = letters.any(axis=1)
    formed = (letters == (False, True, True, False)).all(axis=1)
    day, month, year = (digits[:, start] * 10 + digits[:, start + 1] for start in (0, 2, 4))
    replacement = (day > REPLACEMENT_SHIFT) & ~ecpr
    day = np.where(day > REPLACEMENT_SHIFT, day - REPLACEMENT_SHIFT, day)
    century = _century_column(digits[:, 6], year, ecpr, formed)
    full_year = np.where(century == 0, 2000, century) + year
    problem = np.where((problem == 0) & ~_date_exists(full_year, month, day), PROBLEMS.index("cpr_date"), problem)

    dated = (problem == 0) & (century > 0)
    born = full_year * 10_000 + month * 100 + day
    now = today.year * 10_000 + today.month * 100 + today.day
    problem = np.where(dated & (born > now), PROBLEMS.index("cpr_future"), problem)
    problem = np.where(dated & ((now - born) // 10_000 > OLDEST), PROBLEMS.index("cpr_age"), problem)

    good = problem == 0
    kinds = np.where(ecpr, 3, np.where(replacement, 2, 1)) * good
    sexes = np.where(digits[:, 9] % 2, 1, 2) * (good & (formed | ~ecpr))
    fails = good & (kinds == 1) & (digits @ np.array(MODULUS_11_WEIGHTS, dtype=np.int16) % 11 != 0)
    columns = {
        "canonical": np.where(good, np.array(canonicals, dtype=object), None),
        "kind": _named([None, *map(str, CprKind)], kinds),
        "birth_date": _dates(full_year, month, day, known=good & (century > 0)),
        "sex": _named([None, *map(str, Sex)], sexes),
        "problem": _named([None, *MESSAGES], problem),
        "warning": _named([None, LEADING_ZERO], (padded & good).astype(int)),
        "modulus_11_fails": fails,
    }
    # The dtype is said, or pandas makes its own texts of the objects and NaN of None.
    return pd.DataFrame(
        {name: pd.Series(column, values.index, dtype=column.dtype) for name, column in columns.items()}
    )


def _clean_column(values: list[Any]) -> tuple[list[str], list[str]]:
    """`_clean` for each; the ways in which nearly all numbers are written take a short cut."""
    canonicals, outcomes = [""] * len(values), [""] * len(values)
    for position, value in enumerate(values):
        if type(value) is int and value > 0:
            value = str(value)
        if type(value) is str and value.isascii() and value not in PLACEHOLDERS:
            if len(value) == 10 and value.isdigit():
                canonicals[position] = value
                continue
            if len(value) == 9 and value.isdigit() and value != "000000000":
                canonicals[position], outcomes[position] = "0" + value, LEADING_ZERO
                continue
            if len(value) == 11 and value[6] == "-":
                joined = value[:6] + value[7:]
                if joined.isdigit() and joined not in PLACEHOLDERS:
                    canonicals[position] = joined
                    continue
        canonicals[position], outcomes[position] = _clean(value)
    return canonicals, outcomes


def _century_column(seventh: np.ndarray, year: np.ndarray, ecpr: np.ndarray, formed: np.ndarray) -> np.ndarray:
    """`_century` for each, 0 where an eCPR does not tell."""
    late = np.where(np.isin(seventh, (4, 9)), np.where(year <= 36, 2000, 1900), np.where(year <= 57, 2000, 1800))
    ordinary = np.where(seventh <= 3, 1900, late)
    told = np.zeros_like(ordinary)
    for digit, century in ECPR_CENTURIES.items():
        told[formed & (seventh == int(digit))] = century
    return np.where(ecpr, told, ordinary)


def _date_exists(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    longest = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    in_year = (month >= 1) & (month <= 12)
    last = longest[np.where(in_year, month, 0)] + (leap & (month == 2))
    return in_year & (day >= 1) & (day <= last)


def _dates(year: np.ndarray, month: np.ndarray, day: np.ndarray, *, known: np.ndarray) -> np.ndarray:
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return np.where(known, months.astype("datetime64[s]") + (day - 1).astype("timedelta64[D]"), np.datetime64("NaT"))


def _named(names: Sequence[str | None], codes: np.ndarray) -> np.ndarray:
    return np.array(names, dtype=object)[codes]
