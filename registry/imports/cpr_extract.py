"""Read a CPR extract: fixed width, one line per record, the records of a person together. Free of Django; runs in the
reading child.

Positions are those of `cpr_extract_records.csv`: 0-based, the end is not part of the field. Record types that are not
read are counted and told; a file that is cut, counts wrongly or is out of order is refused whole.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import texts
from .refusals import Refusal

START, END, PERSON, ADDRESS, PROTECTION, NAME = "000", "999", "001", "003", "004", "008"
# Known and of no use here: civil status.
NOT_NEEDED = frozenset({"012"})
READ = (PERSON, ADDRESS, PROTECTION, NAME)
NUMBER = (3, 13)
FIELDS: dict[str, dict[str, tuple[int, int]]] = {
    PERSON: {"PNRGAELD": (13, 23), "STATUS": (23, 25), "STATUSHAENSTART": (25, 37), "FOED_DT": (39, 49)},
    ADDRESS: {
        "CONVN": (47, 81),
        "STANDARDADR": (115, 149),
        "BYNVN": (149, 183),
        "POSTNR": (183, 187),
        "POSTDISTTXT": (187, 207),
        "KOMKOD": (207, 211),
    },
    PROTECTION: {"BESKYTTYPE": (13, 17), "START_DT-BESKYTTELSE": (17, 27), "SLET_DT-BESKYTTELSE": (27, 37)},
    NAME: {"FORNVN": (13, 63), "MELNVN": (64, 104), "EFTERNVN": (105, 145), "ADRNVN": (159, 193)},
}
# A line may lack its trailing blanks; it may not end inside one of these, nor before what every record has.
WHOLE = frozenset(
    {"PNRGAELD", "STATUS", "STATUSHAENSTART", "FOED_DT", "POSTNR", "KOMKOD", "BESKYTTYPE"}
    | {"START_DT-BESKYTTELSE", "SLET_DT-BESKYTTELSE"}
)
SHORTEST = {PERSON: 25, ADDRESS: 13, PROTECTION: 17, NAME: 14}
COUNTER = (13, 21)  # of the end record: the number of records between start and end
NAME_AND_ADDRESS_PROTECTION = "0001"
NO_FIXED_ADDRESS = "03"
# A cell that the file says nothing about: what is known is kept. No text of a file can hold it.
KEEP = "\0"
# Our column → where it comes from, as errors name it.
SOURCES = {
    "cpr": "001 PNR",
    "valid_cpr": "001 PNRGAELD",
    "status": "001 STATUS",
    "birth_date": "001 FOED_DT",
    "name": "008 navn",
    "address": "003 STANDARDADR",
    "postal_code": "003 POSTNR",
    "city": "003 POSTDISTTXT",
    "municipality": "003 KOMKOD",
    "parish": "003",
    "protected": "004 BESKYTTYPE",
    "protected_until": "004 SLET_DT",
}
CHUNK = 25_000


@dataclass
class Survey:
    """What a whole file holds: records by type, lines, persons."""

    types: Counter[str] = field(default_factory=Counter)
    persons: int = 0

    @property
    def unread(self) -> dict[str, int]:
        known = {START, END, *READ, *NOT_NEEDED}
        return {kind: count for kind, count in sorted(self.types.items()) if kind not in known}


def read(path: Path, max_rows: int, say: Callable[[dict[str, Any]], None]) -> None:
    """Check the whole file, then say its persons in chunks, in the columns of the citizens' specification.

    Raises Refusal `cpr_no_end`, `cpr_no_start`, `cpr_count`, `cpr_order`, `cpr_short`, `too_many_rows`.
    """
    started = time.monotonic()
    encoding = texts.encoding_of(path)
    # The register's own set is ISO-8859-1; Windows-1252 differs only where it has no letters.
    encoding = "iso-8859-1" if encoding == "cp1252" else encoding
    survey = _survey(path, encoding)
    if survey.persons > max_rows:
        raise Refusal("too_many_rows", limit=max_rows)
    dropped = [f"{kind}:{count}" for kind, count in survey.unread.items()]
    if START not in survey.types:
        dropped.append("unchecked")
    say({"header": [], "header_row": 0, "mapping": SOURCES, "dropped": dropped, "missing": [], "kinds": []})
    rows: list[int] = []
    columns: dict[str, list[str]] = {name: [] for name in SOURCES}
    for number, records in _persons(path, encoding):
        rows.append(number)
        for name, value in _person(records, survey).items():
            columns[name].append(value)
        if len(rows) == CHUNK:
            say({"rows": rows, "columns": columns, "uneven": []})
            rows, columns = [], {name: [] for name in SOURCES}
    if rows:
        say({"rows": rows, "columns": columns, "uneven": []})
    say({
        "end": True, "rows": survey.persons, "blank": 0,
        "seconds": round(time.monotonic() - started, 3), "peak_bytes": 0,
    })  # fmt: skip


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    with path.open(encoding=encoding, newline="\n") as file:
        for number, line in enumerate(file, start=1):
            text = line.rstrip("\r\n\x1a")
            if text:
                yield number, text


def _survey(path: Path, encoding: str) -> Survey:
    """Count and check every line once, so that nothing of a broken file is said."""
    survey, number_now, counted, last = Survey(), "", "", ""
    for number, line in _lines(path, encoding):
        kind = line[:3]
        if last == END or (kind == START and last):
            raise Refusal("cpr_order", line=number)
        _check_length(kind, line, number)
        survey.types[kind] += 1
        if kind == PERSON:
            number_now = line[slice(*NUMBER)]
            survey.persons += 1
        elif kind == END:
            counted = line[slice(*COUNTER)].strip()
        elif kind in FIELDS and line[slice(*NUMBER)] != number_now:
            raise Refusal("cpr_order", line=number)
        last = kind
    if START in survey.types and last != END:
        raise Refusal("cpr_no_end")
    if END in survey.types and START not in survey.types:
        raise Refusal("cpr_no_start")
    if END in survey.types:
        between = survey.types.total() - 2
        # Counted with and without the start and end record, as deliveries differ.
        if not counted.isdecimal() or int(counted) not in (between, between + 2):
            raise Refusal("cpr_count", said=counted or "–", found=between)
    return survey


def _check_length(kind: str, line: str, number: int) -> None:
    """A line that ends inside a number or a date, or lacks what the record is for, was cut off."""
    if not kind.isdecimal() or len(kind) < 3 or len(line) < SHORTEST.get(kind, 3):
        raise Refusal("cpr_short", line=number)
    length = len(line)
    if any(first < length < end for name, (first, end) in FIELDS.get(kind, {}).items() if name in WHOLE):
        raise Refusal("cpr_short", line=number)


def _persons(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The line number of each person's first record, and all their records by type."""
    number_now = 0
    records: dict[str, list[str]] = {}
    for number, line in _lines(path, encoding):
        kind = line[:3]
        if kind == PERSON:
            if records:
                yield number_now, records
            number_now, records = number, {PERSON: [line]}
        elif kind in FIELDS:
            records.setdefault(kind, []).append(line)
    if records:
        yield number_now, records


