"""From rows of text to uptake rows: the header found, every cell read, nothing looked up and nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from outreach.errors import UserError
from reports.models import UptakeKind

from .cells import Figure, UnreadableCell, read_count, read_share
from .columns import COUNTS, SHARES, Header, plain, recognise

HEADER_WITHIN = 20
MAXIMUM_ROWS = 200_000  # 2,100 parishes × groups × ages stay far below
_TOTAL = {"ialt", "total", "sum", "alle"}
_COUNTRY = {"helelandet", "danmark", "landet", "landstotal"}
_SEXES = {"k": "K", "kvinde": "K", "kvinder": "K", "m": "M", "mand": "M", "maend": "M", "": ""}
_PLACES = {
    UptakeKind.GROUP: ("target_group",),
    UptakeKind.AGE: ("age_group",),
    UptakeKind.PARISH: ("municipality_name", "parish_code"),
    UptakeKind.MUNICIPALITY: ("municipality_name", "municipality_code"),
    UptakeKind.REGION: ("region_name", "region_code"),
    UptakeKind.INSTITUTION: ("institution_number", "institution_name"),
}


@dataclass(frozen=True, slots=True)
class UptakeRow:
    """One row as the file has it. `position` is the row number a spreadsheet shows."""

    position: int
    labels: dict[str, str]
    counts: dict[str, int | None]
    shares: dict[str, Decimal | None]
    suppressed: bool
    is_total: bool
    is_country: bool

    def label(self, name: str) -> str:
        """The text of a column that names a place or group; "" when the file has none."""
        return self.labels.get(name, "")


@dataclass(frozen=True, slots=True)
class UptakeFile:
    """What a file says: its kind, its rows, and what a person should know about it."""

    kind: UptakeKind
    rows: list[UptakeRow]
    warnings: list[str] = field(default_factory=list)


def read_uptake(table: Sequence[Sequence[str]]) -> UptakeFile:
    """Read the rows of an uptake file. Raises UserError: no header, no rows, or a cell that is no figure."""
    start, header = _find_header(table)
    if len(table) - start > MAXIMUM_ROWS:
        raise UserError("too_many_rows", _("Filen har over {rows} rækker. Del den op.").format(rows=MAXIMUM_ROWS))
    warnings = []
    if header.unused:
        warnings.append(f"Kolonner, der ikke bruges: {', '.join(header.unused)}.")
    rows = []
    for position, cells in enumerate(table[start + 1 :], start=start + 2):
        if not any(cell.strip() for cell in cells):
            continue
        row = _read_row(header, position, cells)
        if _says_nothing(row):
            warnings.append(f"Række {position} har ingen tal og er sprunget over.")
        else:
            rows.append(row)
    if not rows:
        raise UserError("no_rows", _("Filen har en overskrift, men ingen rækker med tal."))
    return UptakeFile(header.kind, rows, warnings)


def _find_header(table: Sequence[Sequence[str]]) -> tuple[int, Header]:
    for index, cells in enumerate(table[:HEADER_WITHIN]):
        header = recognise(cells)
        if header is not None:
            return index, header
    raise UserError(
        "unknown_uptake_file",
        _(
            "Filen ligner ikke en tilslutningsfil. Den skal have en overskrift med målgruppe, sogn, kommune, region, "
            "aldersgruppe eller institutionsnummer og mindst én kolonne med tal."
        ),
    )


def _read_row(header: Header, position: int, cells: Sequence[str]) -> UptakeRow:
    def text(name: str) -> str:
        index = header.places.get(name)
        return cells[index].strip() if index is not None and index < len(cells) else ""

    labels = {name: text(name) for name in header.places if name not in COUNTS and name not in SHARES}
    counts: dict[str, Figure[int]] = {}
    shares: dict[str, Figure[Decimal]] = {}
    for name in header.places:
        try:
            if name in COUNTS:
                counts[name] = read_count(text(name))
            elif name in SHARES:
                shares[name] = read_share(text(name))
        except UnreadableCell:
            raise UserError(
                "bad_number",
                _("Række {row}: »{text}« er ikke et tal. Ret det i filen, og indlæs den igen.").format(
                    row=position, text=text(name)[:40]
                ),
            ) from None
    if "sex" in labels:
        sex = _SEXES.get(plain(labels["sex"]))
        if sex is None:
            raise UserError(
                "bad_sex",
                _("Række {row}: »{text}« er ikke et køn. Skriv K eller M.").format(
                    row=position, text=labels["sex"][:40]
                ),
            )
        labels["sex"] = sex
    name = plain(text(_PLACES[header.kind][0]) or text(_PLACES[header.kind][-1]))
    return UptakeRow(
        position=position,
        labels=labels,
        counts={key: figure.value for key, figure in counts.items()},
        shares={key: figure.value for key, figure in shares.items()},
        suppressed=_is_suppressed(counts, shares),
        is_total=name in _TOTAL,
        is_country=name in _COUNTRY,
    )


def _is_suppressed(counts: dict[str, Figure[int]], shares: dict[str, Figure[Decimal]]) -> bool:
    """A hidden cell, or a file of shares that leaves them all out where it gives a count (D1)."""
    if any(count.hidden for count in counts.values()) or any(share.hidden for share in shares.values()):
        return True
    gives_count = any(figure.value is not None for figure in counts.values())
    return bool(shares) and gives_count and all(figure.value is None for figure in shares.values())


def _says_nothing(row: UptakeRow) -> bool:
    figures = (*row.counts.values(), *row.shares.values())
    return not row.suppressed and all(figure is None for figure in figures)
