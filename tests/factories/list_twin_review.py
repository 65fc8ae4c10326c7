"""The slow twin's review: what a list's rows say of people, and who is gone (L3, L7, L8)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.timezone import localdate

from registry.models import DeadlineRule
from registry.reask_rules import Rules, rule_for, why_asked_again

from .list_twin_people import ACTED_ON, ENDED, MOVED, Follow, Listed, Person, Row


class TwinReview:
    """A municipality's people, lists and history."""

    def __init__(self, people: list[Person], former: dict[int, Person], home: int, rules: Rules) -> None:
        self.people = {each.serial: each for each in people}
        self.former, self.home, self.rules = former, home, rules
        self.lists: list[Listed] = []
        self.history: list[tuple[int, str, int | None, str, int | None]] = []  # serial, kind, week, reason, list
        self.mandatory: frozenset[str] = frozenset()
        self.deadlines = DeadlineRule()
        self.before: dict[int, Follow | None] = {}

    # What a row says of its citizen.

    def known(self, serial: int) -> Person | None:
        own = self.people.get(serial)
        if own is not None and own.status is not None and own.status != "replaced":
            return own
        return self.former.get(serial, own if own is not None and own.status is not None else None)

    def state(self, row: Row) -> tuple[Any, ...]:
        """Status, protection, the number's being theirs still, the follow-up's standing."""
        person = row.person
        if person is None:
            return ()
        follow = person.follow
        own = row.row_class == "gone" or person.serial == row.serial
        return (
            person.status,
            person.protected,
            own,
            *((follow.status, follow.closed_reason) if follow else (None, None)),
        )

    def newest(self, order: int | None) -> Listed | None:
        mine = [each for each in self.lists if each.committed and each.order == order]
        return max(mine, key=lambda each: (each.as_of, each.pk), default=None)

    def reask(self, person: Person, group: str, today: date) -> str:
        follow = person.follow
        if follow is None or follow.status != "closed" or person.barred:
            return ""
        assert follow.closed_at is not None
        return str(
            why_asked_again(
                rule_for(self.rules, follow.closed_reason, follow.outcome),
                closed_on=localdate(follow.closed_at),
                reopen_on=None if follow.closed_reason == "do_not_contact" else follow.reopen_on,
                group_before=follow.target_group,
                group_now=group,
                today=today,
            )
        )

    def of_other_kind(self, follow: Follow, order: int | None) -> bool:
        last = next((each for each in self.lists if each.pk == follow.last_list_id), None)
        return last is not None and last.order != order

    def week(self, follow: Follow | None, current: Listed) -> int:
        if follow is None:
            return 1
        last = next((each for each in self.lists if each.pk == follow.last_list_id), None)
        if last is not None and (last.order != current.order or last.as_of >= current.as_of):
            return max(follow.weeks_on_list, 1)
        return follow.weeks_on_list + 1

    # Review (L3).

    def review(self, current: Listed) -> None:
        newest = self.newest(current.order)
        older = newest is not None and newest.as_of > current.as_of
        current.previous = newest.pk if newest is not None and not older else None
        for row in current.rows:
            self._match(row, current)
        in_file = {row.target_group for row in current.rows} - {""}
        before = newest.covered if newest is not None and not older else set()
        current.covered = set(current.groups_stated) or in_file | before
        if not older:
            self._say_who_is_gone(current)
        for row in current.rows:
            row.seen = self.state(row)

    def _match(self, row: Row, current: Listed) -> None:
        row.person = person = self.known(row.serial)
        follow = person.follow if person else None
        row.week = self.week(follow, current)
        if person is not None:
            barred = person.barred
            row.earlier_outcome = follow.outcome if follow else barred[1] if barred else ""
            row.earlier_outcome_at = follow.outcome_at if follow else barred[2] if barred else None
            row.reask_code = self.reask(person, row.target_group, localdate(current.now))
        same = [
            each for each in current.rows
            if not each.problem_code_of_file and each.serial == row.serial and each.row_number is not None
        ]  # fmt: skip
        first = min((each.row_number or 0 for each in same), default=row.row_number)
        differs = len({(each.target_group, each.invited_on, each.municipality) for each in same}) > 1
        row.row_class, row.problem_code, row.problem_column = self._verdict(row, person, follow, first, differs)
        if row.row_class == "duplicate" or (differs and not row.problem_code_of_file):
            row.same_as_row = first

    def _verdict(
        self, row: Row, person: Person | None, follow: Follow | None, first: int | None, differs: bool
    ) -> tuple[str, str, str]:
        if row.problem_code_of_file:
            return "unreadable", *row.problem_code_of_file
        if row.municipality not in (None, self.home):
            return "moved", "other_municipality", "municipality"
        if differs:
            return "needs_decision", "same_cpr_differs", "cpr"
        if first != row.row_number:
            return "duplicate", "", ""
        if person is None:
            elsewhere = self.people.get(row.serial)
            return ("moved", "known_elsewhere", "cpr") if elsewhere and elsewhere.elsewhere else ("new", "", "")
        if person.status in ENDED:
            return "needs_decision", "citizen_status", "cpr"
        if person.status in MOVED:
            return "moved", "not_resident", "cpr"
        if person.serial != row.serial:
            return "other_number", "", ""
        listed_again = follow and follow.status == "closed" and row.reask_code == "listed"
        return ("new" if not person.barred and (follow is None or listed_again) else "waiting"), "", ""

    def named_by_live_lists(self, order: int | None) -> set[int]:
        """Serials on a list of another kind or order that is the newest of its own to cover their group."""
        named = set()
        for other in {each.order for each in self.lists if each.committed} - {order}:
            mine = [each for each in self.lists if each.committed and each.order == other]
            newest = {
                group: max((each for each in mine if group in each.covered | {""}), key=lambda e: (e.as_of, e.pk)).pk
                for group in {group for each in mine for group in each.covered | {""}}
            }
            for listed in mine:
                for row in listed.rows:
                    if row.person is None or row.row_class not in ACTED_ON:
                        continue
                    follow = row.person.follow
                    groups = {row.target_group} | ({follow.target_group} if follow else set())
                    if listed.pk in {newest.get(group) for group in groups}:
                        named.add(row.person.serial)
        return named

    def _say_who_is_gone(self, current: Listed) -> None:
        """L7: on an earlier list of this scope, in a group this one covers, and not on this one."""
        named = {row.person.serial for row in current.rows if row.person is not None}
        named |= self.named_by_live_lists(current.order)
        scope = {each.pk for each in self.lists if each.committed and each.order == current.order}
        covered = current.covered if current.groups_stated else current.covered | {""}
        for person in self.people.values():
            follow = person.follow
            if follow is None or person.serial in named or follow.last_list_id not in scope:
                continue
            rested = follow.last_list_id == current.previous and follow.closed_reason not in ("gone", "undone")
            if follow.target_group in covered and (follow.status == "open" or rested):
                gone = Row(None, person.serial, follow.target_group, follow.invited_on, person=person, row_class="gone")
                gone.week, gone.earlier_outcome = follow.weeks_on_list, follow.outcome
                gone.earlier_outcome_at = follow.outcome_at
                current.rows.append(gone)
