"""One chunk of a citizen file: normalise and check as columns, seal numbers, write COPY's lines. No database here.

A row without a readable CPR number or name is left out; any other field that cannot be read is left as it is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from ..cpr import CprProblem, parse, parse_columns
from ..danish_order import search_key, sort_key
from .child import Chunk
from .citizen_columns import CitizenFields, RowError, contact_columns, place_columns, service_columns
from .cleaning import clean_texts, parse_date
from .copy_text import NULL, copy_name, sealed_columns
from .cpr_extract import KEEP

NAME_LIMIT = 200
SEXES = {"man": "M", "woman": "K"}


@dataclass
class CitizenBlock:
    """Lines for COPY into `incoming_citizens`; how many rows are in it or left out, and what was wrong."""

    lines: str
    readable: int
    unreadable: int
    errors: list[RowError] = field(default_factory=list)


def citizen_block(
    chunk: Chunk, *, today: date, parishes: frozenset[int], municipality: int | None = None
) -> CitizenBlock:
    """Check a chunk and write its lines; plain CPR and phone numbers do not leave this function.

    `municipality`: whose file it is; citizens whom the file places in another one are outside.
    """
    fields = CitizenFields(chunk)
    parsed = parse_columns(pd.Series(chunk.columns["cpr"], dtype=object), today)
    names = [KEEP if raw == KEEP else name for raw, name in zip(*_names(chunk), strict=True)]
    good = _readable(fields, parsed["problem"].tolist(), parsed["warning"].tolist(), names)
    births = _birth_dates(fields, parsed["birth_date"].dt.date.tolist(), today)
    valid = _numbers(fields, "valid_cpr", today)
    numbers = [text if fine else None for text, fine in zip(parsed["canonical"].tolist(), good, strict=True)]
    columns: list[Sequence[Any]] = [
        chunk.row_numbers,
        *sealed_columns("cpr", numbers),
        [kind or "" for kind in parsed["kind"].tolist()],
        [NULL if birth is None else birth.isoformat() for birth in births],
        [SEXES.get(sex, "") for sex in parsed["sex"].tolist()],
        [_copy_kept(name, name) for name in names],
        [_copy_kept(name, sort_key(name)[:NAME_LIMIT]) for name in names],
        [_copy_kept(name, search_key(name)[:NAME_LIMIT]) for name in names],
        *sealed_columns("cpr", _numbers(fields, "previous_cpr", today)),
        *sealed_columns("cpr", valid),
        [NULL if not number else str(_kind_of(number, today)) for number in valid],
        *place_columns(fields, parishes),
        *service_columns(fields, valid, municipality),
        *contact_columns(fields),
    ]
    lines = ["\t".join(map(str, cells)) for cells, fine in zip(zip(*columns, strict=True), good, strict=True) if fine]
    body = "\n".join(lines) + "\n" if lines else ""
    return CitizenBlock(body, len(lines), fields.size - len(lines), fields.errors)


def _readable(
    fields: CitizenFields, problems: Sequence[str | None], warnings: Sequence[str | None], names: list[str]
) -> list[bool]:
    """Which rows can be imported at all: cells complete, a number, a name."""
    good = []
    for position, number in enumerate(fields.chunk.row_numbers):
        problem, column = problems[position], "cpr"
        if number in fields.chunk.uneven:
            problem, column = "cells", ""
        elif not problem and not names[position]:
            problem, column = "citizen_name_missing", "name"
        elif not problem and len(names[position]) > NAME_LIMIT:
            problem, column = "name_long", "name"
        if problem:
            fields.note(position, column, problem)
        elif warning := warnings[position]:
            # IR03: never silently; the file is the municipality's own, so the padded number is used and said.
            fields.note(position, "cpr", f"{warning}_used")
        good.append(not problem)
    return good


def _names(chunk: Chunk) -> tuple[list[str], list[str]]:
    return chunk.columns["name"], clean_texts(chunk.columns["name"])


def _kind_of(number: str, today: date) -> str:
    parsed = parse(number, today=today)
    return "" if isinstance(parsed, CprProblem) else str(parsed.kind)


def _copy_kept(name: str, text: str) -> str:
    return NULL if name == KEEP else copy_name(text)


def _birth_dates(fields: CitizenFields, by_number: Sequence[Any], today: date) -> list[date | None]:
    """The file's own date where it has one, else the number's: an eCPR does not always tell (C2)."""

    def past(text: str) -> date | None:
        day = parse_date(text)
        return day if day is None or day <= today else None

    told = fields.convert("birth_date", lambda text: past(text) if text.strip() else date.max, "date_format")
    from_number = [None if moment is pd.NaT else moment for moment in by_number]
    return [number if own is None or own == date.max else own for own, number in zip(told, from_number, strict=True)]


def _numbers(fields: CitizenFields, column: str, today: date) -> list[str | None]:
    def canonical(text: str) -> str | None:
        if not text.strip():
            return ""
        found = parse(text, today=today)
        return None if isinstance(found, CprProblem) else found.canonical

    return fields.convert(column, canonical, "cpr_format")
