"""One chunk of a citizen file: normalise and check as columns, seal numbers, write COPY's lines. No database here.

A row without a readable CPR number or name is left out; any other field that cannot be read is left as it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import pandas as pd

from ..cpr import CprProblem, parse, parse_columns
from ..danish_order import search_key, sort_key
from ..households import household_key
from ..models import CitizenStatus
from .child import Chunk
from .citizen_cells import (
    YES,
    cpr_status,
    email,
    language,
    parish_code,
    phone_number,
    postal_code,
    short_text,
    yes_or_no,
)
from .cleaning import clean_texts, mapped, parse_date
from .copy_text import NULL, copy_flag, copy_name, copy_optional, sealed_columns
from .cpr_extract import KEEP

Value = TypeVar("Value")

NAME_LIMIT = 200
SEXES = {"man": "M", "woman": "K"}
FLAGS = ("needs_interpreter", "care_home", "personal_care", "practical_help", "home_nursing", "digital_post_exempt")


@dataclass(frozen=True)
class RowError:
    """What is wrong with one cell: the row as the spreadsheet shows it, our column, a code of `row_problems`."""

    row: int
    column: str
    code: str


@dataclass
class CitizenBlock:
    """Lines for COPY into `incoming_citizens`; how many rows are in it or left out, and what was wrong."""

    lines: str
    readable: int
    unreadable: int
    errors: list[RowError] = field(default_factory=list)


class _Fields:
    """The chunk's columns with their problems; a column that the file has not is None for every row."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.size = len(chunk.row_numbers)
        self.errors: list[RowError] = []

    def note(self, position: int, column: str, code: str) -> None:
        self.errors.append(RowError(self.chunk.row_numbers[position], column, code))

    def convert(self, column: str, convert: Callable[[str], Value | None], problem: str) -> list[Value | None]:
        """Each text converted; None, which keeps what is known, for an unreadable one, with the problem noted."""
        texts = self.chunk.columns.get(column)
        if texts is None:
            return [None] * self.size
        values = mapped(texts, lambda text: None if text == KEEP else convert(text))
        for position, value in enumerate(values):
            if value is None and texts[position] != KEEP:
                self.note(position, column, problem)
        return values


def citizen_block(
    chunk: Chunk, *, today: date, parishes: frozenset[int], municipality: int | None = None
) -> CitizenBlock:
    """Check a chunk and write its lines; plain CPR and phone numbers do not leave this function.

    `municipality`: whose file it is; citizens whom the file places in another one are outside.
    """
    fields = _Fields(chunk)
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
        *_place_columns(fields, parishes),
        *_service_columns(fields, valid, municipality),
        *_contact_columns(fields),
    ]
    lines = ["\t".join(map(str, cells)) for cells, fine in zip(zip(*columns, strict=True), good, strict=True) if fine]
    body = "\n".join(lines) + "\n" if lines else ""
    return CitizenBlock(body, len(lines), fields.size - len(lines), fields.errors)


def _readable(
    fields: _Fields, problems: Sequence[str | None], warnings: Sequence[str | None], names: list[str]
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


def _birth_dates(fields: _Fields, by_number: Sequence[Any], today: date) -> list[date | None]:
    """The file's own date where it has one, else the number's: an eCPR does not always tell (C2)."""

    def past(text: str) -> date | None:
        day = parse_date(text)
        return day if day is None or day <= today else None

    told = fields.convert("birth_date", lambda text: past(text) if text.strip() else date.max, "date_format")
    from_number = [None if moment is pd.NaT else moment for moment in by_number]
    return [number if own is None or own == date.max else own for own, number in zip(told, from_number, strict=True)]


def _numbers(fields: _Fields, column: str, today: date) -> list[str | None]:
    def canonical(text: str) -> str | None:
        if not text.strip():
            return ""
        found = parse(text, today=today)
        return None if isinstance(found, CprProblem) else found.canonical

    return fields.convert(column, canonical, "cpr_format")


def _place_columns(fields: _Fields, parishes: frozenset[int]) -> list[list[str]]:
    """Address, postal code, city, household, parish, e-mail."""
    addresses = fields.convert("address", short_text(200), "text_long")
    postal_codes = fields.convert("postal_code", postal_code, "postal_code")
    # That a care home is one address and many households, the upsert knows: the file may not say who lives in one.
    households = [
        None if address is None else household_key(address, postal or "")
        for address, postal in zip(addresses, postal_codes, strict=True)
    ]
    found = fields.convert("parish", lambda text: parish_code(text, parishes), "parish_unknown")
    return [
        [copy_optional(text) for text in addresses],
        [copy_optional(text) for text in postal_codes],
        [copy_optional(text) for text in fields.convert("city", short_text(80), "text_long")],
        [copy_optional(text) for text in households],
        [NULL if code is None else str(code) for code in found],
        [copy_optional(text) for text in fields.convert("email", email, "email_format")],
    ]


def _service_columns(fields: _Fields, valid: Sequence[str | None], municipality: int | None) -> list[list[str]]:
    """Language, the yes-or-no columns, protection, status."""
    languages = fields.convert("language", language, "language_unknown")
    flags = [[copy_flag(value) for value in fields.convert(name, yes_or_no, "yes_no")] for name in FLAGS]
    protected, until = _protection(fields)
    statuses = _statuses(fields, valid, municipality)
    return [
        [copy_optional(text or None) for text in languages],
        *flags,
        [copy_flag(value) for value in protected],
        [NULL if day is None else day.isoformat() for day in until],
        [copy_optional(status or None) for status in statuses],
    ]


def _statuses(fields: _Fields, valid: Sequence[str | None], municipality: int | None) -> list[str | None]:
    """C3. A changed number without its valid one changes nothing; a resident of elsewhere is outside."""
    statuses = fields.convert("status", cpr_status, "status_unknown")
    places = fields.chunk.columns.get("municipality", [KEEP] * fields.size)
    for position, status in enumerate(statuses):
        place = places[position]
        if status == CitizenStatus.REPLACED:
            statuses[position] = None
            if not valid[position]:
                fields.note(position, "status", "valid_number_missing")
        elif status == CitizenStatus.ACTIVE and place.isdecimal() and int(place) not in (0, municipality):
            statuses[position] = str(CitizenStatus.OUTSIDE)
    return statuses


def _protection(fields: _Fields) -> tuple[list[bool | None], list[date | None]]:
    """C5: a date, or a yes, protects; a date that cannot be read protects without end, the safe side of the mistake."""
    marks = fields.convert("protected", yes_or_no, "yes_no")
    texts = fields.chunk.columns.get("protected_until")
    if texts is None:
        return marks, [None] * fields.size
    protected: list[bool | None] = []
    until: list[date | None] = []
    for position, text in enumerate(texts):
        if text == KEEP:
            protected.append(marks[position])
            until.append(None)
            continue
        day = parse_date(text)
        if text.strip() and day is None and text.strip().casefold() not in YES:
            fields.note(position, "protected_until", "date_format")
        protected.append(bool(text.strip()) or bool(marks[position]))
        until.append(day)
    return protected, until


def _contact_columns(fields: _Fields) -> list[list[str]]:
    """Mobile, phone, guardian and relative with their numbers."""
    columns: list[list[str]] = []
    for name in ("mobile", "phone"):
        columns += sealed_columns("phone", fields.convert(name, phone_number, "phone_format"))
    for person in ("guardian", "relative"):
        names = fields.convert(f"{person}_name", short_text(200), "text_long")
        columns.append([copy_optional(text) for text in names])
        columns += sealed_columns("phone", fields.convert(f"{person}_phone", phone_number, "phone_format"))
    return columns
