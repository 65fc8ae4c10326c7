"""The groups of a review as tiles: counts first, what needs somebody apart from what needs nobody (L3). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from outreach.design.formats import number_da

from ..models import RowClass
from .lists import group_name

# The order in which a person works (L3).
TILE_ORDER = (
    RowClass.NEEDS_DECISION,
    RowClass.UNREADABLE,
    RowClass.NEW,
    RowClass.WAITING,
    RowClass.GONE,
    RowClass.MOVED,
    RowClass.OTHER_NUMBER,
    RowClass.DUPLICATE,
)
# The first of them; the others need nobody (L3).
NEEDS_SOMEBODY = TILE_ORDER[:2]


@dataclass(frozen=True, slots=True)
class Tile:
    """One group of rows with its count."""

    group: str
    number: int
    label: str
    tone: str
    current: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class TileGroup:
    """Tiles under one heading: what calls for somebody, and what does not."""

    title: str
    tiles: list[Tile]
    calm: bool


def tiles(
    counts: Mapping[RowClass, int], *, chosen: RowClass | None, undecided: int, reviewing: bool = True
) -> list[Tile]:
    """The groups in the order one works in; what still waits for a decision is yellow."""
    return [
        Tile(
            group=row_class.value,
            number=counts[row_class],
            label=group_name(row_class, reviewing=reviewing),
            tone="warning" if row_class == RowClass.NEEDS_DECISION and undecided else "",
            current=row_class == chosen,
            note=_tile_note(row_class, counts[row_class], undecided) if reviewing else "",
        )
        for row_class in TILE_ORDER
    ]


def tile_groups(
    counts: Mapping[RowClass, int], *, chosen: RowClass | None, undecided: int, reviewing: bool
) -> list[TileGroup]:
    """While reviewing, what needs somebody apart from what needs nobody; afterwards all alike."""
    every = tiles(counts, chosen=chosen, undecided=undecided, reviewing=reviewing)
    if not reviewing:
        return [TileGroup("", every, calm=False)]
    needing, calm = every[: len(NEEDS_SOMEBODY)], every[len(NEEDS_SOMEBODY) :]
    needed = any(counts[row_class] for row_class in NEEDS_SOMEBODY)
    return [
        TileGroup(_("Kræver noget af dig") if needed else _("Intet kræver noget af dig"), needing, calm=not needed),
        TileGroup(_("Ingen handling nødvendig"), calm, calm=True),
    ]


def _tile_note(row_class: RowClass, number: int, undecided: int) -> str:
    if row_class != RowClass.NEEDS_DECISION or not number:
        return ""
    return _("%(rows)s mangler") % {"rows": number_da(undecided)} if undecided else _("alle er afgjort")


def first_group(counts: Mapping[RowClass, int]) -> RowClass:
    """The group a review opens with: the first that has rows."""
    return next((row_class for row_class in TILE_ORDER if counts[row_class]), RowClass.NEW)
