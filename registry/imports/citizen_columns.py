"""The cells of a citizen file beside number and name, as COPY's columns; what cannot be read is noted. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

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
from .cleaning import mapped, parse_date
from .copy_text import NULL, copy_flag, copy_optional, sealed_columns
from .cpr_extract import KEEP

Value = TypeVar("Value")

FLAGS = ("needs_interpreter", "care_home", "personal_care", "practical_help", "home_nursing", "digital_post_exempt")


@dataclass(frozen=True)
class RowError:
    """What is wrong with one cell: the row as the spreadsheet shows it, our column, a code of `row_problems`."""

    row: int
    column: str
    code: str


class CitizenFields:
    """The chunk's columns with their problems; a column that the file has not is None for every row."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.size = len(chunk.row_numbers)
        self.errors: list[RowError] = []

    def note(self, position: int, column: str, code: str) -> None:
        """Say what is wrong with a cell; `position` counts the chunk's rows from 0."""
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


def place_columns(fields: CitizenFields, parishes: frozenset[int]) -> list[list[str]]:
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


def service_columns(fields: CitizenFields, valid: Sequence[str | None], municipality: int | None) -> list[list[str]]:
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


def _statuses(fields: CitizenFields, valid: Sequence[str | None], municipality: int | None) -> list[str | None]:
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


def _protection(fields: CitizenFields) -> tuple[list[bool | None], list[date | None]]:
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


def contact_columns(fields: CitizenFields) -> list[list[str]]:
    """Mobile, phone, guardian and relative with their numbers."""
    columns: list[list[str]] = []
    for name in ("mobile", "phone"):
        columns += sealed_columns("phone", fields.convert(name, phone_number, "phone_format"))
    for person in ("guardian", "relative"):
        names = fields.convert(f"{person}_name", short_text(200), "text_long")
        columns.append([copy_optional(text) for text in names])
        columns += sealed_columns("phone", fields.convert(f"{person}_phone", phone_number, "phone_format"))
    return columns
