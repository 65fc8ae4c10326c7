"""The status note as values (D5): what it holds, and its shape in the command contract. None is unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from registry.models import Municipality, NonresponderList, Programme
from reports.models import UptakeSnapshot
from reports.shares import as_number, percent


@dataclass(frozen=True, slots=True)
class NoteGroup:
    """One target group; counts of persons, shares in percent of those in the group."""

    code: str
    name: str
    mandatory: bool
    in_group: int | None = None
    vaccinated: int | None = None
    not_reacted: int | None = None
    declined: int | None = None
    undecided: int | None = None
    hidden_by_source: bool = False

    @property
    def vaccinated_share(self) -> Decimal | None:
        return percent(self.vaccinated, self.in_group)

    @property
    def not_reacted_share(self) -> Decimal | None:
        return percent(self.not_reacted, self.in_group)


@dataclass(frozen=True, slots=True)
class NoteTotal:
    """All invited, and those of the groups under the duty who have not reacted."""

    invited: int | None = None
    not_reacted: int | None = None
    declined: int | None = None
    undecided: int | None = None

    @property
    def not_reacted_share(self) -> Decimal | None:
        return percent(self.not_reacted, self.invited)


@dataclass(frozen=True, slots=True)
class NoteUptake:
    """First dose and complete, in percent, of the municipality or of the country."""

    first_dose_share: Decimal | None = None
    complete_share: Decimal | None = None
    source: str = ""
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class StatusNote:
    """The note, with what a reader must know about where its figures come from."""

    municipality: Municipality
    programme: Programme
    as_of: date
    groups: list[NoteGroup]
    total: NoteTotal
    local: NoteUptake
    national: NoteUptake
    snapshot: UptakeSnapshot | None = None
    nonresponder_list: NonresponderList | None = None
    mandatory: list[str] = field(default_factory=list)
    uncovered: list[str] = field(default_factory=list)
    without_group: int = 0  # on the list, in no group anybody knows
    answers_counted_at: datetime | None = None

    @property
    def invented(self) -> bool:
        """True when any figure comes from demo data."""
        return bool(
            (self.snapshot and self.snapshot.invented) or (self.nonresponder_list and self.nonresponder_list.invented)
        )

    def as_contract(self) -> dict[str, Any]:
        """The shape of `status_note` in the command contract; unknown is None."""
        return {
            "as_of": self.as_of.isoformat(),
            "groups": [_group_shape(group) for group in self.groups],
            "total": {
                "invited": self.total.invited,
                "not_reacted": self.total.not_reacted,
                "not_reacted_share": as_number(self.total.not_reacted_share),
                "declined": self.total.declined,
                "undecided": self.total.undecided,
            },
            "local": _uptake_shape(self.local),
            "national": _uptake_shape(self.national),
        }


def _group_shape(group: NoteGroup) -> dict[str, Any]:
    return {
        "code": group.code,
        "in_group": group.in_group,
        "vaccinated": group.vaccinated,
        "not_reacted": group.not_reacted,
        "vaccinated_share": as_number(group.vaccinated_share),
        "not_reacted_share": as_number(group.not_reacted_share),
        "declined": group.declined,
        "undecided": group.undecided,
    }


def _uptake_shape(uptake: NoteUptake) -> dict[str, Any]:
    return {
        "first_dose_share": as_number(uptake.first_dose_share),
        "complete_share": as_number(uptake.complete_share),
    }
