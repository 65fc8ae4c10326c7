"""Read a spreadsheet of earlier contacts in the bounded child and write its rows down for review (L8).

Says what is wrong with each cell; who the citizen is, and what is known already, is matched afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from outreach.errors import UserError
from outreach.messaging.numbers import normalise
from outreach.privacy.sealing import seal
from registry.cpr import CprProblem, parse
from registry.imports.child import Chunk, Reading, reading, refused
from registry.imports.cleaning import clean_text, parse_date, programme_key
from registry.models import Programme
from registry.services.file_kinds import kind_of
from registry.services.received_files import zip_limits

from ..models import EarlierContactRow, EarlierContacts
from .earlier_contacts_words import WORD_LIMIT, barrier_of, kind_of_contact, normalise_word, outcome_of

SPECIFICATION = "contacts"
MOST_ROWS = 5_000  # read while a page waits: 3,000 took 14 s on a machine busy with other work
NOTE_LIMIT = 2000
WHO_LIMIT = 120


def read_rows(file: EarlierContacts, *, path: Path, words: Mapping[str, str], today: date) -> Reading:
    """Write the file's rows; what was read of its header comes back. Raises UserError for what must be mended."""
    kind = kind_of(path, file.display_name, zip_limits())
    with reading(path, kind=kind, specification=SPECIFICATION, mapping={}) as found:
        missing = list(found.header.missing)
        if not {"cpr", "phone"} & set(found.header.mapping):
            missing.insert(0, "CPR-nummer")
        if missing:
            raise refused("no_header", {"missing": missing})
        reader = _Reader(file, words, today)
        for chunk in found.chunks():
            EarlierContactRow.objects.bulk_create(reader.rows(chunk), batch_size=500)
            if found.rows > MOST_ROWS or reader.seen > MOST_ROWS:
                raise UserError("too_many_contacts", _("Filen har flere end 5.000 kontakter. Del den i flere filer."))
        if not reader.seen:
            raise UserError("no_rows", _("Filen har ingen kontakter. Er det den rigtige fil?"))
        return found


class _Reader:
    """Cells to rows of one file; each distinct date, word and programme is looked at once."""

    def __init__(self, file: EarlierContacts, words: Mapping[str, str], today: date) -> None:
        self.file, self.words, self.today, self.seen = file, words, today, 0
        self.programmes = {
            programme_key(name): programme.pk
            for programme in Programme.objects.filter(active=True)
            for name in (programme.code, programme.name)
        }

    def rows(self, chunk: Chunk) -> list[EarlierContactRow]:
        """The chunk's rows with the problems of their cells."""
        self.seen += len(chunk.row_numbers)
        return [self._row(chunk, position) for position in range(len(chunk.row_numbers))]

    def _row(self, chunk: Chunk, position: int) -> EarlierContactRow:
        def cell(name: str) -> str:
            texts = chunk.columns.get(name)
            return clean_text(texts[position]) if texts else ""

        row = EarlierContactRow(
            municipality_id=self.file.municipality_id, file=self.file, row_number=chunk.row_numbers[position]
        )
        if chunk.row_numbers[position] in chunk.uneven:
            return _wrong(row, "cells", "")
        row.who, row.kind, row.barrier = (
            cell("who")[:WHO_LIMIT],
            kind_of_contact(cell("kind")),
            barrier_of(cell("barrier")),
        )
        note = " ".join(part for part in (cell("note"), "" if row.barrier else cell("barrier")) if part)
        row.note = note[:NOTE_LIMIT]
        return self._person(row, cell("cpr"), cell("phone")) or self._contact(
            row, cell("contacted_on"), cell("answer"), cell("programme")
        )

    def _person(self, row: EarlierContactRow, cpr: str, phone: str) -> EarlierContactRow | None:
        """CPR first, else the phone; the row with its problem when neither can be read."""
        if cpr:
            parsed = parse(cpr, today=self.today)
            if isinstance(parsed, CprProblem):
                return _wrong(row, parsed.code, "cpr")
            if parsed.warning == "leading_zero":
                # C2: never repaired silently.
                return _wrong(row, "leading_zero_lost", "cpr")
            sealed = seal("cpr", parsed.canonical)
            row.cpr_ciphertext, row.cpr_index, row.birth_date = sealed.ciphertext, sealed.index, parsed.birth_date
            return None
        number = normalise(phone) if phone else None
        if number is None:
            return _wrong(row, "phone_unreadable" if phone else "person_missing", "phone" if phone else "cpr")
        sealed = seal("phone", number)
        row.phone_ciphertext, row.phone_index = sealed.ciphertext, sealed.index
        return None

    def _contact(self, row: EarlierContactRow, day: str, answer: str, programme: str) -> EarlierContactRow:
        row.contacted_on = parse_date(day)
        row.word = normalise_word(answer)[:WORD_LIMIT]
        row.outcome = outcome_of(row.word, self.words) or ""
        row.programme_id = self.programmes.get(programme_key(programme)) if programme else self.file.programme_id
        if not day or row.contacted_on is None:
            return _wrong(row, "date_format" if day else "contact_date_missing", "contacted_on")
        if row.contacted_on > self.today:
            return _wrong(row, "contact_date_future", "contacted_on")
        if row.birth_date is not None and row.contacted_on < row.birth_date:
            return _wrong(row, "date_before_birth", "contacted_on")
        if not row.word:
            return _wrong(row, "answer_missing", "answer")
        if len(normalise_word(answer)) > WORD_LIMIT:
            return _wrong(row, "answer_long", "answer")
        if row.programme_id is None:
            return _wrong(row, "programme_unknown", "programme")
        return row


def _wrong(row: EarlierContactRow, code: str, column: str) -> EarlierContactRow:
    row.problem_code, row.problem_column = code, column
    return row
