"""Names, dates and codes from files: cleaned by rule, never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.messaging.numbers import normalise
from registry.households import household_key
from registry.imports.citizen_cells import (
    cpr_status,
    email,
    parish_code,
    phone_number,
    postal_code,
    yes_or_no,
)
from registry.imports.cleaning import clean_text, group_code, mapped, municipality_code, parse_date, programme_key

MUNICIPALITIES = {101: "København", 183: "Ishøj"}


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Åse   Prøve ", "Åse Prøve"),
        ("A\u030ase", "Åse"),
        ("Å\u200bse\u202e", "Åse"),
        ("Åse\tPrøve\r\n", "Åse Prøve"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("\u00a0", ""),
    ],
)
def test_texts_are_cleaned(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@given(st.text())
def test_cleaned_text_is_safe_for_copy_and_stays_clean(raw: str) -> None:
    clean = clean_text(raw)
    assert clean_text(clean) == clean
    assert not set(clean) & set("\t\n\r\0")


@pytest.mark.parametrize("written", ["2021-03-08", "08-03-2021", "8.3.2021", "08.03.2021", " 2021-03-08 00:00:00 "])
def test_declared_dates_are_read(written: str) -> None:
    assert parse_date(written) == date(2021, 3, 8)


@pytest.mark.parametrize(
    "written", ["", "31-02-2026", "2026-13-01", "45000", "3/4/26", "03/04/2026", "8-3-21", "i går"]
)
def test_other_dates_are_refused(written: str) -> None:
    assert parse_date(written) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("7", "7"),
        ("7.0", "7"),
        (" 10a ", "10A"),
        ("Målgruppe 8", "8"),
        ("10D1", "10D1"),
        ("", ""),
        ("99", None),
        ("x", None),
    ],
)
def test_groups_are_the_programmes_own_codes(written: str, code: str | None) -> None:
    assert group_code(written, {"7", "8", "10A", "10D1"}) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("0183", 183), ("183", 183), ("183.0", 183), ("0183 Ishøj", 183), ("0101", 101), ("", 0), ("0", None),
        ("999", None),        ("411", None), ("Koebenhavn", None), ("0183 København", None),
    ],
)  # fmt: skip
def test_municipalities_are_the_known_ones(written: str, code: int | None) -> None:
    assert municipality_code(written, MUNICIPALITIES) == code


def test_programmes_are_compared_by_letters_and_digits() -> None:
    assert {programme_key(text) for text in ("covid-19", "Covid 19", "COVID19")} == {"covid19"}


def test_each_distinct_text_is_converted_once() -> None:
    seen: list[str] = []

    def convert(text: str) -> int:
        seen.append(text)
        return len(text)

    assert mapped(["a", "bb", "a"], convert) == [1, 2, 1]
    assert seen == ["a", "bb"]


@given(st.from_regex(r"(\+45|0045)?[0-9]{8}", fullmatch=True))
def test_short_cut_for_danish_numbers_equals_the_library(written: str) -> None:
    assert phone_number(written) == normalise(written)


def test_cells_of_citizens() -> None:
    assert [yes_or_no(text) for text in ("ja", "JA ", "x", "nej", "", "måske")] == [
        True,
        True,
        True,
        False,
        False,
        None,
    ]
    assert [postal_code(text) for text in ("2635", "800", "", "26355", "x")] == ["2635", "0800", "", None, None]
    assert [parish_code(text, frozenset({7167})) for text in ("7167", "7167.0", "", "1")] == [7167, 7167, 0, None]
    assert [email(text) for text in ("a@b.dk", "", "a b@c.dk", "a@b")] == ["a@b.dk", "", None, None]
    assert [cpr_status(text) for text in ("01", "1", "90", "Udrejst", "", "99")] == [
        "active", "active", "deceased", "emigrated", "", None,
    ]  # fmt: skip
    assert household_key("Prøvevej 1, 2. tv", "2635") == household_key("PRØVEVEJ 1 2 TV.", "2635")
    assert household_key("", "2635") == ""
