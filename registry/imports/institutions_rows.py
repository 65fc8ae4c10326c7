"""The institution register's cells as values: numbers, codes, coordinates, dates. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from django.utils.translation import gettext as _
from pyproj import Transformer

from ..models import InstitutionKind
from .child import Chunk
from .institutions_types import kind_of_type

NUMBER_LENGTH = 6
# Denmark with Bornholm, in degrees; anything beyond is a typing error or a swapped pair.
SOUTH, NORTH, WEST, EAST = 54.4, 57.9, 7.9, 15.3
LARGEST_DEGREE = 180.0
DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%Y%m%d")


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One institution as a row of the register gives it. `kind` is None for a type nobody has placed."""

    row_number: int
    number: str
    name: str
    kind: InstitutionKind | None
    register_type: str
    municipality_code: int
    address: str
    point: tuple[float, float] | None
    closed_on: date | None


@dataclass
class RegisterRows:
    """The readable rows, what is wrong with the others, and what the register says that we do not know."""

    rows: list[RegisterRow] = field(default_factory=list)
    errors: list[dict[str, object]] = field(default_factory=list)
    unknown_types: Counter[str] = field(default_factory=Counter)
    unknown_municipalities: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)

    def add(self, chunk: Chunk, municipality_codes: Collection[int]) -> None:
        """Take a chunk in. The first row of an institution number counts; later ones are listed."""
        for row_number, cells in _cells(chunk):
            if row_number in chunk.uneven:
                self._refuse(row_number, "INST_NR", "uneven")
            else:
                self._add_row(row_number, cells, municipality_codes)

    def _add_row(self, row_number: int, cells: dict[str, str], municipality_codes: Collection[int]) -> None:
        number, name = institution_number(cells["number"]), cells["name"][:200]
        if number is None or not name:
            self._refuse(row_number, *(("INST_NR", "bad_number") if number is None else ("INST_NAVN", "no_name")))
            return
        if number in self._seen:
            self._refuse(row_number, "INST_NR", "duplicate")
            return
        # Where it lies, not who runs it: pop-ups and uptake are about places.
        code_text = cells.get("municipality") or cells.get("administered_by") or ""
        if not (code_text.isascii() and code_text.isdigit()) or int(code_text) not in municipality_codes:
            self.unknown_municipalities[code_text or _("uden kommune")] += 1
            self._refuse(row_number, "BEL_KOMMUNE", "unknown_municipality")
            return
        self._seen.add(number)
        kind = kind_of_type(cells["type_name"], cells.get("type_group", ""))
        if kind is None:
            self.unknown_types[cells["type_name"] or _("uden type")] += 1
        self.rows.append(
            RegisterRow(
                row_number=row_number,
                number=number,
                name=name,
                kind=kind,
                register_type=cells["type_name"][:120],
                municipality_code=int(code_text),
                address=_address(cells),
                point=self._point(row_number, cells),
                closed_on=self._closed_on(row_number, cells.get("closed_on", "")),
            )
        )

    def _point(self, row_number: int, cells: dict[str, str]) -> tuple[float, float] | None:
        try:
            return degrees(cells.get("latitude", ""), cells.get("longitude", ""))
        except ValueError:
            self._refuse(row_number, "GEO_BREDDE_GRAD", "bad_coordinates")
            return None

    def _closed_on(self, row_number: int, text: str) -> date | None:
        try:
            return closing_date(text)
        except ValueError:
            self._refuse(row_number, "NEDLAGT_DATO", "bad_date")
            return None

    def _refuse(self, row_number: int, column: str, code: str) -> None:
        self.errors.append({"row": row_number, "column": column, "code": code, "message": _sentence(code)})


def institution_number(text: str) -> str | None:
    """Six digits; zeros that a spreadsheet dropped are put back. None for anything else."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > NUMBER_LENGTH or not int(digits):
        return None
    return digits.zfill(NUMBER_LENGTH)


def degrees(latitude: str, longitude: str) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees; None where the register has none. Raises ValueError for what is no place here.

    Some extracts carry metres of ETRS89 / UTM zone 32N (EPSG:25832) in the same columns; their size tells them.
    """
    first, second = _decimal(latitude), _decimal(longitude)
    if not first and not second:
        return None
    if first > LARGEST_DEGREE and second > LARGEST_DEGREE:
        # A northing is over six million metres here, an easting under one.
        easting, northing = sorted((first, second))
        second, first = _from_metres().transform(easting, northing)
    if not (SOUTH <= first <= NORTH and WEST <= second <= EAST):
        raise ValueError
    return round(first, 6), round(second, 6)


def closing_date(text: str) -> date | None:
    """The day of closing; None for an empty cell. Raises ValueError for a text that is no day."""
    if not text:
        return None
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(text)


def _decimal(text: str) -> float:
    return float(text.replace(",", ".")) if text else 0.0


@cache
def _from_metres() -> Transformer:
    return Transformer.from_crs("EPSG:25832", "EPSG:4326", always_xy=True)


def _cells(chunk: Chunk) -> Iterator[tuple[int, dict[str, str]]]:
    names = list(chunk.columns)
    for row_number, values in zip(chunk.row_numbers, zip(*chunk.columns.values(), strict=True), strict=True):
        yield row_number, {name: " ".join(value.split()) for name, value in zip(names, values, strict=True)}


def _address(cells: dict[str, str]) -> str:
    town = f"{cells.get('postal_code', '')} {cells.get('city', '')}".strip()
    return ", ".join(part for part in (cells.get("address", ""), town) if part)[:200]


def _sentence(code: str) -> str:
    return {
        "bad_number": _("Institutionsnummeret er ikke et tal på højst seks cifre. Rækken er sprunget over."),
        "no_name": _("Institutionen har intet navn. Rækken er sprunget over."),
        "duplicate": _("Institutionsnummeret står også i en tidligere række. Kun den første er brugt."),
        "unknown_municipality": _("Kommunekoden findes ikke. Rækken er sprunget over."),
        "bad_coordinates": _("Koordinaterne ligger ikke i Danmark. Institutionen er indlæst uden dem."),
        "bad_date": _("Datoen for nedlæggelsen kan ikke læses. Institutionen er indlæst som åben."),
        "uneven": _("Rækken har for mange eller for få felter. Rækken er sprunget over."),
    }[code]
