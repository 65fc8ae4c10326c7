"""Read a list's file in the child, COPY the checked rows, match and classify them: one transaction."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.data_context import job_context
from outreach.access.selectors import served_municipality_codes

from ..models import ListRow, ListState, MappingSource, Municipality, NonresponderList, Programme, TargetGroup
from ..services.file_kinds import FileKind
from ..services.list_gates import newest_of_scope
from ..services.list_memory import memory_parameters
from ..services.list_states import move
from ..services.lists.receiving import FOLDER
from ..services.received_files import stored_path
from ..sql import expect_few_rows, expect_known_rows, statement
from .child import Reading, reading, refused
from .cleaning import programme_key
from .copying import copying
from .lease import list_progress
from .list_rows import ListRules, copy_block
from .remembered_columns import Recalled, absent_columns, hints, recall

MAPPING = "mapping"


def read_and_match(current: NonresponderList, *, job: str, now: datetime) -> bool:
    """From `uploaded` to `matched`; False when the list waits for a mapping, or somebody took it away meanwhile.

    Raises UserError for what the user can mend, `child.ReaderKilled`.
    """
    with _file_of(current, hints(current)) as file:
        recalled = recall(current, file.header.header)
        if recalled is None or recalled.ask:
            return _read_on(current, file, recalled, job, now)
    current.mapping, current.mapping_source = recalled.mapping, MappingSource.REMEMBERED
    with _file_of(current, recalled.mapping) as file:
        return _read_on(current, file, None, job, now)


def _file_of(current: NonresponderList, mapping: Mapping[str, str]) -> AbstractContextManager[Reading]:
    path = stored_path(FOLDER, current.stored_name)
    return reading(path, kind=FileKind(path.suffix.lstrip(".")), specification="list", mapping=mapping)


def _read_on(current: NonresponderList, file: Reading, recalled: Recalled | None, job: str, now: datetime) -> bool:
    if recalled is not None or file.header.missing:
        _wait_for_mapping(current, file, recalled)
        return False
    # L8b: "known in another municipality" can only be told across them; nothing of theirs is stored or shown.
    with job_context(job, {*served_municipality_codes(), current.municipality_id}) as by:
        return _stage(current, file, by, now)


def _stage(current: NonresponderList, file: Reading, by: Actor, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import-list {current.pk}"])
        if NonresponderList.objects.get(pk=current.pk).state not in (ListState.UPLOADED, ListState.READ):
            return False
        ListRow.objects.filter(nonresponder_list=current).delete()
        started = time.monotonic()
        warnings = _copy(cursor, current, file)
        copied = time.monotonic()
        newest = newest_of_scope(current)
        # An older list is compared with nothing: newer answers stand (IP03).
        previous = newest if newest is not None and newest.as_of <= current.as_of else None
        parameters: dict[str, Any] = {
            "municipality": current.municipality_id,
            "programme": current.programme_id,
            "list": current.pk,
            "as_of": current.as_of,
            "others": sorted(by.municipality_codes - {current.municipality_id}),
            **memory_parameters(current, localdate(now)),
        }
        expect_known_rows(cursor, file.rows)
        cursor.execute("DROP TABLE IF EXISTS barring")
        cursor.execute(statement("barring"), parameters)
        cursor.execute("ANALYZE barring")
        cursor.execute(statement("classify"), parameters)
        expect_few_rows(cursor)
        fields: dict[str, Any] = {
            "header": file.header.header,
            "mapping": absent_columns(current) | file.header.mapping,
            "mapping_source": current.mapping_source,
            "column_kinds": file.header.kinds,
            "dropped_columns": file.header.dropped,
            "rows": file.rows,
            "warnings": warnings,
            "previous": previous,
            "seconds": {"read": round(copied - started, 3), "match": round(time.monotonic() - copied, 3)},
            "progress": {"stage": "matched", "done": file.rows, "of": file.rows},
        }
        read = current.state == ListState.READ or move(current, ListState.READ, by_name=by.name, now=now)
        if read and move(current, ListState.MATCHED, by_name=by.name, now=now, **fields):
            return True
        connection.set_rollback(True)
        return False


def _wait_for_mapping(current: NonresponderList, file: Reading, recalled: Recalled | None) -> None:
    """Ask a person which column is which, if there is a column left to choose; else the file is refused (IH02)."""
    if recalled is None and not file.header.dropped:
        raise refused("no_header", {"missing": file.header.missing})
    current.header, current.dropped_columns = file.header.header, file.header.dropped
    current.mapping = file.header.mapping if recalled is None else recalled.mapping
    current.mapping_source = MappingSource.PROPOSED if recalled is None else MappingSource.REMEMBERED
    current.column_kinds, current.waits_for = file.header.kinds, MAPPING
    current.save(update_fields=["header", "mapping", "mapping_source", "column_kinds", "dropped_columns", "waits_for"])


def rules_for(current: NonresponderList) -> ListRules:
    """What the list's rows are checked against."""
    programme = Programme.objects.get(pk=current.programme_id)
    return ListRules(
        as_of=current.as_of,
        groups=frozenset(TargetGroup.objects.filter(programme=programme).values_list("code", flat=True)),
        programme_keys=frozenset({programme_key(programme.code), programme_key(programme.name)}),
        municipalities=dict(Municipality.objects.filter(kind="kommune").values_list("code", "name")),
    )


