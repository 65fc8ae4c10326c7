"""What each invited citizen of the demo would do and say, decided before anybody calls.

The story says who is on which list and how a person answers; it never says what the system shall record. A
test holds the finished demo's figures against the memo [004].
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

LIST_DATES = [date(2021, 3, 30), date(2021, 4, 6), date(2021, 4, 13), date(2021, 4, 20)]
WAITING_DAYS = 22
LAST_WEEK = len(LIST_DATES)

# Not reacted on 20 April by group: 1–3, 7 and 8 from the memo's tables. That groups 4–6 hold 74 together is
# the difference to its 138; how they divide, and that group 1 is on a municipality's list, is our assumption.
NOT_REACTED = {"1": 3, "2": 25, "3": 7, "4": 22, "5": 41, "6": 11, "7": 29, "8": 68}
DECLINED, UNDECIDED = 27, 11
GROUP_8_FIRST_WEEK = 3
LEAVERS_PER_100 = 70

NEVER = 99
_LEAVERS_ANSWERS = [
    ("books_self", 0.46), ("needs_booking_help", 0.2), ("already_booked", 0.14), ("needs_ride", 0.08),
    ("wants_popup", 0.06), ("already_vaccinated", 0.06),
]  # fmt: skip
_STAYERS_ANSWERS = [
    ("wants_popup", 0.16), ("needs_booking_help", 0.1), ("health_dialogue", 0.1), ("call_back", 0.06),
    ("language", 0.06), ("books_self", 0.06), ("home_assessment", 0.04), ("no_answer", 0.42),
]  # fmt: skip


@dataclass
class Person:
    """One listed citizen: from which list to which, and how a call goes.

    `reached_on` is the attempt at which somebody picks up (NEVER = nobody does); `answer` is what they say then,
    each time they are asked. `number_findable` is whether a look-up finds a number for one without.
    """

    cpr: str
    name: str
    group: str
    invited_on: date
    first_week: int
    last_week: int
    answer: str
    reached_on: int
    barrier: str = ""
    number_findable: bool = True
    attempts: int = 0
    silences: list[str] = field(default_factory=list)

    def on_list(self, week: int) -> bool:
        return self.first_week <= week <= self.last_week

    def next_outcome(self) -> str:
        """How the next call to this person goes."""
        self.attempts += 1
        if self.attempts < self.reached_on or self.answer == "no_answer":
            return self.silences[(self.attempts - 1) % len(self.silences)]
        answer = self.answer
        if answer in {"call_back", "needs_booking_help"}:
            # People ask once; when somebody calls about it, they are out again.
            self.answer = "no_answer"
        return answer


def write_story(people: pd.DataFrame, rng: np.random.Generator, not_reacted: dict[str, int]) -> list[Person]:
    """The listed citizens, in random order; `not_reacted` gives how many of each group are left on the last list."""
    story = _Story(people, rng)
    for group, size in not_reacted.items():
        story.add(group, size, staying=True)
        story.add(group, round(size * LEAVERS_PER_100 / 100), staying=False)
    return story.persons


def settle_refusals(story: list[Person], rng: np.random.Generator, declined: int, undecided: int) -> None:
    """Let that many of those who stay on the last list (duty groups) say no, or be in doubt, when first reached.

    They are people who can be reached in time: on the list for at least two weeks, with a number of their own.
    """
    able = [
        person
        for person in story
        if person.last_week == LAST_WEEK and person.group != "8" and person.first_week <= 2 and person.number_findable
    ]
    chosen = rng.permutation(len(able))[: declined + undecided]
    barriers = ["distrust", "not_relevant", "distrust", "other", "practical", "information"]
    for turn, index in enumerate(chosen):
        person = able[index]
        person.answer = "declined" if turn < declined else "undecided"
        person.barrier = barriers[turn % len(barriers)]
        person.reached_on = 1 if turn % 3 else 2


class _Story:
    def __init__(self, people: pd.DataFrame, rng: np.random.Generator) -> None:
        self.persons: list[Person] = []
        self._rng = rng
        self._waiting: dict[str, list[int]] = {}
        for group, rows in people.groupby("group", sort=False).groups.items():
            self._waiting[str(group)] = rng.permutation(np.asarray(rows)).tolist()
        # Groups 4–6 are not by age: health staff, the vulnerable and their relatives, of working age.
        is_adult = people["birth_date"].map(lambda birth: birth < date(2000, 1, 1))
        adults = [row for row in self._waiting[""] if is_adult.loc[row]]
        self._waiting |= {"4": adults[0::3], "5": adults[1::3], "6": adults[2::3]}
        self._people = people

    def add(self, group: str, size: int, *, staying: bool) -> None:
        """Take `size` people of a group onto the lists: to the last one, or gone before it."""
        size = min(size, len(self._waiting[group]))
        for _ in range(size):
            row = self._people.loc[self._waiting[group].pop()]
            first_week, last_week = self._weeks(group, staying)
            answers = _STAYERS_ANSWERS if staying else _LEAVERS_ANSWERS
            names, weights = zip(*answers, strict=True)
            has_number = bool(row["mobil"] or row["telefon"])
            self.persons.append(
                Person(
                    cpr=str(row["cpr"]),
                    name=str(row["navn"]),
                    group=group,
                    invited_on=LIST_DATES[first_week - 1]
                    - timedelta(days=WAITING_DAYS + int(self._rng.integers(0, 7))),
                    first_week=first_week,
                    last_week=last_week,
                    answer=str(self._rng.choice(names, p=weights)),
                    reached_on=int(self._rng.choice([1, 2, 3, NEVER], p=[0.5, 0.25, 0.1, 0.15])),
                    number_findable=has_number or bool(self._rng.random() < 0.5),
                    silences=[
                        str(text) for text in self._rng.permutation(["no_answer", "voicemail", "no_answer", "busy"])
                    ],
                )
            )

    def _weeks(self, group: str, staying: bool) -> tuple[int, int]:
        earliest = GROUP_8_FIRST_WEEK if group == "8" else 1
        if staying:
            return int(self._rng.integers(earliest, LAST_WEEK + 1)), LAST_WEEK
        first = int(self._rng.integers(earliest, LAST_WEEK))
        return first, int(self._rng.integers(first, LAST_WEEK))
