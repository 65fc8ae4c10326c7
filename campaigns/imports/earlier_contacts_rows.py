"""One chunk of a spreadsheet of earlier contacts: checked as columns, numbers sealed, COPY's lines. No database here.

Says what is wrong with each cell; who the citizen is, and what is known already, is matched afterwards (L8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from outreach.messaging.numbers import normalise
from outreach.privacy.fields import encrypt_text
from outreach.privacy.redaction import redact
from registry.cpr import parse_columns
from registry.imports.child import Chunk
from registry.imports.cleaning import clean_texts, mapped, parse_date, programme_key
from registry.imports.copy_text import NULL, copy_name, copy_optional, sealed_columns

from ..answer_words import free_text_problem
from .earlier_contacts_words import barrier_of, kind_of_contact, normalise_word, outcome_of

NOTE_KIND = "contact_note"
NOTE_LIMIT = 2000
WHO_LIMIT = 120


@dataclass(frozen=True)
class ContactRules:
    """What rows are checked against: the day, the municipality's words, programmes by key, and the file's own one."""

    today: date
    words: Mapping[str, str]
    programmes: Mapping[str, int]
    programme_id: int


def copy_lines(chunk: Chunk, rules: ContactRules) -> str:
    """Check a chunk and write its lines; plain numbers do not leave this function."""
    rows = len(chunk.row_numbers)
    cells = {name: clean_texts(texts) for name, texts in chunk.columns.items()}
    blank = [""] * rows

    def column(name: str) -> Sequence[str]:
        return cells.get(name) or blank

    uneven = [number in chunk.uneven for number in chunk.row_numbers]
    codes, columns = ["cells" if each else "" for each in uneven], list(blank)
    # Where cells are missing the number may be another column's: it is not kept.
    cprs = [None if odd else text or None for text, odd in zip(column("cpr"), uneven, strict=True)]
    people = _people(cprs, column("phone"), uneven, rules.today, codes, columns)
    days = mapped(column("contacted_on"), parse_date)
    words = mapped(column("answer"), normalise_word)
    free_texts = mapped(words, free_text_problem)
    # A4: words are kept in plain and remembered; what somebody wrote of one citizen is not kept at all.
    kept = ["" if problem else word for word, problem in zip(words, free_texts, strict=True)]
    outcomes = mapped(kept, lambda word: outcome_of(word, rules.words) or "")
    named = mapped(column("programme"), lambda text: rules.programmes.get(programme_key(text)) if text else None)
    programmes = [place if text else rules.programme_id for place, text in zip(named, column("programme"), strict=True)]
    _check(days, column("contacted_on"), words, free_texts, programmes, rules.today, codes, columns)
    barriers = mapped(column("barrier"), barrier_of)
    notes = [
        _note(note, reason, barrier)
        for note, reason, barrier in zip(column("note"), column("barrier"), barriers, strict=True)
    ]
    whos = [copy_name(text[:WHO_LIMIT]) for text in mapped(column("who"), redact)]
    kinds = mapped(column("kind"), kind_of_contact)
    lines = zip(
        chunk.row_numbers, people, days, kinds, kept, outcomes, barriers, whos, notes, programmes, codes, columns,
        strict=True,
    )  # fmt: skip
    return "".join(
        f"{number}\t{person.columns}\t{day or NULL}\t{kind}\t{copy_name(word)}\t{outcome}\t{barrier}"
        f"\t{who}\t{note}\t{copy_optional(None if programme is None else str(programme))}"
        f"\t{person.warning}\t{code}\t{at}\n"
        for number, person, day, kind, word, outcome, barrier, who, note, programme, code, at in lines
    )


@dataclass(frozen=True, slots=True)
class _Person:
    """COPY's columns of who a row is about, and whether the number is a proposal."""

    columns: str
    warning: str


def _people(
    cprs: list[str | None],
    phones: Sequence[str],
    uneven: Sequence[bool],
    today: date,
    codes: list[str],
    columns: list[str],
) -> list[_Person]:
    """CPR first, else the phone; the row's problem when neither can be read. A nine-digit number is proposed (C2)."""
    parsed = parse_columns(pd.Series([text or "" for text in cprs], dtype=object), today)
    canonical: list[str | None] = parsed["canonical"].tolist()
    births = [None if moment is pd.NaT else moment for moment in parsed["birth_date"].dt.date.tolist()]
    warnings = ["leading_zero" if warning else "" for warning in parsed["warning"].tolist()]
    numbers: list[str | None] = [None] * len(cprs)
    known: dict[str, str | None] = {}
    for position, (cpr, phone, problem) in enumerate(zip(cprs, phones, parsed["problem"].tolist(), strict=True)):
        if uneven[position]:
            continue
        if cpr:
            if problem:
                codes[position], columns[position] = problem, "cpr"
            continue
        if phone and phone not in known:
            known[phone] = normalise(phone)
        numbers[position] = known.get(phone) if phone else None
        if numbers[position] is None:
            code, at = ("phone_unreadable", "phone") if phone else ("person_missing", "cpr")
            codes[position], columns[position] = code, at
    cpr_sealed = sealed_columns("cpr", [text if own else None for text, own in zip(canonical, cprs, strict=True)])
    phone_sealed = sealed_columns("phone", numbers)
    return [
        _Person(f"{cpr}\t{cpr_index}\t{phone}\t{phone_index}\t{birth or NULL}", warning)
        for cpr, cpr_index, phone, phone_index, birth, warning in zip(
            *cpr_sealed, *phone_sealed, births, warnings, strict=True
        )
    ]


def _check(
    days: Sequence[date | None],
    texts: Sequence[str],
    words: Sequence[str],
    free_texts: Sequence[str],
    programmes: Sequence[int | None],
    today: date,
    codes: list[str],
    columns: list[str],
) -> None:
    """The first thing that is wrong with a contact's own cells."""
    for position, (day, word, free_text, programme) in enumerate(zip(days, words, free_texts, programmes, strict=True)):
        if codes[position]:
            continue
        if day is None:
            codes[position] = "date_format" if texts[position] else "contact_date_missing"
            columns[position] = "contacted_on"
        elif day > today:
            codes[position], columns[position] = "contact_date_future", "contacted_on"
        elif not word:
            codes[position], columns[position] = "answer_missing", "answer"
        elif free_text:
            codes[position], columns[position] = free_text, "answer"
        elif programme is None:
            codes[position], columns[position] = "programme_unknown", "programme"


def _note(note: str, reason: str, barrier: str) -> str:
    """The note, sealed, as bytea; a reason that is no barrier of ours joins it."""
    text = " ".join(part for part in (note, "" if barrier else reason) if part)[:NOTE_LIMIT]
    return f"\\\\x{encrypt_text(NOTE_KIND, text).hex()}"
