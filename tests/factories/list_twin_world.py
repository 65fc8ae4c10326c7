"""A random municipality, in the database and in the slow twin; what happens, happens to both."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.privacy.sealing import blind_index, seal
from registry.models import (
    Citizen,
    FollowUp,
    ListOrder,
    ListRow,
    ListState,
    NonresponderList,
    PreviousNumber,
    Programme,
)
from registry.selectors.reask import reask_rules
from registry.selectors.reference import deadline_rule, mandatory_group_codes
from registry.services.follow_ups import close_for_status
from registry.services.lists import approve, decide

from .cast import actor_with_role
from .geography import HOEJE_TAASTRUP, ISHOEJ
from .list_twin import Twin
from .list_twin_people import Listed, Person, Row
from .list_twin_tables import Tables
from .registry import HEADER, NOON, cpr_number, csv_file, make_citizen, moment, reviewed_list

KNOWN, STRANGERS, NEIGHBOURS, FORMER = 460, 25, 3, 12
GROUPS = ("7", "8", "9")
# What happens to somebody between two lists, and how often of ten times.
EVENTS = {"declined": 3, "answered": 2, "undecided": 1, "no_answer": 1, "deceased": 1, "outside": 0.5, "protected": 1.5}


class World(Tables):
    """The database and its twin, and a die that decides what happens to both."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.lists: list[Listed] = []
        self.admin = actor_with_role(Role.LIST_ADMIN, username=f"liste-{seed}")
        self.neighbour = actor_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP, username=f"nabo-{seed}")
        self.colleague = actor_with_role(Role.TEAM_LEAD, username=f"leder-{seed}")
        self.programme = Programme.objects.get(code="covid-19")
        people = [Person(serial) for serial in range(KNOWN)]
        self.strangers = range(1000, 1000 + STRANGERS)
        people += [Person(2000 + each, status=None, elsewhere=True) for each in range(NEIGHBOURS)]
        former = {3000 + each: people[each] for each in range(FORMER)}
        for person in people[20:26]:
            person.status = self.dice.choice(["outside", "emigrated", "deceased", "disappeared"])
        with data_context(self.admin):
            rules = reask_rules(self.programme.pk, ISHOEJ)
        self.twin = Twin(people, former, ISHOEJ, rules)
        self.groups = {person.serial: self.dice.choice(GROUPS) for person in people}
        self.groups |= {serial: self.dice.choice(GROUPS) for serial in (*self.strangers, *former)}
        self._write(people, former)
        self.serials = {blind_index("cpr", cpr_number(serial)): serial for serial in (*self.groups, *range(KNOWN))}

    def _write(self, people: list[Person], former: dict[int, Person]) -> None:
        with data_context(self.neighbour):
            for person in people:
                if person.elsewhere:
                    make_citizen(person.serial, municipality=HOEJE_TAASTRUP)
        with data_context(self.admin):
            for person in people:
                if person.status is not None:
                    citizen = make_citizen(person.serial, status=person.status)
                    for serial in [number for number, holder in former.items() if holder is person]:
                        sealed = seal("cpr", cpr_number(serial))
                        PreviousNumber.objects.create(
                            municipality_id=ISHOEJ,
                            citizen=citizen,
                            cpr_ciphertext=sealed.ciphertext,
                            cpr_index=sealed.index,
                            noted_at=NOON,
                        )
            influenza = Programme.objects.get(code="influenza")
            for person in people[30:36]:
                person.barred = ("do_not_contact", "do_not_contact", NOON)
                FollowUp.objects.create(
                    municipality_id=ISHOEJ,
                    citizen=self.citizen(person),
                    programme=influenza,
                    status="closed",
                    closed_reason="do_not_contact",
                    outcome="do_not_contact",
                    outcome_at=NOON,
                    opened_at=NOON,
                    closed_at=NOON,
                    updated_at=NOON,
                )

    def citizen(self, person: Person) -> Citizen:
        index = blind_index("cpr", cpr_number(person.serial))
        return Citizen.objects.get(municipality=ISHOEJ, cpr_index=index)

    # One week.

    def file_rows(self, groups: tuple[str, ...], share: float) -> list[Row]:
        """Who is listed, with the faults that lists have."""
        dice, rows = self.dice, []
        listed = [serial for serial, group in self.groups.items() if group in groups and dice.random() < share]
        dice.shuffle(listed)
        for serial in listed:
            if dice.random() < 0.04:
                self.groups[serial] = dice.choice(groups)
            invited = date(2021, 3, dice.randint(1, 20))
            row = Row(0, serial, self.groups[serial], invited)
            fault = dice.random()
            if fault < 0.02:
                rows.append(Row(0, serial, row.target_group, invited))  # stands twice
            elif fault < 0.04:
                rows.append(Row(0, serial, row.target_group, invited + timedelta(days=1)))  # twice, and differs
            elif fault < 0.05:
                row.municipality = 169
            elif fault < 0.07:
                row.municipality = ISHOEJ
            elif fault < 0.08:
                row.target_group, row.problem_code_of_file = "", ("group_unknown", "target_group")
            elif fault < 0.09:
                row.invited_on, row.problem_code_of_file = None, ("date_missing", "invited_on")
            rows.append(row)
        for number, row in enumerate(rows, start=2):
            row.row_number = number
        return rows

    def hand_in(
        self, as_of: date, rows: list[Row], *, stated: tuple[str, ...] = (), order: ListOrder | None = None
    ) -> tuple[NonresponderList, Listed]:
        """Through the pipeline to the review, and through the twin's."""
        lines = [
            (
                cpr_number(row.serial),
                f"Testperson {row.serial}",
                "77" if row.problem_code_of_file == ("group_unknown", "target_group") else row.target_group,
                "" if row.invited_on is None else f"{row.invited_on:%d-%m-%Y}",
                "" if row.municipality is None else f"{row.municipality:04d}",
            )
            for row in rows
        ]
        file = csv_file(lines, (*HEADER, "Kommunekode"))
        reviewed = reviewed_list(self.admin, file, as_of=as_of, groups=stated, order=order)
        assert reviewed.state == ListState.REVIEWED, reviewed.error_message
        current = Listed(reviewed.pk, as_of, moment(as_of), stated, order.pk if order else None, rows)
        self.twin.mandatory = frozenset(mandatory_group_codes(self.programme, as_of))
        self.twin.deadlines = deadline_rule(self.programme, reviewed.municipality)
        self.twin.review(current)
        return reviewed, current

    def decide(self, reviewed: NonresponderList, current: Listed) -> None:
        """Some of what waits is decided: one of several rows, or somebody whom the list places elsewhere."""
        with data_context(self.admin):
            ids = dict(
                ListRow.objects.filter(nonresponder_list=reviewed, row_number__isnull=False).values_list(
                    "row_number", "pk"
                )
            )
            for row in current.rows:
                if row.decision or row.problem_code not in ("same_cpr_differs", "known_elsewhere", "citizen_status"):
                    continue
                if self.dice.random() < 0.3:
                    continue
                choice = "skip" if row.problem_code == "citizen_status" or self.ended(row) else "import"
                decide(
                    by=self.admin,
                    nonresponder_list=reviewed,
                    row_ids=[ids[row.row_number]],
                    problem_code=None,
                    decision=choice,
                    now=current.now,
                )
                row.decision = choice
                if choice == "import" and row.problem_code == "same_cpr_differs":
                    for other in current.rows:
                        if other is not row and other.serial == row.serial and other.problem_code == row.problem_code:
                            other.decision = "skip"

    def ended(self, row: Row) -> bool:
        return row.person is not None and row.person.status != "active"

    def approve(self, reviewed: NonresponderList, current: Listed) -> None:
        """Both look again; what changed goes to a second review, and the next approval commits."""
        changed = self.twin.look_again(current)
        with data_context(self.admin):
            approved = approve(by=self.admin, nonresponder_list=reviewed, now=current.now)
            if changed:
                assert "changed_since_review" in [each["code"] for each in approved.gates]
                assert self.rows_of(current) == self.twins_rows(current)
                assert self.twin.look_again(current) == 0
                approved = approve(by=self.admin, nonresponder_list=reviewed, now=current.now)
        if [each["code"] for each in approved.gates] == ["many_moved"]:
            answers = {"override": "many_moved", "reason": "Prøve"}
            with data_context(self.colleague):
                approved = approve(by=self.colleague, nonresponder_list=reviewed, now=current.now, **answers)
        assert (approved.state, approved.gates) == (ListState.COMMITTED, [])
        self.twin.commit(current)

    # What happens beside lists.

    def life_goes_on(self, share: float, day: date) -> None:
        """Answers, deaths, moves, protection, and strangers who become known; in the morning of the day."""
        dice, now = self.dice, moment(day) - timedelta(hours=2)
        with data_context(self.admin):
            for person in list(self.twin.people.values()):
                if dice.random() >= share or person.status != "active":
                    continue
                event = dice.choices(list(EVENTS), list(EVENTS.values()))[0]
                self._befalls(person, event, day, now)
            unknown = [serial for serial in self.strangers if self.twin.known(serial) is None]
            for serial in dice.sample(unknown, min(2, len(unknown))):
                make_citizen(serial)
                self.twin.people[serial] = Person(serial)

    def _befalls(self, person: Person, event: str, day: date, now: Any) -> None:
        citizen = self.citizen(person)
        follow = person.follow
        if event == "protected":
            person.protected = not person.protected
            Citizen.objects.filter(pk=citizen.pk).update(protected=person.protected)
        elif event in ("deceased", "outside"):
            Citizen.objects.filter(pk=citizen.pk).update(status=event)
            close_for_status(by=self.admin, municipality_id=ISHOEJ, now=now, citizen_ids=[citizen.pk])
            self.twin.end(person, event, now)
        elif follow is not None and follow.status == "open":
            follow.outcome, follow.outcome_at = event, now
            if event in ("declined", "answered"):
                follow.outcome = "declined" if event == "declined" else "already_vaccinated"
                follow.close(event, now)
                follow.reopen_on = day + timedelta(days=self.dice.choice([3, 190])) if event == "declined" else None
            ended = {"next_step_kind": "", "next_step_at": None, "next_step_reason": "", "next_step_detail": {}}
            FollowUp.objects.filter(citizen=citizen, programme=self.programme).update(
                outcome=follow.outcome,
                outcome_at=now,
                status=follow.status,
                closed_reason=follow.closed_reason,
                closed_at=follow.closed_at,
                reopen_on=follow.reopen_on,
                **(ended if follow.status == "closed" else {}),
            )
