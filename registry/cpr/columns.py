"""A column of CPR numbers at once: the same answers as `registry.cpr.parsing.parse`, computed as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from registry.cpr.parsing import (
    ECPR_CENTURIES,
    LEADING_ZERO,
    MESSAGES,
    MODULUS_11_WEIGHTS,
    OLDEST,
    PLACEHOLDERS,
    REPLACEMENT_SHIFT,
    TOO_LONG,
    CprKind,
    Sex,
    clean,
)

ROWS_AT_ONCE = 100_000  # keeps the arrays in between to about 20 MB
PROBLEMS = ("", *MESSAGES)  # by code; 0 is "no problem"


def parse_columns(values: pd.Series, today: date) -> pd.DataFrame:
    """`parse` for a whole column, with its index: 1 M values in 1 to 2 s.

    Columns: canonical, kind, sex, problem, warning (text or None), birth_date (datetime64, NaT when unknown),
    modulus_11_fails (bool). Where `problem` is set, all others are empty.
    """
    starts = range(0, max(len(values), 1), ROWS_AT_ONCE)
    return pd.concat([_parse_part(values.iloc[start : start + ROWS_AT_ONCE], today) for start in starts])


def _parse_part(values: pd.Series, today: date) -> pd.DataFrame:
    canonicals, outcomes = _clean_column(values.tolist())
    table = np.frombuffer("".join(c or "0000000000" for c in canonicals).encode("ascii"), dtype=np.uint8)
    digits = table.reshape(-1, 10).astype(np.int16) - ord("0")
    outcome = pd.Categorical(outcomes, categories=[*PROBLEMS, LEADING_ZERO]).codes
    padded = outcome == len(PROBLEMS)
    problem = np.where(padded, 0, outcome)

    letters = digits[:, 6:] > 9
    ecpr = np.asarray(letters.any(axis=1))
    formed = np.asarray(np.equal(letters, (False, True, True, False)).all(axis=1))
    day, month, year = (digits[:, start] * 10 + digits[:, start + 1] for start in (0, 2, 4))
    replacement = (day > REPLACEMENT_SHIFT) & ~ecpr
    day = np.where(day > REPLACEMENT_SHIFT, day - REPLACEMENT_SHIFT, day)
    century = _century_column(digits[:, 6], year, ecpr, formed)
    full_year = np.where(century == 0, 2000, century) + year
    problem = np.where(
        (problem == 0) & ~_date_exists(full_year, month, day),
        PROBLEMS.index("cpr_date"),
        problem,
    )

    dated = (problem == 0) & (century > 0)
    born = full_year * 10_000 + month * 100 + day
    now = today.year * 10_000 + today.month * 100 + today.day
    problem = np.where(dated & (born > now), PROBLEMS.index("cpr_future"), problem)
    problem = np.where(dated & ((now - born) // 10_000 > OLDEST), PROBLEMS.index("cpr_age"), problem)

    good = problem == 0
    kinds = np.where(ecpr, 3, np.where(replacement, 2, 1)) * good
    sexes = np.where(digits[:, 9] % 2, 1, 2) * (good & (formed | ~ecpr))
    fails = good & (kinds == 1) & (digits @ np.array(MODULUS_11_WEIGHTS, dtype=np.int16) % 11 != 0)
    canonical = np.array(canonicals, dtype=object)
    canonical[~good] = None
    columns = {
        "canonical": canonical,
        "kind": _named([None, *map(str, CprKind)], kinds),
        "birth_date": _dates(full_year, month, day, known=good & (century > 0)),
        "sex": _named([None, *map(str, Sex)], sexes),
        "problem": _named([None, *MESSAGES], problem),
        "warning": _named([None, LEADING_ZERO], (padded & good).astype(int)),
        "modulus_11_fails": fails,
    }
    # The dtype is said, or pandas makes its own texts of the objects and NaN of None.
    return pd.DataFrame({name: pd.Series(column, values.index, dtype=column.dtype) for name, column in columns.items()})


def _clean_column(values: list[Any]) -> tuple[list[str], list[str]]:
    """`clean` for each; the ways in which nearly all numbers are written take a short cut."""
    canonicals, outcomes = [""] * len(values), [""] * len(values)
    for position, raw in enumerate(values):
        value = str(raw) if type(raw) is int and 0 < raw < TOO_LONG else raw
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
        canonicals[position], outcomes[position] = clean(value)
    return canonicals, outcomes


def _century_column(seventh: np.ndarray, year: np.ndarray, ecpr: np.ndarray, formed: np.ndarray) -> np.ndarray:
    """`_century` for each, 0 where an eCPR does not tell."""
    late = np.where(
        np.isin(seventh, (4, 9)),
        np.where(year <= 36, 2000, 1900),
        np.where(year <= 57, 2000, 1800),
    )
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
    exists: np.ndarray = in_year & (day >= 1) & (day <= last)
    return exists


def _dates(year: np.ndarray, month: np.ndarray, day: np.ndarray, *, known: np.ndarray) -> np.ndarray:
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return np.where(
        known,
        months.astype("datetime64[s]") + (day - 1).astype("timedelta64[D]"),
        np.datetime64("NaT"),
    )


def _named(names: Sequence[str | None], codes: np.ndarray) -> np.ndarray:
    named: np.ndarray = np.array(names, dtype=object)[codes]
    return named
