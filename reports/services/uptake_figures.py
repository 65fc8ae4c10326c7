"""Turn the rows of an uptake file into figures of a snapshot; rows about unknown places are listed, not stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from outreach.errors import UserError
from registry.models import Municipality
from reports.models import UptakeFigure, UptakeKind
from reports.uptake_files.columns import COUNTS, SHARES
from reports.uptake_files.rows import UptakeFile, UptakeRow

from .uptake_places import Places

_GROUP_WORDS = re.compile(r"^(vaccinations)?(målgruppe|maalgruppe|gruppe)\s*", re.IGNORECASE)
_AGE_WIDTH = UptakeFigure._meta.get_field("age_group").max_length


@dataclass
class Figures:
    """What came of a file's rows."""

    figures: list[UptakeFigure] = field(default_factory=list)
    unknown_places: list[str] = field(default_factory=list)


def group_code(text: str) -> str:
    """The code of a target group: `Målgruppe 1` → `1`, `10a` → `10A`. Raises UserError when it is too long for one."""
    code = _GROUP_WORDS.sub("", text.strip()).upper()
    if len(code) > 10:
        raise UserError(
            "bad_group", _("»{text}« er ikke en målgruppe. Skriv den som 1, 7 eller 10A.").format(text=text[:40])
        )
    return code


def figures_of(file: UptakeFile, municipality: Municipality | None) -> Figures:
    """The figures of a read file. `municipality` limits institutions to it and is the place of group rows.

    Raises UserError when two rows speak of the same thing.
    """
    places = Places.load({row.label("institution_number").zfill(6) for row in file.rows})
    result = Figures()
    seen: dict[tuple[object, ...], int] = {}
    for row in file.rows:
        figure = UptakeFigure(
            position=row.position,
            is_total=row.is_total,
            is_country=row.is_country or (row.is_total and file.kind in {UptakeKind.MUNICIPALITY, UptakeKind.REGION}),
            target_group="" if row.is_total else group_code(row.label("target_group")),
            age_group="" if row.is_total else row.label("age_group")[:_AGE_WIDTH],
            sex=row.label("sex"),
            suppressed=row.suppressed,
            **{name: row.counts.get(name) for name in COUNTS},
            **{name: row.shares.get(name) for name in SHARES},
        )
        unknown = _place(figure, row, file.kind, places, municipality)
        if unknown is not None:
            if unknown not in result.unknown_places:
                result.unknown_places.append(unknown)
            continue
        earlier = seen.setdefault(_about(figure), row.position)
        if earlier != row.position:
            raise UserError(
                "duplicate_row",
                _("Række {first} og {second} handler om det samme. Slet den ene i filen, og indlæs den igen.").format(
                    first=earlier, second=row.position
                ),
            )
        result.figures.append(figure)
    return result


def _about(figure: UptakeFigure) -> tuple[object, ...]:
    return (
        figure.municipality_id, figure.region_id, figure.parish_id, figure.institution_id,
        figure.target_group, figure.age_group, figure.sex, figure.is_total, figure.is_country,
    )  # fmt: skip


def _place(
    figure: UptakeFigure, row: UptakeRow, kind: UptakeKind, places: Places, municipality: Municipality | None
) -> str | None:
    """Fill in the figure's place. Returns the name of a place nobody knows, or None."""
    if figure.is_country:
        return None
    if kind == UptakeKind.GROUP:
        figure.municipality_id = municipality.code if municipality else None
        return _other_municipality(figure, row, places)
    if kind == UptakeKind.INSTITUTION:
        return None if row.is_total else _place_institution(figure, row, places, municipality)
    if kind == UptakeKind.REGION:
        figure.region_id = places.region(row.label("region_name"), row.label("region_code"))
        return None if figure.region_id else row.label("region_name") or row.label("region_code")
    if kind == UptakeKind.AGE and not (row.label("municipality_name") or row.label("municipality_code")):
        if row.label("region_name") or row.label("region_code"):
            figure.region_id = places.region(row.label("region_name"), row.label("region_code"))
        return None
    return _place_municipality(figure, row, places)


def _place_municipality(figure: UptakeFigure, row: UptakeRow, places: Places) -> str | None:
    name, code = row.label("municipality_name"), row.label("municipality_code")
    figure.municipality_id = places.municipality(name, code)
    if figure.municipality_id is None:
        return name or code or f"række {row.position}"
    parish = row.label("parish_code")
    if parish:  # people without an address stand under the municipality without a parish (SSI's readme)
        figure.parish_id = places.parish(parish)
        if figure.parish_id is None:
            return f"{row.label('parish_name') or 'sogn'} ({parish})"
    return None


def _other_municipality(figure: UptakeFigure, row: UptakeRow, places: Places) -> str | None:
    """A group file may name municipalities: rows about another one than stated are not taken."""
    name, code = row.label("municipality_name"), row.label("municipality_code")
    if not name and not code:
        return None
    return None if places.municipality(name, code) == figure.municipality_id else name or code


def _place_institution(
    figure: UptakeFigure, row: UptakeRow, places: Places, municipality: Municipality | None
) -> str | None:
    number, name = row.label("institution_number").zfill(6), row.label("institution_name")
    institution = places.institutions.get(number)
    if institution is None or (municipality is not None and institution.municipality_id != municipality.code):
        return f"{name} ({number})".strip()
    figure.institution = institution
    figure.municipality_id = institution.municipality_id
    figure.parish_id = institution.parish_id
    return None
