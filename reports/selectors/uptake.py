"""Uptake by parish, institution, group, age, municipality or region, from the newest snapshot that speaks of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from registry.models import Municipality, Programme
from registry.selectors.reference import target_groups
from reports.models import UptakeFigure, UptakeKind, UptakeSnapshot
from reports.shares import added, as_number, percent

from .uptake_sharing import share_lines

_FIGURES = (
    "population", "invited", "not_booked", "not_booked_share", "booked_share", "started_share", "complete_share",
)  # fmt: skip
# Kinds whose rows are about the whole country: every municipality reads the same ones.
_NATIONAL = {UptakeKind.AGE, UptakeKind.MUNICIPALITY, UptakeKind.REGION}


@dataclass(frozen=True, slots=True)
class UptakeLine:
    """One place or group. None is unknown; with `suppressed` something was hidden, by the source or by us."""

    code: str
    name: str
    as_of: date | None = None
    population: int | None = None
    invited: int | None = None
    not_booked: int | None = None
    started: int | None = None
    complete: int | None = None
    not_booked_share: Decimal | None = None
    booked_share: Decimal | None = None
    started_share: Decimal | None = None
    complete_share: Decimal | None = None
    suppressed: bool = False

    @property
    def base(self) -> int | None:
        """Of how many the shares are: the people in the group or place, else the invited."""
        return self.population if self.population is not None else self.invited

    def as_contract(self) -> dict[str, Any]:
        """The row of `uptake` in the command contract."""
        shares = ("booked_share", "started_share", "complete_share")
        return {
            "code": self.code,
            "name": self.name,
            "as_of": self.as_of,
            "population": self.population,
            "invited": self.invited,
            "not_booked": self.not_booked,
            **{name: as_number(getattr(self, name)) for name in shares},
            "suppressed": self.suppressed,
        }


@dataclass(frozen=True, slots=True)
class UptakeTable:
    """The lines of one breakdown, the total where there is one, and what they come from."""

    kind: UptakeKind
    shared: bool
    snapshot: UptakeSnapshot | None = None
    lines: list[UptakeLine] = field(default_factory=list)
    total: UptakeLine | None = None
    # Columns the file gives, also where disclosure control hides every value of one.
    given: frozenset[str] = frozenset()
    # Target groups of the programme by code, earliest first; empty for other breakdowns.
    group_names: dict[str, str] = field(default_factory=dict)


def newest_snapshot(
    kind: UptakeKind, programme: Programme, municipality: Municipality, on: date | None = None
) -> UptakeSnapshot | None:
    """The newest snapshot not younger than `on` that has a figure about the municipality (or the country's groups)."""
    figures = UptakeFigure.objects.filter(snapshot__kind=kind, snapshot__programme=programme)
    figures = figures.filter(Q(snapshot__municipality=municipality) | Q(snapshot__municipality=None))
    if kind == UptakeKind.AGE:
        figures = figures.filter(Q(municipality=municipality) | Q(municipality=None))
    elif kind != UptakeKind.REGION:
        figures = figures.filter(municipality=municipality)
    if on is not None:
        figures = figures.filter(snapshot__as_of__lte=on)
    newest = figures.order_by("-snapshot__as_of", "-snapshot_id").values_list("snapshot_id", flat=True).first()
    return None if newest is None else UptakeSnapshot.objects.get(pk=newest)


def uptake_rows(
    kind: UptakeKind, municipality: Municipality, programme: Programme, *, shared: bool, on: date | None = None
) -> UptakeTable:
    """The breakdown `kind` as the municipality sees it (exact), or `shared` after disclosure control (D4)."""
    snapshot = newest_snapshot(kind, programme, municipality, on)
    if snapshot is None:
        today = (
            {group.code: group.name for group in target_groups(programme, on)}
            if on and kind == UptakeKind.GROUP
            else {}
        )
        return UptakeTable(kind, shared, group_names=today)
    figures = list(_figures(snapshot, kind, municipality))
    names = {group.code: group.name for group in target_groups(programme, snapshot.as_of)}
    order = list(names)
    lines = [_line(each, kind, snapshot.as_of, names) for each in figures if not each.is_total]
    lines = _merged(lines)
    if kind == UptakeKind.GROUP:
        lines.sort(key=lambda line: (order.index(line.code) if line.code in order else len(order), line.code))
    total = next((_line(each, kind, snapshot.as_of, names) for each in figures if each.is_total), None)
    given = frozenset(name for name in _FIGURES if any(getattr(line, name) is not None for line in lines))
    if shared:
        lines, total = share_lines(lines)
    elif total is None and kind != UptakeKind.MUNICIPALITY:
        total = _added_up(lines)
    return UptakeTable(kind, shared, snapshot, lines, total, given, names if kind == UptakeKind.GROUP else {})


def _figures(snapshot: UptakeSnapshot, kind: UptakeKind, municipality: Municipality) -> QuerySet[UptakeFigure]:
    figures = snapshot.figures.select_related("municipality", "region", "parish", "institution").order_by("position")
    if kind not in _NATIONAL:
        return figures.filter(Q(municipality=municipality) | Q(is_total=True, municipality=None))
    if kind == UptakeKind.AGE and figures.filter(municipality=municipality).exists():
        return figures.filter(municipality=municipality)
    return figures


def _line(figure: UptakeFigure, kind: UptakeKind, as_of: date, group_names: dict[str, str]) -> UptakeLine:
    code, name = _name(figure, kind, group_names)
    line = UptakeLine(
        code=code,
        name=name,
        as_of=as_of,
        population=figure.population,
        invited=figure.invited,
        not_booked=figure.not_booked,
        started=figure.started,
        complete=figure.complete,
        not_booked_share=figure.not_booked_share,
        booked_share=figure.booked_share,
        started_share=figure.started_share,
        complete_share=figure.complete_share,
        suppressed=figure.suppressed,
    )
    return with_shares(line)


def with_shares(line: UptakeLine) -> UptakeLine:
    """The line with every share the file left to be computed; a given share stays as given."""
    if line.suppressed:
        return line
    return replace(
        line,
        not_booked_share=_given_or(line.not_booked_share, line.not_booked, line.invited),
        started_share=_given_or(line.started_share, line.started, line.base),
        complete_share=_given_or(line.complete_share, line.complete, line.base),
    )


def _given_or(given: Decimal | None, part: int | None, whole: int | None) -> Decimal | None:
    return given if given is not None else percent(part, whole)


def _name(figure: UptakeFigure, kind: UptakeKind, group_names: dict[str, str]) -> tuple[str, str]:
    if figure.is_country:
        return "DK", _("Hele landet")
    if figure.is_total:
        return "", _("I alt")
    if kind == UptakeKind.GROUP:
        return figure.target_group, group_names.get(figure.target_group, "")
    if kind == UptakeKind.AGE:
        sex = {"K": _("kvinder"), "M": _("mænd")}.get(figure.sex, "")
        ages = _("{ages} år").format(ages=figure.age_group.replace("-", "–"))
        return f"{figure.age_group} {figure.sex}".strip(), f"{ages}, {sex}" if sex else ages
    if kind == UptakeKind.REGION:
        return (str(figure.region.code or ""), figure.region.name) if figure.region else ("", "")
    if kind == UptakeKind.INSTITUTION:
        return (figure.institution.number, figure.institution.name) if figure.institution else ("", "")
    if kind == UptakeKind.PARISH:
        # People without a fixed address have no parish (SSI's readme).
        return (str(figure.parish.code), figure.parish.name) if figure.parish else ("", _("Uden sogn"))
    return (figure.municipality.code_text, figure.municipality.name) if figure.municipality else ("", "")


def _merged(lines: Iterable[UptakeLine]) -> list[UptakeLine]:
    """One line for each code: a file split by group and age has several about one parish, which are added up."""
    by_code: dict[str, list[UptakeLine]] = {}
    for line in lines:
        by_code.setdefault(line.code, []).append(line)
    return [group[0] if len(group) == 1 else _sum(group, group[0].code, group[0].name) for group in by_code.values()]


def _added_up(lines: list[UptakeLine]) -> UptakeLine | None:
    parts = [line for line in lines if line.code != "DK"]
    return _sum(parts, "", _("I alt")) if len(parts) > 1 else None


def _sum(lines: list[UptakeLine], code: str, name: str) -> UptakeLine:
    """Lines added up: a column with an unknown or hidden count has an unknown sum, never a smaller one."""

    def total(column: str) -> int | None:
        return added(getattr(line, column) for line in lines)

    return with_shares(
        UptakeLine(
            code=code,
            name=name,
            as_of=lines[0].as_of,
            population=total("population"),
            invited=total("invited"),
            not_booked=total("not_booked"),
            started=total("started"),
            complete=total("complete"),
        )
    )
