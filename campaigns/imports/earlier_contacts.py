"""Read a spreadsheet of earlier contacts in the bounded child, COPY its rows, match and review them (L8).

One transaction: killed anywhere, the file is where it was before.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError
from registry.imports.child import Reading, reading, refused
from registry.imports.cleaning import programme_key
from registry.imports.copying import copying
from registry.imports.remembered_columns import Recalled, recalled_from
from registry.models import MappingSource, Programme
from registry.services.column_mappings import remembered
from registry.services.file_kinds import FileKind
from registry.services.received_files import stored_path

from ..models import EarlierContacts
from ..services.earlier_contacts import review_file
from ..services.earlier_contacts_columns import CONTACTS_FILE, PERSON_TITLE, ask_for_columns
from ..services.earlier_contacts_files import FOLDER
from ..services.earlier_contacts_matching import remembered_words
from ..services.earlier_contacts_sql import statement
from .earlier_contacts_lease import file_progress
from .earlier_contacts_rows import ContactRules, copy_lines

MOST_ROWS = 200_000


def read_and_review(file: EarlierContacts, *, by: Actor, now: datetime) -> None:
    """From `received` to `reviewed`, or to waiting for a person's word on the columns.

    Raises UserError for what must be mended in the file, ReaderKilled. Call inside the job's context.
    """
    by_person = file.mapping_source == MappingSource.PERSON
    with _reading(file, file.mapping if by_person else {}) as found:
        recalled = None if by_person else _recalled(file, found)
        if recalled is None or recalled.ask:
            _read_on(file, found, recalled, by, now)
            return
    file.mapping, file.mapping_source = recalled.mapping, MappingSource.REMEMBERED
    with _reading(file, recalled.mapping) as found:
        _read_on(file, found, None, by, now)


def _reading(file: EarlierContacts, mapping: Mapping[str, str]) -> AbstractContextManager[Reading]:
    path = stored_path(FOLDER, file.stored_name)
    return reading(path, kind=FileKind(path.suffix.lstrip(".")), specification=CONTACTS_FILE, mapping=mapping)


def _recalled(file: EarlierContacts, found: Reading) -> Recalled | None:
    known = remembered(file.municipality_id, file.sender, CONTACTS_FILE)
    return recalled_from(known, found.header.header, CONTACTS_FILE)


def _read_on(file: EarlierContacts, found: Reading, recalled: Recalled | None, by: Actor, now: datetime) -> None:
    missing = list(found.header.missing)
    if not {"cpr", "phone"} & set(found.header.mapping):
        missing.insert(0, PERSON_TITLE)
    if recalled is None and missing and not found.header.dropped:
        raise refused("no_header", {"missing": missing})
    file.header, file.column_kinds = found.header.header, found.header.kinds
    file.dropped_columns = found.header.dropped
    if recalled is not None or missing:
        source = MappingSource.PROPOSED if recalled is None else MappingSource.REMEMBERED
        ask_for_columns(file, mapping=recalled.mapping if recalled else found.header.mapping, source=source)
        return
    absent = {ours: theirs for ours, theirs in file.mapping.items() if not theirs}
    file.mapping = absent | found.header.mapping
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS earlier_incoming")
        cursor.execute(statement("earlier_contacts_incoming"))
        rows = _copy(cursor, file, found, now)
        cursor.execute("ANALYZE earlier_incoming")
        parameters: dict[str, Any] = {"municipality": file.municipality_id, "file": file.pk}
        review_file(
            by=by,
            file=file,
            rows=rows,
            now=now,
            write=lambda: cursor.execute(statement("earlier_contacts_rows"), parameters),
        )


def _copy(cursor: Any, file: EarlierContacts, found: Reading, now: datetime) -> int:
    """Stream the child's chunks into `earlier_incoming`; how many rows there were."""
    rules = ContactRules(
        today=localdate(now),
        words=remembered_words(file.municipality),
        programmes={
            programme_key(name): programme.pk
            for programme in Programme.objects.filter(active=True)
            for name in (programme.code, programme.name)
        },
        programme_id=file.programme_id,
    )
    done = 0
    with file_progress(file.pk) as progress, copying(cursor, "earlier_incoming") as copy:
        for chunk in found.chunks():
            copy.write(copy_lines(chunk, rules))
            done += len(chunk.row_numbers)
            if done > MOST_ROWS:
                raise UserError("too_many_contacts", _("Filen har flere end 200.000 kontakter. Del den i flere filer."))
            progress.report("read", done)
    if not done:
        raise UserError("no_rows", _("Filen har ingen kontakter. Er det den rigtige fil?"))
    return done
