"""The demo's people and what they will do: only numbers that nobody has, and exactly the memo's sizes."""

from collections import Counter
from datetime import date

import numpy as np
import pytest

from outreach.demo.cpr_numbers import day_plus_60_numbers
from outreach.demo.people import make_people
from outreach.demo.places import PLACES
from outreach.demo.story import (
    DECLINED,
    LAST_WEEK,
    LIST_DATES,
    NOT_REACTED,
    UNDECIDED,
    WAITING_DAYS,
    Person,
    settle_refusals,
    write_story,
)
from registry.cpr import CprKind, CprProblem, parse

TODAY = date(2021, 4, 20)
ISHOEJ = PLACES[183]


@pytest.fixture(scope="module")
def rng() -> np.random.Generator:
    return np.random.default_rng(183)


@pytest.fixture(scope="module")
def story(rng: np.random.Generator) -> list[Person]:
    story = write_story(make_people(ISHOEJ, rng), rng, NOT_REACTED)
    settle_refusals(story, rng, DECLINED, UNDECIDED)
    return story


def test_people_have_day_plus_60_numbers_that_fit_them(rng: np.random.Generator) -> None:
    people = make_people(ISHOEJ, rng).sample(2_000, random_state=1)
    for person in people.to_dict("records"):
        parsed = parse(person["cpr"], today=TODAY)
        assert not isinstance(parsed, CprProblem)
        assert parsed.kind == CprKind.REPLACEMENT
        assert parsed.birth_date == person["birth_date"]
        assert parsed.sex == ("K" if person["woman"] else "M")


def test_numbers_of_one_day_are_all_different() -> None:
    day = date(1944, 3, 5)
    numbers = day_plus_60_numbers([day] * 3_000, [turn % 2 == 0 for turn in range(3_000)])
    assert len(set(numbers)) == 3_000


def test_more_people_of_a_day_than_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="too many people"):
        day_plus_60_numbers([date(1944, 3, 5)] * 2_001, [True] * 2_001)


def test_groups_have_the_sizes_of_the_memo(rng: np.random.Generator) -> None:
    people = make_people(ISHOEJ, rng)
    sizes = Counter(people["group"])
    assert {group: sizes[group] for group in ("1", "2", "3", "7", "8", "9")} == {
        "1": 89,
        "2": 325,
        "3": 143,
        "7": 383,
        "8": 1041,
        "9": 2055,
    }
    assert len(people) == 23_000
    both = people["personlig_pleje"] & people["praktisk_hjaelp"]
    assert set(people.loc[both, "group"]) == {"2"}


def test_the_last_list_holds_whom_the_memo_counts(story: list[Person]) -> None:
    last = Counter(person.group for person in story if person.on_list(LAST_WEEK))
    assert last == NOT_REACTED
    assert sum(number for group, number in last.items() if group != "8") == 138


def test_nobody_is_listed_before_the_waiting_time_is_over(story: list[Person]) -> None:
    for person in story:
        first_list = LIST_DATES[person.first_week - 1]
        assert (first_list - person.invited_on).days >= WAITING_DAYS


def test_those_who_will_refuse_can_be_reached_in_time(story: list[Person]) -> None:
    refusing = [person for person in story if person.answer in {"declined", "undecided"}]
    assert Counter(person.answer for person in refusing) == {"declined": DECLINED, "undecided": UNDECIDED}
    assert all(person.first_week <= 2 and person.last_week == LAST_WEEK and person.group != "8" for person in refusing)


def test_a_person_is_silent_until_reached_and_asks_for_another_time_once() -> None:
    person = Person("x", "x", "7", TODAY, 1, 4, "call_back", 2, silences=["voicemail", "busy"])
    assert [person.next_outcome() for _ in range(4)] == ["voicemail", "call_back", "voicemail", "busy"]
