"""One chunk of an SSI list: normalise and check as columns, seal the numbers, write COPY's lines. No database here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import pandas as pd

from ..cpr import parse_columns
from .child import Chunk
from .cleaning import clean_texts, group_code, mapped, municipality_code, parse_date, programme_key
from .copy_text import NULL, copy_name, sealed_columns

Code = TypeVar("Code", str, int)

NAME_LIMIT = 200
SEXES = {"man": "M", "woman": "K"}


@dataclass(frozen=True)
class ListRules:
    """What rows are checked against: the as-of date, the programme's groups and names, the municipalities by code."""

    as_of: date
    groups: frozenset[str]
    programme_keys: frozenset[str]
    municipalities: Mapping[int, str]


@dataclass(frozen=True)
class CopyBlock:
    """Lines for COPY into `incoming`, and what to tell about them."""

    lines: str
    groups: frozenset[str]
    without_group: int
    modulus_11: int
    leading_zeros: int


class _Problems:
    """The first problem of each row, with its column."""

    def __init__(self, rows: int) -> None:
        self.codes = [""] * rows
        self.columns = [""] * rows

    def note(self, position: int, code: str, column: str) -> None:
        if not self.codes[position]:
            self.codes[position], self.columns[position] = code, column


def copy_block(chunk: Chunk, rules: ListRules) -> CopyBlock:
    """Check a chunk and write its lines; the rows' plain CPR numbers do not leave this function."""
    rows = len(chunk.row_numbers)
    problems = _Problems(rows)
    for position, number in enumerate(chunk.row_numbers):
        if number in chunk.uneven:
            problems.note(position, "cells", "")
    parsed = parse_columns(pd.Series(chunk.columns["cpr"], dtype=object), rules.as_of)
    for position, problem in enumerate(parsed["problem"].tolist()):
        if problem:
            problems.note(position, problem, "cpr")
    births = [None if moment is pd.NaT else moment for moment in parsed["birth_date"].dt.date.tolist()]
    names = _names(chunk, problems)
    invited = _dates(chunk, rules, problems, births)
    groups = _codes(chunk, "target_group", lambda text: group_code(text, rules.groups), "group_unknown", problems, "")
    places = _codes(
        chunk,
        "municipality",
        lambda text: municipality_code(text, rules.municipalities),
        "municipality_unknown",
        problems,
        0,
    )
    _check_programme(chunk, rules, problems)
    # Where cells are missing the number may be another column's: it is not kept.
    numbers = [
        None if code == "cells" else text
        for text, code in zip(parsed["canonical"].tolist(), problems.codes, strict=True)
    ]
    ciphertexts, indexes = sealed_columns("cpr", numbers)
    warnings = [warning or "" for warning in parsed["warning"].tolist()]
    lines = [
        f"{number}\t{ciphertext}\t{index}\t{kind or ''}\t{birth or NULL}\t{SEXES.get(sex, '')}\t{name}\t{group}"
        f"\t{day or NULL}\t{place or NULL}\t{code}\t{column}\t{warning}\n"
        for number, ciphertext, index, kind, birth, sex, name, group, day, place, code, column, warning in zip(
            chunk.row_numbers,
            ciphertexts,
            indexes,
            parsed["kind"].tolist(),
            births,
            parsed["sex"].tolist(),
            names,
            groups,
            invited,
            places,
            problems.codes,
            problems.columns,
            warnings,
            strict=True,
        )
    ]
    return CopyBlock(
        "".join(lines),
        frozenset(groups) - {""},
        groups.count(""),
        int(parsed["modulus_11_fails"].sum()),
        rows - warnings.count(""),
    )


def _names(chunk: Chunk, problems: _Problems) -> list[str]:
    names = clean_texts(chunk.columns["name"])
    for position, name in enumerate(names):
        if len(name) > NAME_LIMIT:
            problems.note(position, "name_long", "name")
            names[position] = ""
        else:
            names[position] = copy_name(name)
    return names


def _dates(chunk: Chunk, rules: ListRules, problems: _Problems, births: Sequence[date | None]) -> list[date | None]:
    texts = chunk.columns["invited_on"]
    days = mapped(texts, parse_date)
    for position, day in enumerate(days):
        if day is None:
            problems.note(position, "date_format" if texts[position].strip() else "date_missing", "invited_on")
            continue
        birth = births[position]
        if day > rules.as_of:
            problems.note(position, "date_future", "invited_on")
        elif birth is not None and day < birth:
            problems.note(position, "date_before_birth", "invited_on")
    return days


def _codes(
    chunk: Chunk, column: str, convert: Callable[[str], Code | None], problem: str, problems: _Problems, blank: Code
) -> list[Code]:
    """A column of codes; blank where the file has no such column, and a problem where a code is unknown."""
    texts = chunk.columns.get(column) or [""] * len(chunk.row_numbers)
    codes = []
    for position, code in enumerate(mapped(texts, convert)):
        if code is None:
            problems.note(position, problem, column)
        codes.append(blank if code is None else code)
    return codes


def _check_programme(chunk: Chunk, rules: ListRules, problems: _Problems) -> None:
    """IC08: a row of another programme is said so; all of them hold the file."""
    for position, key in enumerate(mapped(chunk.columns.get("programme", []), programme_key)):
        if key and key not in rules.programme_keys:
            problems.note(position, "programme_other", "programme")
