"""Recognise an uptake file by its header (D1, D2). Headers drift between files: capitals, æøå, abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.models import UptakeKind

# Our name → the headers it goes under, as `plain` writes them. Read from SSI's files and the municipality's own.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "municipality_name": ("bokomtoday", "kommunenavn", "kommune", "bopaelskommune", "bokom"),
    "municipality_code": ("kommunekode", "komkode", "kommunenr", "kommunenummer"),
    "region_name": ("regionsnavn", "region", "regionnavn", "bopaelsregion"),
    "region_code": ("regionskode", "regionkode"),
    "parish_code": ("sognekode", "sognkode", "sognenr"),
    "parish_name": ("sogn", "sognenavn", "sognnavn"),
    "institution_number": ("instnr", "institutionsnummer", "institutionsnr", "instnummer", "institutionnumber"),
    "institution_name": ("instnavn", "institutionsnavn", "institution", "navn"),
    "target_group": ("maalgruppe", "vaccinationsmaalgruppe", "maalgruppenr"),
    "age_group": ("aldersgruppe", "alder", "aldersinterval"),
    "sex": ("koen", "sex"),
    "population": (
        "antalborgere",
        "borgereimaalgruppen",
        "borgere",
        "befolkning",
        "befolkningstal",
        "antalpersoner",
        "indskrevne",
        "antalindskrevne",
        "elever",
        "antalelever",
        "beboere",
        "antalbeboere",
    ),
    "invited": ("inviteredeisognet", "inviterede", "antalinviterede", "inviteret", "antalinviteret"),
    "not_booked": ("antalinviteretikkebooket", "inviteretikkebooket", "ikkebooket", "antalikkebooket"),
    "started": (
        "antalfoerstevacc",
        "paabegyndt",
        "antalpaabegyndt",
        "paabegyndte",
        "foerstevacc",
        "antal1stik",
        "antalfoerstestik",
        "antalfoerstevaccination",
    ),
    "complete": (
        "antalfaerdigvacc",
        "faerdigvaccinerede",
        "antalfaerdigvaccinerede",
        "faerdigvaccineret",
        "antalfaerdigvaccineret",
        "faerdigvacc",
    ),
    "not_booked_share": ("andelinviteretikkebooket", "andelikkebooket"),
    "booked_share": ("andelbooket",),
    "started_share": (
        "andelpaabegyndt",
        "andelfoerstevacc",
        "vaccdaekningfoerstevacc",
        "andelfoerstestik",
        "paabegyndtpct",
    ),
    "complete_share": (
        "andelfaerdigvaccineret",
        "andelfaerdigvacc",
        "vaccdaekningfaerdigvacc",
        "andelfaerdigvaccinerede",
        "faerdigvaccineretpct",
    ),
}
COUNTS = ("population", "invited", "not_booked", "started", "complete")
SHARES = ("not_booked_share", "booked_share", "started_share", "complete_share")
_BY_HEADER = {header: name for name, headers in SYNONYMS.items() for header in headers}
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ö": "oe", "ä": "ae"})
# What makes a file be of a kind: any of these columns. The first match wins, the finest place first.
_MARKS: tuple[tuple[UptakeKind, tuple[str, ...]], ...] = (
    (UptakeKind.INSTITUTION, ("institution_number",)),
    (UptakeKind.PARISH, ("parish_code",)),
    (UptakeKind.MUNICIPALITY, ("municipality_name", "municipality_code")),
    (UptakeKind.GROUP, ("target_group",)),
    (UptakeKind.AGE, ("age_group",)),
    (UptakeKind.REGION, ("region_name", "region_code")),
)


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header: the kind of file, and which column holds what."""

    kind: UptakeKind
    places: Mapping[str, int]
    unused: tuple[str, ...]


def plain(header: str) -> str:
    """A header without capitals, spaces and signs: `Vacc.dækning faerdigvacc. (%)` → `vaccdaekningfaerdigvacc`."""
    return re.sub(r"[^a-z0-9]", "", header.strip().casefold().translate(_LETTERS))


def recognise(cells: Sequence[str]) -> Header | None:
    """The header in this row, or None: it needs a place or group, and at least one figure."""
    places: dict[str, int] = {}
    unused = []
    for index, cell in enumerate(cells):
        name = _BY_HEADER.get(plain(cell))
        if name is not None and name not in places:
            places[name] = index
        elif cell.strip():
            unused.append(cell.strip())
    if not any(name in places for name in (*COUNTS, *SHARES)):
        return None
    kind = kind_of(places)
    return None if kind is None else Header(kind, places, tuple(unused))


def kind_of(columns: Iterable[str]) -> UptakeKind | None:
    """The kind of file these columns make, or None."""
    present = set(columns)
    # Age by sex for the country may carry a region, but a file of groups in a municipality is about groups.
    if "target_group" in present and not present & {"parish_code", "institution_number"}:
        return UptakeKind.GROUP
    if "age_group" in present and not present & {"parish_code", "institution_number"}:
        return UptakeKind.AGE
    return next((kind for kind, marks in _MARKS if present & set(marks)), None)