def _copy(cursor: Any, current: NonresponderList, file: Reading) -> list[dict[str, Any]]:
    """Stream the child's chunks into `incoming`; the warnings the review shows."""
    rules = rules_for(current)
    cursor.execute("DROP TABLE IF EXISTS incoming")
    cursor.execute(statement("incoming"))
    done = leading_zeros = modulus_11 = without_group = 0
    groups: set[str] = set()
    with list_progress(current.pk) as progress, copying(cursor, "incoming") as copy:
        for chunk in file.chunks():
            block = copy_block(chunk, rules)
            copy.write(block.lines)
            done += len(chunk.row_numbers)
            leading_zeros += block.leading_zeros
            modulus_11 += block.modulus_11
            without_group += block.without_group
            groups |= block.groups
            progress.report("read", done)
    cursor.execute("ANALYZE incoming")
    if without_group:
        cursor.execute(
            statement("derive_groups"),
            {"municipality": current.municipality_id, "programme": current.programme_id, "as_of": current.as_of},
        )
    return _warnings(current, file, groups, leading_zeros, modulus_11)


def _warnings(
    current: NonresponderList, file: Reading, groups: set[str], leading_zeros: int, modulus_11: int
) -> list[dict[str, Any]]:
    found = []
    if file.header.dropped:
        text = _("Disse kolonner bruges ikke og er ikke gemt: %(names)s.")
        found.append({"code": "dropped_columns", "message": text % {"names": ", ".join(file.header.dropped)}})
    if leading_zeros:
        text = _("%(rows)s CPR-numre har mistet et foranstillet nul. Bekræft det foreslåede nummer.")
        found.append({"code": "leading_zero", "message": text % {"rows": leading_zeros}})
    if modulus_11:
        text = _("%(rows)s CPR-numre opfylder ikke modulus 11. Det er tilladt og kun til orientering.")
        found.append({"code": "modulus_11", "message": text % {"rows": modulus_11}})
    if current.groups_stated and (outside := sorted(groups - set(current.groups_stated))):
        text = _("Filen har også målgruppe %(groups)s, som ikke var oplyst.")
        found.append({"code": "groups_not_stated", "message": text % {"groups": ", ".join(outside)}})
    if file.blank:
        text = _("%(rows)s tomme rækker er sprunget over.")
        found.append({"code": "blank_rows", "message": text % {"rows": file.blank}})
    return found
