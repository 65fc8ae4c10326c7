"""The criteria of an own selection as data, and what they mean for one citizen. Pure (L9).

`sql/selection_people.sql` does the same for a municipality; a test holds both equal on random citizens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from ..target_group_rules import age_on

SERVICES = ("care_home", "personal_care", "practical_help", "home_nursing")


@dataclass(frozen=True)
class Criteria:
    """All that are set must hold (AND); an empty one holds for everybody.

    Ages are whole years on `age_on`. `target_group` is the earliest group the citizen belongs to on that day (C7).
    `streets`: the address begins with one of them. `parishes` are codes, `institution` our own key.
    """

    age_on: date
    age_from: int | None = None
    age_to: int | None = None
    care_home: bool = False
    personal_care: bool = False
    practical_help: bool = False
    home_nursing: bool = False
    institution: int | None = None
    parishes: tuple[int, ...] = ()
    streets: tuple[str, ...] = ()
    target_group: str = ""
    language: str = ""

    def stored(self) -> dict[str, Any]:
        """JSON-ready; only what is set."""
        found = {name: value for name, value in asdict(self).items() if value or value == 0}
        return found | {"age_on": self.age_on.isoformat()}

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Criteria:
        """What `stored` gave. Raises KeyError without a day."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {name: value for name, value in stored.items() if name in known}
        values["age_on"] = date.fromisoformat(stored["age_on"])
        for name in ("parishes", "streets"):
            values[name] = tuple(stored.get(name, ()))
        return cls(**values)

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for at all."""
        return any(getattr(self, field.name) not in (None, False, (), "") for field in fields(self)[1:])

    @property
    def born_by(self) -> date | None:
        """The latest birth date of somebody old enough."""
        return None if self.age_from is None else _years_before(self.age_on, self.age_from)

    @property
    def born_after(self) -> date | None:
        """Everybody young enough was born after this day."""
        return None if self.age_to is None else _years_before(self.age_on, self.age_to + 1)


@dataclass(frozen=True)
class Person:
    """What the criteria ask of a citizen; `group` is the derived target group."""

    birth_date: date | None
    care_home: bool = False
    personal_care: bool = False
    practical_help: bool = False
    home_nursing: bool = False
    institution: int | None = None
    parish: int | None = None
    address: str = ""
    group: str = ""
    language: str = "da"


def matches(criteria: Criteria, person: Person) -> bool:
    """Whether the citizen is selected. Without a birth date nobody is of any age."""
    if criteria.age_from is not None or criteria.age_to is not None:
        if person.birth_date is None:
            return False
        age = age_on(criteria.age_on, birth_year=person.birth_date.year, birth_date=person.birth_date)
        if criteria.age_from is not None and age < criteria.age_from:
            return False
        if criteria.age_to is not None and age > criteria.age_to:
            return False
    address = person.address.casefold()
    return (
        all(getattr(person, name) for name in SERVICES if getattr(criteria, name))
        and criteria.institution in (None, person.institution)
        and (not criteria.parishes or person.parish in criteria.parishes)
        and (not criteria.streets or any(address.startswith(street.casefold()) for street in criteria.streets))
        and criteria.target_group in ("", person.group)
        and criteria.language in ("", person.language)
    )


def _years_before(day: date, years: int) -> date:
    """The last birth date of somebody who is `years` old on `day`; 29 February counts from 1 March in other years."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