def _person(records: dict[str, list[str]], survey: Survey) -> dict[str, str]:
    """One person in our columns. A record the person lacks keeps what is known."""
    first = records[PERSON][0]
    status = _cell(first, PERSON, "STATUS")
    return {
        "cpr": first[slice(*NUMBER)].strip(),
        "valid_cpr": _cell(first, PERSON, "PNRGAELD"),
        "status": status,
        "birth_date": _cell(first, PERSON, "FOED_DT") or KEEP,
        "name": _name(records),
        **_address(records, status),
        **_protection(records, survey),
    }


def _name(records: dict[str, list[str]]) -> str:
    if NAME not in records:
        return KEEP
    line = records[NAME][0]
    parts = (_cell(line, NAME, part) for part in ("FORNVN", "MELNVN", "EFTERNVN"))
    return " ".join(part for part in parts if part) or _cell(line, NAME, "ADRNVN") or KEEP


def _address(records: dict[str, list[str]], status: str) -> dict[str, str]:
    """From status 30 on, and where a person has no record, the register tells no address: the last one is kept."""
    names = ("address", "postal_code", "city", "municipality")
    if ADDRESS not in records or (status.isdecimal() and int(status) >= 30):
        return {**dict.fromkeys(names, KEEP), "parish": KEEP}
    line = records[ADDRESS][0]
    street, place, care_of = (_cell(line, ADDRESS, part) for part in ("STANDARDADR", "BYNVN", "CONVN"))
    if care_of and not care_of.casefold().startswith("c/o"):
        care_of = f"c/o {care_of}"
    return {
        "address": ", ".join(part for part in (care_of, street, place) if part),
        "postal_code": _cell(line, ADDRESS, "POSTNR"),
        "city": _cell(line, ADDRESS, "POSTDISTTXT"),
        "municipality": _cell(line, ADDRESS, "KOMKOD"),
        # C2: without a fixed address there is no parish either; else the extract does not say which.
        "parish": "" if status == NO_FIXED_ADDRESS else KEEP,
    }


def _protection(records: dict[str, list[str]], survey: Survey) -> dict[str, str]:
    """C5. A file without any protection record says nothing of protection: nobody is uncovered by it."""
    if PROTECTION not in survey.types:
        return {"protected": KEEP, "protected_until": KEEP}
    for line in records.get(PROTECTION, []):
        if _cell(line, PROTECTION, "BESKYTTYPE").zfill(4) == NAME_AND_ADDRESS_PROTECTION:
            return {"protected": "ja", "protected_until": _cell(line, PROTECTION, "SLET_DT-BESKYTTELSE")}
    return {"protected": "nej", "protected_until": ""}


def _cell(line: str, kind: str, name: str) -> str:
    """A field without its blanks; a number or date of zeros only is none."""
    first, end = FIELDS[kind][name]
    text = line[first:end].strip()
    return "" if name in WHOLE and not text.strip("0-") else text
