"""Every row of every table, as the database has it and as the slow twin says it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from registry.models import Citizen, FollowUp, FollowUpChange, ListRow, Programme

from .list_twin import Twin
from .list_twin_people import Follow, Listed

FOLLOW_COLUMNS = list(Follow.__dataclass_fields__)
ROW_COLUMNS = [
    "row_number", "row_class", "problem_code", "problem_column", "warning_code", "same_as_row", "decision", "week",
    "earlier_outcome", "earlier_outcome_at", "reask_code", "target_group", "invited_on",
]  # fmt: skip


class Tables:
    """What is compared, and with whom."""

    admin: Actor
    programme: Programme
    twin: Twin
    lists: list[Listed]
    serials: dict[bytes, int]

    def rows_of(self, current: Listed) -> Counter[tuple[Any, ...]]:
        found = ListRow.objects.filter(nonresponder_list=current.pk).values_list(
            *ROW_COLUMNS, "cpr_index", "citizen__cpr_index"
        )
        return Counter((*each[:-2], self.serial(each[-2]), self.serial(each[-1])) for each in found)

    def serial(self, index: Any) -> int | None:
        return None if index is None else self.serials[bytes(index)]

    def twins_rows(self, current: Listed) -> Counter[tuple[Any, ...]]:
        return Counter(
            (
                *(getattr(row, name) for name in ROW_COLUMNS),
                row.serial if row.row_number else None,
                row.person.serial if row.person else None,
            )
            for row in current.rows
        )

    def compare(self) -> None:
        """Every row of every table of both."""
        with data_context(self.admin):
            for current in self.lists:
                assert self.rows_of(current) == self.twins_rows(current)
            follow_ups = FollowUp.objects.filter(programme=self.programme)
            ours = {
                self.serial(index): values
                for index, *values in follow_ups.values_list("citizen__cpr_index", *FOLLOW_COLUMNS)
            }
            assert ours == {
                person.serial: [getattr(person.follow, name) for name in FOLLOW_COLUMNS]
                for person in self.twin.people.values()
                if person.follow is not None
            }
            changes = FollowUpChange.objects.values_list(
                "follow_up__citizen__cpr_index", "kind", "week", "reason", "nonresponder_list"
            )
            assert Counter((self.serial(index), *rest) for index, *rest in changes) == Counter(self.twin.history)
            people = dict(Citizen.objects.values_list("cpr_index", "status"))
            assert {self.serial(index): status for index, status in people.items()} == {
                person.serial: person.status for person in self.twin.people.values() if person.status is not None
            }
