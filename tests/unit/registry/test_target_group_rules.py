from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.target_group_rules import (
    GroupRule,
    age_on,
    earliest_group,
    parse_year_ranges,
)

ON = date(2021, 4, 20)
RULES = [
    GroupRule("10D1", 13, "birth_years", ((1972, 1976), (2002, 2005))),
    GroupRule("9", 9, "birth_years", ((1947, 1956),)),
    GroupRule("8", 8, "birth_years", ((1942, 1946),)),
    GroupRule("7", 7, "birth_years", ((1937, 1941),)),
    GroupRule("4", 4, "listed_only"),
    GroupRule("3", 3, "birth_years", ((None, 1936),)),
    GroupRule("2", 2, "both_services_65"),
    GroupRule("1", 1, "care_home"),
]


def group(
    birth_year: int | None,
    *,
    born: date | None = None,
    home: bool = False,
    care: bool = False,
    help_: bool = False,
) -> str | None:
    return earliest_group(
        RULES,
        birth_year=birth_year,
        birth_date=born,
        care_home=home,
        personal_care=care,
        practical_help=help_,
        on=ON,
    )


@pytest.mark.parametrize(
    ("year", "code"),
    [
        (1900, "3"),
        (1936, "3"),
        (1937, "7"),
        (1941, "7"),
        (1942, "8"),
        (1946, "8"),
        (1956, "9"),
        (1957, None),
    ]
    + [
        (1971, None),
        (1972, "10D1"),
        (1976, "10D1"),
        (1977, None),
        (2002, "10D1"),
        (2006, None),
    ],
)
def test_earliest_group_by_birth_year(year: int, code: str | None) -> None:
    assert group(year) == code


def test_earliest_group_care_home_comes_first_whatever_the_age() -> None:
    assert group(1930, home=True, care=True, help_=True) == "1"
    assert group(None, home=True) == "1"


def test_earliest_group_both_services_from_65() -> None:
    assert group(1930, care=True, help_=True) == "2"
    assert group(1930, care=True) == "3"
    assert group(1930, help_=True) == "3"
    assert group(1972, care=True, help_=True) == "10D1"


def test_earliest_group_enters_on_the_65th_birthday() -> None:
    assert group(None, born=date(1956, 4, 20), care=True, help_=True) == "2"
    assert group(None, born=date(1956, 4, 21), care=True, help_=True) == "9"
    assert group(1956, care=True, help_=True) == "9"  # the year alone does not make it certain
    assert group(1955, care=True, help_=True) == "2"


def test_earliest_group_is_none_without_birth_year() -> None:
    assert group(None, care=True, help_=True) is None


def test_age_on_leap_day() -> None:
    assert age_on(date(2021, 2, 28), birth_year=1956, birth_date=date(1956, 2, 29)) == 64
    assert age_on(date(2021, 3, 1), birth_year=1956, birth_date=date(1956, 2, 29)) == 65


@given(
    st.permutations(RULES),
    st.integers(1900, 2021),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_earliest_group_does_not_depend_on_the_order_given(
    rules: list[GroupRule], year: int, home: bool, care: bool, help_: bool
) -> None:
    given_order = earliest_group(
        rules,
        birth_year=year,
        care_home=home,
        personal_care=care,
        practical_help=help_,
        on=ON,
    )
    assert given_order == group(year, home=home, care=care, help_=help_)


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("", ()),
        ("-1936", ((None, 1936),)),
        ("2005-", ((2005, None),)),
        ("1937-1941", ((1937, 1941),)),
        ("1972-1976|2002-2005", ((1972, 1976), (2002, 2005))),
        ("1940", ((1940, 1940),)),
    ],
)
def test_parse_year_ranges(text: str, ranges: tuple) -> None:
    assert parse_year_ranges(text) == ranges


@pytest.mark.parametrize("text", ["-", "1941-1937", "85+", "1937–1941", "1937-1941|"])
def test_parse_year_ranges_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="range"):
        parse_year_ranges(text)
