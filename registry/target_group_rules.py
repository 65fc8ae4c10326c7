"""Which target group a citizen counts in when the list does not say so (C7)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

RuleKind = Literal["care_home", "both_services_65", "birth_years", "listed_only"]
YearRange = tuple[int | None, int | None]
RETIREMENT_GROUP_AGE = 65
YEAR_RANGE = re.compile(r"(\d{4})?-(\d{4})?|(\d{4})")


@dataclass(frozen=True)
class GroupRule:
    """A target group. `ranges`: birth years, both ends included, None an open end; for `birth_years` only."""

    code: str
    order: int
    kind: RuleKind
    ranges: tuple[YearRange, ...] = ()


def parse_year_ranges(text: str) -> tuple[YearRange, ...]:
    """`1972-1976|2002-2005` or `-1936` as ranges; empty text has none. Else raises ValueError."""
    return tuple(_year_range(part.strip()) for part in text.split("|")) if text.strip() else ()


def _year_range(text: str) -> YearRange:
    match = YEAR_RANGE.fullmatch(text)
    if not match or text == "-":
        raise ValueError(f"no range of years: {text!r}")
    first, last, only = (int(year) if year else None for year in match.groups())
    if only:
        return only, only
    if first and last and first > last:
        raise ValueError(f"the range ends before it begins: {text!r}")
    return first, last


def age_on(day: date, *, birth_year: int, birth_date: date | None) -> int:
    """Whole years on `day`. With the year of birth only, the age that is certain: before the birthday."""
    if birth_date is None:
        return day.year - birth_year - 1
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def earliest_group(
    rules: Iterable[GroupRule],
    *,
    birth_year: int | None,
    birth_date: date | None = None,
    care_home: bool,
    personal_care: bool,
    practical_help: bool,
    on: date,
) -> str | None:
    """The code of the first rule, by its order, that the citizen meets on `on`; None when none does.

    C7: a citizen counts once, in the earliest group they belong to. Groups that only a list can state (staff,
    patients, relatives) are never derived.
    """
    if birth_date is not None:
        birth_year = birth_date.year
    age = None if birth_year is None else age_on(on, birth_year=birth_year, birth_date=birth_date)

    def meets(rule: GroupRule) -> bool:
        if rule.kind == "care_home":
            return care_home
        if rule.kind == "both_services_65":
            return age is not None and age >= RETIREMENT_GROUP_AGE and personal_care and practical_help
        if rule.kind == "birth_years" and birth_year is not None:
            return any(
                (first is None or first <= birth_year) and (last is None or birth_year <= last)
                for first, last in rule.ranges
            )
        return False

    met = [rule for rule in rules if meets(rule)]
    return min(met, key=lambda rule: rule.order).code if met else None


def group_codes(text: str) -> list[str]:
    """`1-3, 7 10a` as ["1", "2", "3", "7", "10A"]: spaces, commas, semicolons and ranges of whole numbers (C7)."""
    codes: list[str] = []
    for part in text.upper().replace("–", "-").replace(",", " ").replace(";", " ").split():
        first, dash, last = part.partition("-")
        if dash and first.isdecimal() and last.isdecimal() and int(first) <= int(last) <= 99:
            codes += [str(number) for number in range(int(first), int(last) + 1)]
        else:
            codes.append(part)
    return list(dict.fromkeys(codes))
