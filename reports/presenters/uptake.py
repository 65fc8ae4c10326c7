"""The uptake page as columns and cells: which figures the file has, which are hidden, follow-up beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from outreach.design.formats import number_da, percent_da
from reports.models import UptakeKind
from reports.selectors.follow_up_counts import FollowUpCounts
from reports.selectors.uptake import UptakeLine, UptakeTable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TABS: tuple[tuple[UptakeKind, StrOrPromise], ...] = (
    (UptakeKind.PARISH, _("Sogn")),
    (UptakeKind.INSTITUTION, _("Institution")),
    (UptakeKind.GROUP, _("Målgruppe")),
    (UptakeKind.AGE, _("Alder og køn")),
    (UptakeKind.MUNICIPALITY, _("Kommune")),
    (UptakeKind.REGION, _("Region")),
)
# Where the eye should fall first: the places with the lowest uptake. Groups and ages keep their own order.
_LOWEST_FIRST = {UptakeKind.PARISH, UptakeKind.INSTITUTION, UptakeKind.MUNICIPALITY, UptakeKind.REGION}
# What our own follow-up calls those whose parish or group nobody knows.
_WITHOUT: dict[str, StrOrPromise] = {UptakeKind.PARISH: _("Uden sogn"), UptakeKind.GROUP: _("Uden målgruppe")}
_ABOVE_ALL = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of figures: `attribute` of a line or of its follow-up counts."""

    attribute: str
    label: StrOrPromise
    write: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as text; hidden is not the same as unknown."""

    label: str
    text: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One place or group; `bar` is its complete share in percent."""

    name: str
    code: str
    cells: list[Cell]
    follow_up: list[Cell]
    bar: Decimal | None
    own: bool = False


@dataclass(frozen=True, slots=True)
class UptakePage:
    """What the template draws."""

    row_label: str
    columns: list[Column]
    follow_up_columns: list[Column]
    rows: list[Row] = field(default_factory=list)
    total: Row | None = None
    hides: bool = False

    @property
    def width(self) -> int:
        """Number of columns of figures, the bar included."""
        return len(self.columns) + 1


_COLUMNS = (
    Column("population", _("Borgere"), number_da),
    Column("invited", _("Inviterede"), number_da),
    Column("not_booked", _("Har ikke booket"), number_da),
    Column("not_booked_share", _("Ikke booket"), percent_da),
    Column("booked_share", _("Booket"), percent_da),
    Column("started_share", _("Påbegyndt"), percent_da),
    Column("complete_share", _("Færdig­vaccineret"), percent_da),
)
_FOLLOW_UP_COLUMNS = (
    Column("on_newest_list", _("På listen"), number_da),
    Column("contacted", _("Kontaktet"), number_da),
    Column("answered", _("Har svaret"), number_da),
)


def uptake_page(
    table: UptakeTable, follow_up: Mapping[str, FollowUpCounts], *, own_code: str, keep: set[str] | None = None
) -> UptakePage:
    """Columns that hold something, rows with the lowest uptake first, and the places only our own follow-up knows.

    `keep`: show only these codes (a region's municipalities); None shows all. `own_code` is marked.
    """
    lines = [line for line in table.lines if keep is None or line.code in keep]
    known = {line.code for line in lines}
    lines += [
        UptakeLine(code=code, name=table.group_names.get(code) or counts.name or str(_WITHOUT.get(table.kind, code)))
        for code, counts in follow_up.items()
        if code not in known and (keep is None or code in keep) and _says_something(counts)
    ]
    if table.kind in _LOWEST_FIRST:
        lines.sort(
            key=lambda line: (line.code == "DK", _ABOVE_ALL if line.complete_share is None else line.complete_share)
        )
    if table.group_names:
        order = list(table.group_names)
        lines.sort(key=lambda line: order.index(line.code) if line.code in table.group_names else len(order))
    columns = [each for each in _COLUMNS if each.attribute in table.given]
    beside = list(_FOLLOW_UP_COLUMNS) if follow_up else []
    rows = [_row(line, columns, beside, follow_up.get(line.code), table.kind, own_code) for line in lines]
    total = table.total if keep is None else None
    return UptakePage(
        row_label=str(dict(TABS)[table.kind]),
        columns=columns,
        follow_up_columns=beside,
        rows=rows,
        total=_row(total, columns, beside, _added(follow_up, table.shared), table.kind, own_code) if total else None,
        hides=any(cell.hidden for row in rows for cell in (*row.cells, *row.follow_up)),
    )


def place_choices(table: UptakeTable) -> list[tuple[str, str]]:
    """Code and words of each place, the lowest uptake first: what somebody chooses places by."""
    lines = sorted(table.lines, key=lambda line: _ABOVE_ALL if line.complete_share is None else line.complete_share)
    return [(line.code, _place_words(line)) for line in lines]


def _place_words(line: UptakeLine) -> str:
    if line.complete_share is None:
        why = _("skjult") if line.suppressed else _("ukendt")
        return f"{line.name} · {why}"
    return _("%(name)s · %(share)s færdigvaccineret") % {"name": line.name, "share": percent_da(line.complete_share)}


def _says_something(counts: FollowUpCounts) -> bool:
    return counts.suppressed or bool(counts.on_newest_list)


def _row(
    line: UptakeLine,
    columns: list[Column],
    beside: list[Column],
    counts: FollowUpCounts | None,
    kind: UptakeKind,
    own_code: str,
) -> Row:
    return Row(
        name=_name(line, kind),
        code=line.code,
        cells=[_cell(each, line, hidden=line.suppressed) for each in columns],
        follow_up=[_cell(each, counts, hidden=bool(counts and counts.suppressed)) for each in beside],
        bar=line.complete_share,
        own=kind == UptakeKind.MUNICIPALITY and line.code == own_code,
    )


def _cell(column: Column, source: UptakeLine | FollowUpCounts | None, *, hidden: bool) -> Cell:
    value = getattr(source, column.attribute) if source is not None else None
    return Cell(str(column.label), column.write(value), hidden=hidden and value is None)


def _name(line: UptakeLine, kind: UptakeKind) -> str:
    if kind == UptakeKind.GROUP and line.code:
        return f"{line.code} · {line.name}" if line.name and line.name != line.code else line.code
    return line.name


def _added(follow_up: Mapping[str, FollowUpCounts], shared: bool) -> FollowUpCounts | None:
    """The follow-up of all rows; not for a shared table, whose total would be one equation more."""
    if shared or not follow_up:
        return None

    def total(column: str) -> int:
        return sum(getattr(each, column) or 0 for each in follow_up.values())

    return FollowUpCounts("", "", total("on_newest_list"), total("contacted"), total("answered"))
