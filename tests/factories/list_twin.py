"""What weekly lists do to follow-ups, said slowly: people and rows one by one, from domain L3–L8 and nothing else.

The set-based statements do the same for a million rows; test_list_twin.py holds both equal.
"""

from __future__ import annotations

import copy
from datetime import datetime

from django.utils.timezone import localdate

from registry.working_days import add_working_days

from .list_twin_people import ACTED_ON, ENDED, MOVED, NO_ANSWERS, Follow, Listed, Person, Row
from .list_twin_review import TwinReview


class Twin(TwinReview):
    """A municipality's people, lists and history, through approval, life and undo."""

    # Approval (L5).

    def look_again(self, current: Listed) -> int:
        """Rows whose citizen changed since the review go to a second one; how many."""
        changed = 0
        for row in current.rows:
            if not (row.row_class in (*ACTED_ON, "gone") or row.decision == "import"):
                continue
            unknown = row.person is None
            person = row.person or self.known(row.serial)
            if person is None:
                continue
            row.person = person
            code = self._what_changed(row, unknown)
            if not code:
                continue
            changed += 1
            if row.row_class == "gone":
                row.warning_code = code
            else:
                row.row_class, row.problem_code, row.problem_column = "needs_decision", code, "cpr"
                row.decision = "skip" if code in ("ended_since", "moved_since") else "import"
            row.earlier_outcome = person.follow.outcome if person.follow else ""
            row.earlier_outcome_at = person.follow.outcome_at if person.follow else None
            row.seen = self.state(row)
        return changed

    def _what_changed(self, row: Row, unknown: bool) -> str:
        assert row.person is not None
        follow = row.person.follow
        answered = (
            follow is not None
            and follow.outcome not in NO_ANSWERS
            and (follow.outcome, follow.outcome_at) != (row.earlier_outcome, row.earlier_outcome_at)
        )
        if row.row_class == "gone":
            return "answered_since" if answered and follow and follow.status == "open" else ""
        now, before = self.state(row), row.seen or (None,) * 5
        if now[0] != before[0]:
            if now[0] in ENDED:
                return "ended_since"
            return "moved_since" if now[0] in MOVED else "known_since" if unknown else "status_since"
        for position, code in ((2, "number_since"), (1, "protected_since")):
            if now[position] != before[position]:
                return code
        if answered:
            return "answered_since"
        if now == before:
            return ""
        return "closed_since" if follow and follow.status == "closed" else "opened_since"

    def commit(self, current: Listed) -> None:
        self.before = {each.serial: copy.copy(each.follow) for each in self.people.values()}
        newest = self.newest(current.order)
        older = newest is not None and newest.as_of > current.as_of
        done: set[int] = set()
        for row in sorted((each for each in current.rows if each.row_number), key=lambda each: each.row_number or 0):
            decided = row.row_class in ("needs_decision", "moved")
            if not (row.row_class in ACTED_ON or (decided and row.decision == "import")):
                continue
            if row.person is None:
                row.person = self._make(row, current)
            if row.person.serial in done:
                continue
            done.add(row.person.serial)
            act = self._act(row, row.person, current, older)
            if decided:
                row.row_class = "new" if act in ("open", "reopen") else "waiting"
        for row in current.rows:  # the undecided twin of a row that made a citizen
            made = self.people.get(row.serial)
            if row.person is None and made is not None and made.made_by == current.pk:
                row.person = made
        if not older:
            self._close_the_gone(current)
        current.committed = True
        self.lists.append(current)

    def _make(self, row: Row, current: Listed) -> Person:
        """L8b: a listed number that the registry does not know becomes a citizen."""
        person = self.people.setdefault(row.serial, Person(row.serial, status=None))
        if person.status is None:
            person.status, person.made_by = "active", current.pk
        return person

    def _act(self, row: Row, person: Person, current: Listed, older: bool) -> str:
        received = localdate(current.now)
        mandatory = row.target_group in self.mandatory
        first_due = add_working_days(received, self.deadlines.first_contact_days)
        answer_due = add_working_days(received, self.deadlines.answer_days)
        follow = person.follow
        if follow is None:
            person.follow = Follow(
                row.target_group, mandatory, row.invited_on, current.pk, current.pk, row.week, current.now, first_due,
                answer_due,
            )  # fmt: skip
            if person.barred:
                person.follow.close(person.barred[0], current.now)
                person.follow.outcome, person.follow.outcome_at = person.barred[1:]
            self.history.append((person.serial, "opened", 1, "", current.pk))
            return "rest" if person.barred else "open"
        if older:
            return "leave"
        why = self.reask(person, row.target_group, localdate(current.now))
        if not why and current.order is not None and self.of_other_kind(follow, current.order):
            return "leave"
        follow.last_list_id, follow.weeks_on_list, follow.mandatory = current.pk, row.week, mandatory
        follow.invited_on = row.invited_on or follow.invited_on
        follow.target_group = row.target_group if why else row.target_group or follow.target_group
        if why:
            follow.status, follow.closed_reason, follow.closed_at, follow.reopen_on = "open", "", None, None
            follow.opened_at, follow.first_contact_due, follow.answer_due = current.now, first_due, answer_due
        self.history.append((person.serial, "reopened" if why else "seen_again", row.week, why, current.pk))
        return "reopen" if why else "see"

    def _close_the_gone(self, current: Listed) -> None:
        still = self.named_by_live_lists(current.order)
        for row in current.rows:
            follow = row.person.follow if row.person else None
            if row.row_class == "gone" and follow and follow.status == "open" and row.serial not in still:
                follow.close("gone", current.now)
                self.history.append((row.serial, "closed", follow.weeks_on_list, "gone", current.pk))

    # Undo (L5), and what happens between lists.

    def undo(self, current: Listed, now: datetime) -> None:
        """The list just committed: all as before, what it opened closed as undone, whom it made removed."""
        for serial, person in list(self.people.items()):
            was = self.before.get(serial)
            if was is not None or person.follow is None:
                person.follow = was
            elif person.made_by == current.pk:
                person.status, person.made_by, person.follow = None, None, None
                self.history = [each for each in self.history if each[0] != serial]
            else:
                person.follow.close("undone", now)
                person.follow.first_list_id = person.follow.last_list_id = None
                person.follow.weeks_on_list = 0
        for row in current.rows:
            if row.person is not None and row.person.status is None:
                row.person = None
        current.committed = False
        for serial in {serial for serial, _kind, _week, _reason, pk in self.history if pk == current.pk}:
            self._ask_again_after_rest(self.people[serial], now)

    def _ask_again_after_rest(self, person: Person, now: datetime) -> None:
        """L8: the planner opens a refusal that has rested, where the newest list that says anything names them."""
        follow, today = person.follow, localdate(now)
        last = next((each for each in self.lists if follow and each.pk == follow.last_list_id), None)
        if follow is None or last is None or follow.closed_reason != "declined":
            return
        newer = [
            each for each in self.lists
            if each.committed and (each.order is None) == (last.order is None)
            and (each.as_of, each.pk) > (last.as_of, last.pk) and follow.target_group in each.covered
        ]  # fmt: skip
        if last.committed and not newer and follow.reopen_on is not None and follow.reopen_on <= today:
            follow.status, follow.closed_reason, follow.closed_at, follow.reopen_on = "open", "", None, None
            follow.opened_at = now
            follow.first_contact_due = add_working_days(today, self.deadlines.first_contact_days)
            follow.answer_due = add_working_days(today, self.deadlines.answer_days)
            self.history.append((person.serial, "reopened", follow.weeks_on_list, "rested", last.pk))

    def end(self, person: Person, status: str, now: datetime) -> None:
        """C3: dead or moved away; what is open ends."""
        person.status = status
        if person.follow is not None and person.follow.status == "open":
            reason = "moved" if status == "outside" else "status"
            person.follow.close(reason, now)
            self.history.append((person.serial, "closed", person.follow.weeks_on_list, reason, None))
