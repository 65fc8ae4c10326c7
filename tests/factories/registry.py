"""Citizens, list files and lists, small enough to count by hand. Day + 60 CPR numbers only."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from openpyxl import Workbook

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.privacy.sealing import seal
from registry.cpr import CprProblem, parse
from registry.danish_order import search_key, sort_key
from registry.imports.citizens import import_citizens
from registry.imports.lists import advance
from registry.models import Citizen, ListOrder, Municipality, NonresponderList, Programme
from registry.services.list_orders import create_list_order
from registry.services.lists import approve, receive_list

HEADER = ("CPR-nummer", "Navn", "Målgruppe", "Inviteret")
FIRST_WEEK = date(2021, 3, 30)
NOON = datetime(2021, 3, 30, 10, 0, tzinfo=UTC)
INVITED = "08-03-2021"


def cpr_number(serial: int, *, year: int = 39) -> str:
    """A number that the CPR register never issues: 1 January + 60 days, 19`year`, distinct by `serial`."""
    return f"6101{year:02d}{serial:04d}"


def row(serial: int, *, name: str = "", group: str = "7", invited: str = INVITED) -> tuple[str, str, str, str]:
    """One line of a list, for the person `serial`."""
    return cpr_number(serial), name or f"Testperson {serial}", group, invited


def csv_file(
    rows: Iterable[Sequence[str]], header: Sequence[str] = HEADER, *, encoding: str = "utf-8-sig"
) -> io.BytesIO:
    """A CSV file with semicolons, as Excel writes it in Denmark."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def xlsx_file(rows: Iterable[Sequence[Any]], header: Sequence[str] = HEADER, *, title: str = "") -> io.BytesIO:
    """A workbook with one sheet; `title` stands in a line of its own above the header."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
    sheet.append(list(header))
    for each in rows:
        sheet.append(list(each))
    file = io.BytesIO()
    book.save(file)
    return io.BytesIO(file.getvalue())


def make_citizen(serial: int, *, municipality: int = 183, **fields: Any) -> Citizen:
    """The citizen `serial`; call it inside a data context that holds the municipality."""
    number = fields.pop("cpr", cpr_number(serial))
    name = fields.pop("name", f"Testperson {serial}")
    parsed = parse(number, today=date(2021, 4, 20))
    assert not isinstance(parsed, CprProblem)
    sealed = seal("cpr", parsed.canonical)
    return Citizen.objects.create(
        municipality_id=municipality,
        cpr_ciphertext=sealed.ciphertext,
        cpr_index=sealed.index,
        cpr_kind=parsed.kind,
        birth_date=fields.pop("birth_date", parsed.birth_date),
        name=name,
        sort_name=sort_key(name),
        search_name=search_key(name),
        created_at=NOON,
        updated_at=NOON,
        **fields,
    )


def receive(
    by: Actor,
    file: io.BytesIO,
    *,
    as_of: date = FIRST_WEEK,
    now: datetime | None = None,
    municipality: int | None = None,
    programme: str = "covid-19",
    groups: Sequence[str] = (),
    order: ListOrder | None = None,
    display_name: str = "",
) -> NonresponderList:
    """Hand a list in, as `by`, at 10 o'clock UTC on its as-of date, under a name that fits its kind."""
    kind = "xlsx" if file.getvalue().startswith(b"PK") else "csv"
    with data_context(by):
        return receive_list(
            by=by,
            municipality=Municipality.objects.get(pk=municipality or by.municipality_code),
            programme=Programme.objects.get(code=programme),
            as_of=as_of,
            waiting_days=22,
            groups=list(groups),
            order=order,
            file=file,
            display_name=display_name or f"liste.{kind}",
            now=now or moment(as_of),
        )


def reviewed_list(by: Actor, file: io.BytesIO, **statement: Any) -> NonresponderList:
    """Hand a list in and take it to its review (or its failure)."""
    received = receive(by, file, **statement)
    return advance(received.pk, now=received.uploaded_at)


def committed_list(by: Actor, file: io.BytesIO, **statement: Any) -> NonresponderList:
    """Hand a list in and approve it."""
    reviewed = reviewed_list(by, file, **statement)
    with data_context(by):
        return approve(by=by, nonresponder_list=reviewed, now=reviewed.uploaded_at)


def list_order(
    by: Actor, reference: str = "SST-1", *, expires_on: date = date(2021, 12, 31), now: datetime = NOON
) -> ListOrder:
    """An order for covid-19 in the actor's municipality, in force all of 2021 unless told otherwise."""
    with data_context(by):
        return create_list_order(
            by=by,
            municipality=Municipality.objects.get(pk=by.municipality_code),
            programme=Programme.objects.get(code="covid-19"),
            reference=reference,
            purpose="Opringning i Gadekæret",
            approved_on=date(2021, 1, 1),
            expires_on=expires_on,
            now=now,
        )


def moment(day: date) -> datetime:
    """10 o'clock UTC on that day: noon in Denmark's summer."""
    return datetime(day.year, day.month, day.day, 10, 0, tzinfo=UTC)


def citizens_taken_in(
    by: Actor, file: io.BytesIO, folder: Any, *, now: datetime = NOON, name: str = "borgere.csv"
) -> Any:
    """The receipt of a citizen file or CPR extract, imported in one go into the actor's municipality."""
    path = folder / name
    path.write_bytes(file.getvalue())
    with data_context(by):
        return import_citizens(
            by=by,
            municipality=Municipality.objects.get(pk=by.municipality_code),
            path=path,
            display_name=name,
            now=now,
        )
