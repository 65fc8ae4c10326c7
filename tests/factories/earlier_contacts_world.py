"""A random municipality and a random spreadsheet of earlier contacts, and what taking it in must give: row by row (L8).

Plain Python, one row after the other; what a row does to its follow-up is `earlier_contacts_twin.change_of`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from campaigns.models import ContactAnswer, ContactAttempt, ContactKind
from campaigns.outcomes import NOT_REACHED
from campaigns.selectors.follow_up_facts import policy_for
from campaigns.sending_window import COPENHAGEN
from registry.models import Citizen, ClosedReason, FollowUp, FollowUpChange, Outcome, Programme
from registry.selectors.reask import days_a_refusal_rests

from .contact_pages import follow_up, phone
from .earlier_contacts_twin import NOTHING_KNOWN, Change, Contact, Known, change_of
from .registry import cpr_number, make_citizen, moment

TODAY = date(2021, 4, 20)
NOW = moment(TODAY)
HEADER = ("CPR", "Telefon", "Dato", "Svar", "Hvem", "Program", "Kanal", "Årsag", "Bemærkning")
PEOPLE = 60
# The number of two in one household.
SHARED = "+4520129999"
DAYS = 45
# How people write it, and what it is; by hand from the table of outcomes' names.
WORDS = {
    "Nej tak": "declined", "ØNSKER IKKE": "declined", "nix": "declined", "Ingen svar": "no_answer",
    "tlf. svarer": "voicemail", "Optaget": "busy", "Forkert nummer": "wrong_number", "I tvivl": "undecided",
    "Brug for kørsel": "needs_ride", "er vaccineret": "already_vaccinated", "har tid": "already_booked",
    "ring senere": "call_back", "Talt med datter": "relative_reached", "Talt med værge": "guardian_informed",
    "død": "deceased", "fraflyttet": "moved", "vil ikke kontaktes": "do_not_contact",
}  # fmt: skip
KINDS = {"": "call", "ringet": "call", "Indgående": "call_in", "SMS": "sms", "e-boks": "letter"}
SPOKE_WITH = {"relative_reached": "relative", "guardian_informed": "guardian"}
REASONS = {"": ("", ""), "bange": ("distrust", ""), "hunden bed": ("", "hunden bed")}
DEFECTS = (
    "citizen_unknown", "phone_ambiguous", "contact_date_future", "date_format", "contact_date_missing",
    "date_before_birth", "answer_missing", "answer_unknown", "answer_left_out", "programme_unknown", "leading_zero",
    "person_missing", "phone_unreadable",
)  # fmt: skip


@dataclass
class World:
    """People by serial, their numbers, and the two programmes."""

    people: dict[int, Citizen]
    phones: dict[int, str]
    programmes: dict[str, Programme]


@dataclass
class Line:
    """A row as it is written, and what its writer knows of it. `defect`: the one thing that is wrong with it."""

    cells: tuple[str, ...]
    serial: int
    programme: str
    day: date
    outcome: str
    kind: str
    barrier: str
    note: str
    who: str
    defect: str = ""


@dataclass
class Expected:
    """What taking the file in must give."""

    problems: dict[int, str] = field(default_factory=dict)
    used: dict[int, Line] = field(default_factory=dict)
    changes: dict[tuple[int, str], Change] = field(default_factory=dict)
    stopped: set[int] = field(default_factory=set)


def make_world(random: Random) -> World:
    """People with and without phones, followed in two programmes in every state; call it inside a data context."""
    programmes = {"covid-19": Programme.objects.get(code="covid-19")}
    programmes["influenza"] = Programme.objects.get_or_create(code="influenza", defaults={"name": "Influenza"})[0]
    people, phones = {}, {}
    for serial in range(1, PEOPLE + 1):
        people[serial] = make_citizen(serial)
        if random.random() < 0.7:
            phones[serial] = f"+4520123{serial:03d}"
            phone(people[serial], phones[serial])
        if serial % 10 == 0:
            phone(people[serial], SHARED)
        for code in programmes:
            if random.random() < 0.7:
                _followed(random, people[serial], code)
    return World(people, phones, programmes)


def _followed(random: Random, citizen: Citizen, programme: str) -> None:
    values: dict[str, Any] = {
        "invited_on": random.choice([None, _day(random, 1)]), "target_group": "7",
        "call_attempts": random.randint(0, 2), "sms_sent": random.randint(0, 1), "letters_sent": random.randint(0, 1),
    }  # fmt: skip
    if random.random() < 0.5:
        values |= {"outcome": random.choice(list(WORDS.values())), "outcome_at": moment(_day(random, 1))}
        values |= {"first_contact_at": values["outcome_at"], "last_contact_at": values["outcome_at"]}
    if random.random() < 0.5:
        reason = random.choice(list(ClosedReason))
        values |= {
            "status": "closed", "closed_reason": reason, "closed_at": moment(_day(random, 1)), "next_step_kind": "",
            "next_step_at": None, "next_step_reason": "",
            "reopen_on": random.choice([None, TODAY + timedelta(days=30)]),
        }  # fmt: skip
    made = follow_up(citizen, programme, **values)
    if random.random() < 0.3:
        change = {"kind": "reopened", "at": moment(_day(random, 1)), "by_name": "Mette", "reason": "rested"}
        FollowUpChange.objects.create(municipality_id=183, follow_up=made, **change)
    if random.random() < 0.3:
        attempt = ContactAttempt.objects.create(
            municipality_id=183, citizen=citizen, kind="call", at=moment(_day(random, 1)), by_name="Mette", note=""
        )
        ContactAnswer.objects.create(
            municipality_id=183, attempt=attempt, follow_up=made, outcome=random.choice(list(WORDS.values()))
        )


def make_lines(random: Random, world: World, number: int) -> list[Line]:
    """Random rows; every eighth has something wrong with it, and some stand there twice."""
    lines: list[Line] = []
    for _each in range(number):
        if lines and random.random() < 0.05:
            lines.append(random.choice(lines))
        else:
            lines.append(_line(random, world, random.choice(DEFECTS) if random.random() < 0.12 else ""))
    return lines


def _line(random: Random, world: World, defect: str) -> Line:
    serial = random.randint(1, PEOPLE)
    word, kind, reason = random.choice(list(WORDS)), random.choice(list(KINDS)), random.choice(list(REASONS))
    program, day, note = random.choice(["", "COVID-19", "influenza"]), _day(random), random.choice(["", "god snak"])
    barrier, joins = REASONS[reason]
    number = world.phones.get(serial) if random.random() < 0.3 else None
    cells = [
        "" if number else cpr_number(serial),
        number or "",
        f"{day:%d-%m-%Y}",
        word,
        "Mette",
        program,
        kind,
        reason,
    ]
    wrong: dict[str, dict[int, str]] = {
        "citizen_unknown": {0: cpr_number(999), 1: ""}, "phone_ambiguous": {0: "", 1: "20 12 99 99"},
        "contact_date_future": {2: "21-04-2021"}, "date_format": {2: "3/4/2021"}, "contact_date_missing": {2: ""},
        "date_before_birth": {2: "01-03-1931"}, "answer_missing": {3: ""}, "answer_unknown": {3: "hm hm"},
        "answer_left_out": {3: "se ark 2"}, "programme_unknown": {5: "polio"},
        "leading_zero": {0: "101390001", 1: ""}, "person_missing": {0: "", 1: ""},
        "phone_unreadable": {0: "", 1: "12"},
    }  # fmt: skip
    for position, text in wrong.get(defect, {}).items():
        cells[position] = text
    return Line(
        (*cells, note), serial, "influenza" if program == "influenza" else "covid-19", day, WORDS[word], KINDS[kind],
        barrier, " ".join(part for part in (note, joins) if part), "Mette", defect,
    )  # fmt: skip


def expected_of(lines: list[Line], world: World) -> Expected:
    """Each row in turn: wrong, there already, known already, or used; then each follow-up, and each person."""
    expected, seen = Expected(), set()
    known = {
        (answer.attempt.citizen_id, answer.follow_up.programme.code, answer.outcome, _local_day(answer.attempt.at))
        for answer in ContactAnswer.objects.select_related("attempt", "follow_up__programme")
    }
    for number, line in enumerate(lines, start=2):
        contact = (line.serial, line.programme, line.day, line.outcome, line.kind)
        if line.defect:
            expected.problems[number] = line.defect
        elif contact in seen:
            expected.problems[number] = "contact_repeated"
        else:
            seen.add(contact)
            told = (world.people[line.serial].pk, line.programme, line.outcome, line.day)
            if told in known:
                expected.problems[number] = "contact_known"
            else:
                expected.used[number] = line
    _apply(expected, world)
    return expected


def _apply(expected: Expected, world: World) -> None:
    contacts: dict[tuple[int, str], list[Contact]] = defaultdict(list)
    for number, line in expected.used.items():
        contact = Contact(number, _noon(line.day), line.outcome, ContactKind(line.kind), line.barrier)
        contacts[line.serial, line.programme].append(contact)
    for (serial, programme), told in contacts.items():
        found = FollowUp.objects.filter(citizen=world.people[serial], programme__code=programme).first()
        one = FollowUp(programme=world.programmes[programme], municipality_id=183)
        expected.changes[serial, programme] = change_of(
            told, None if found is None else known_of(found), policy=policy_for(one),
            rest_days=days_a_refusal_rests(one.programme_id, 183), now=NOW,
        )  # fmt: skip
    for serial, citizen in world.people.items():
        lines = [(line.day, number, line) for number, line in expected.used.items() if line.serial == serial]
        said = [each for each in sorted(lines, key=lambda each: each[:2]) if each[2].outcome not in NOT_REACHED]
        if not said or said[-1][2].outcome != Outcome.DO_NOT_CONTACT:
            continue
        others = FollowUp.objects.filter(citizen=citizen).exclude(outcome__in=["", *NOT_REACHED])
        if not others.filter(outcome_at__gte=_noon(said[-1][0])).exists():
            expected.stopped.add(serial)


def known_of(found: FollowUp) -> Known:
    """The follow-up's summary, and the day attempts count from."""
    days = [_local_day(change.at) for change in found.changes.filter(kind="reopened")]
    days += [] if found.invited_on is None else [found.invited_on]
    return Known({name: getattr(found, name) for name in NOTHING_KNOWN}, max(days, default=None))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), COPENHAGEN)


def _local_day(at: datetime) -> date:
    return at.astimezone(COPENHAGEN).date()


def _day(random: Random, before: int = 0) -> date:
    """A day up to `before` days ago."""
    return TODAY - timedelta(days=random.randint(before, DAYS))
