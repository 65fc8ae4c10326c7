"""Literal numbers are day + 60, which nobody has, or those of the catalogue of bad inputs."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry.cpr import (
    LEADING_ZERO,
    MESSAGES,
    CprKind,
    CprProblem,
    ParsedCpr,
    Sex,
    parse,
    parse_columns,
)

TODAY = date(2021, 4, 20)


def parsed(raw: object, today: date = TODAY) -> ParsedCpr:
    result = parse(raw, today=today)
    assert isinstance(result, ParsedCpr), result
    return result


def problem(raw: object, today: date = TODAY) -> str:
    result = parse(raw, today=today)
    assert isinstance(result, CprProblem), result
    return result.code


@pytest.mark.parametrize(
    "written",
    [
        "7101391234",
        "710139-1234",
        " 710139 1234 ",
        "71 01 39 - 1234",
        "710139\u20111234",
        "\u200e7101391234\ufeff",
        "'7101391234",
        "7101391234.0",
        "7101391234,00",
        7101391234,
        7101391234.0,
        np.int64(7101391234),
        np.float64(7101391234),
    ],
)
def test_parse_number_however_written(written: object) -> None:
    assert parsed(written) == ParsedCpr("7101391234", CprKind.REPLACEMENT, date(1939, 1, 11), Sex.WOMAN)


@pytest.mark.parametrize("written", [101011234, 101011234.0, "101011234", "10101-1234", "101011234.0"])
def test_parse_lost_leading_zero_is_padded_with_a_warning(written: object) -> None:
    result = parsed(written)
    assert (result.canonical, result.warning) == ("0101011234", LEADING_ZERO)


@pytest.mark.parametrize("missing", ["", "   ", "\u200b", None, float("nan"), pd.NA, pd.NaT, "'"])
def test_parse_missing(missing: object) -> None:
    assert problem(missing) == "cpr_missing"


@pytest.mark.parametrize("rounded", ["1.01011E+08", "1,01011E+09", "1e9", "7.101391234E+09"])
def test_parse_scientific_text_is_rounded(rounded: str) -> None:
    assert problem(rounded) == "cpr_rounded"


@pytest.mark.parametrize(
    "junk",
    [True, False, 7101391234.5, -7101391234, float("inf"), "abc", "71013٩1234", "710139/1234"]
    + [b"7101391234", [], date(1939, 1, 11)],
)
def test_parse_junk(junk: object) -> None:
    assert problem(junk) == "cpr_format"


@pytest.mark.parametrize(
    "wrong",
    ["71013912345", "12345678", 0, "0", 12345678, 1e30, "710139-12345", "10161AB12"],
)
def test_parse_wrong_length(wrong: object) -> None:
    assert problem(wrong) == "cpr_length"


def test_parse_number_too_long_to_write_out() -> None:
    assert problem(10**5000) == "cpr_length"
    assert parse_columns(pd.Series([10**5000]), TODAY)["problem"].tolist() == ["cpr_length"]


@pytest.mark.parametrize("placeholder", ["0000000000", "1111111111", "123456-7890", 1111111111, "000000000"])
def test_parse_placeholder(placeholder: object) -> None:
    assert problem(placeholder) == "cpr_placeholder"


@pytest.mark.parametrize(
    "impossible",
    [
        "3102011234",
        "9102011234",
        "7113391234",
        "6001391234",
        "9201391234",
        "8902011234",
    ],
)
def test_parse_impossible_date(impossible: str) -> None:
    assert problem(impossible) == "cpr_date"


def test_parse_leap_day_depends_on_the_century() -> None:
    assert parsed("8902004000").birth_date == date(2000, 2, 29)
    assert problem("8902000000") == "cpr_date"  # 1900 was no leap year


@pytest.mark.parametrize(
    ("number", "year"),
    [
        ("7101000000", 1900),
        ("7101993999", 1999),
        ("7101374999", 1937),
        ("7101364999", 2036),
        ("7101379999", 1937),
        ("7101369999", 2036),
        ("7101575000", 2057),
        ("7101578999", 2057),
        ("7101585000", 1858),
        ("7101998999", 1899),
    ],
)
def test_parse_century(number: str, year: int) -> None:
    today = date(year, 12, 31)
    assert parsed(number, today).birth_date == date(year, 1, 11)


def test_parse_birth_date_bounds() -> None:
    assert parsed("8004214000", date(2021, 4, 20)).birth_date == date(2021, 4, 20)
    assert problem("8104214000", date(2021, 4, 20)) == "cpr_future"
    assert parsed("8104000000", date(2021, 4, 20)).birth_date == date(1900, 4, 21)  # 120, and 121 tomorrow
    assert problem("8104000000", date(2021, 4, 21)) == "cpr_age"


def test_parse_sex_is_the_last_digit() -> None:
    assert parsed("7101391235").sex == Sex.MAN
    assert parsed("7101391230").sex == Sex.WOMAN


def test_parse_modulus_11_informs_and_never_rejects() -> None:
    # Of any eleven successive numbers about one keeps the rule.
    failing = [parsed(f"010101{last:04}").modulus_11_fails for last in range(1100)]
    assert 0.9 < sum(failing) / len(failing) < 0.92
    weighted = 4 * 0 + 3 * 1 + 2 * 0 + 7 * 1 + 6 * 0 + 5 * 1
    assert failing == [
        (weighted + 4 * (last // 1000) + 3 * (last // 100 % 10) + 2 * (last // 10 % 10) + last % 10) % 11 != 0
        for last in range(1100)
    ]
    assert not parsed("7101391234").modulus_11_fails  # replacement numbers never promised it


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("1101391aa3", date(1939, 1, 11), Sex.MAN),
        ("110139-0AA2", date(1939, 1, 11), Sex.WOMAN),
        ("1101057AA2", date(2005, 1, 11), Sex.WOMAN),
        ("1101056AA1", date(2005, 1, 11), Sex.MAN),
        ("1101052AA1", None, Sex.MAN),
        ("7101391AA3", date(1939, 1, 11), Sex.MAN),
        ("110139ABCD", None, None),
        ("110139A123", None, None),
    ],
)
def test_parse_ecpr(number: str, born: date | None, sex: Sex | None) -> None:
    result = parsed(number)
    assert result == ParsedCpr(number.replace("-", "").upper(), CprKind.ECPR, born, sex)


@pytest.mark.parametrize("impossible", ["3202391AA3", "0000001AA3", "3002391AA3", "9202391AA3"])
def test_parse_ecpr_with_impossible_date(impossible: str) -> None:
    assert problem(impossible) == "cpr_date"


def test_parse_ecpr_with_danish_letters_is_no_number() -> None:
    assert problem("1101391ÆØ3") == "cpr_format"


def test_every_problem_has_a_sentence() -> None:
    assert all(CprProblem(code).message.endswith(".") for code in MESSAGES)


digits = st.text("0123456789", min_size=10, max_size=10)
plausible = st.builds(
    lambda born, shift, last: f"{born.day + shift:02}{born:%m%y}{last:04}",
    st.dates(date(1858, 1, 1), date(2057, 12, 31)),
    st.sampled_from([0, 60]),
    st.integers(0, 9999),
)
ecpr = st.builds(
    lambda number, letters: number[:7] + letters + number[9],
    plausible,
    st.text("ABZ09", min_size=2, max_size=2),
)
number = st.one_of(digits, plausible, ecpr, st.sampled_from(["0000000000", "1111111111", "1234567890"]))
written = st.one_of(
    number,
    number.map(lambda text: f"{text[:6]}-{text[6:]}"),
    number.map(lambda text: f" {text[:6]} {text[6:]}".lower()),
    number.map(lambda text: text[1:]),
    digits.map(int),
    digits.map(float),
    st.text(max_size=12),
    st.text("0123456789-.,E+ '", max_size=13),
    st.none() | st.booleans() | st.floats() | st.integers(-(10**12), 10**12),
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(written, max_size=30), st.dates(date(1950, 1, 1), date(2060, 12, 31)))
@example(
    [
        "7101391234",
        None,
        "8902000000",
        "101011234",
        "1101391AA3",
        "0000000000",
        "000000000",
    ],
    TODAY,
)
@example([], TODAY)
def test_parse_columns_equals_parse(values: list[object], today: date) -> None:
    frame = parse_columns(pd.Series(values, dtype=object), today)
    assert len(frame) == len(values)
    for row, value in zip(frame.itertuples(), values, strict=True):
        result = parse(value, today=today)
        born = None if pd.isna(row.birth_date) else row.birth_date.date()
        if isinstance(result, CprProblem):
            expected = (None, None, None, None, result.code, None, False)
        else:
            expected = (
                result.canonical,
                result.kind,
                result.birth_date,
                result.sex,
                None,
                result.warning,
                result.modulus_11_fails,
            )
        got = (
            row.canonical,
            row.kind,
            born,
            row.sex,
            row.problem,
            row.warning,
            row.modulus_11_fails,
        )
        assert got == expected, value


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(["7101391234", None], index=[5, 9]),
        pd.Series(["7101391234", None], index=[5, 9], dtype="string"),
        pd.Series([7101391234, None], index=[5, 9], dtype="Int64"),
        pd.Series([7101391234.0, float("nan")], index=[5, 9]),
    ],
)
def test_parse_columns_of_any_dtype(column: pd.Series) -> None:
    frame = parse_columns(column, TODAY)
    assert frame.index.tolist() == [5, 9]
    assert frame["canonical"].tolist() == ["7101391234", None]
    assert frame["problem"].tolist() == [None, "cpr_missing"]


@given(st.one_of(st.text(), st.floats(), st.integers(), st.binary(), st.none()))
def test_parse_never_raises(raw: object) -> None:
    result = parse(raw, today=TODAY)
    assert isinstance(result, ParsedCpr | CprProblem)
    if isinstance(result, ParsedCpr):
        assert len(result.canonical) == 10
        assert result.canonical.isascii()


def test_parse_columns_in_parts_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    column = pd.Series(["7101391234", None, "101011234", "1101391AA3", "8902000000"], index=list("edcba"))
    whole = parse_columns(column, TODAY)
    monkeypatch.setattr("registry.cpr.columns.ROWS_AT_ONCE", 2)
    pd.testing.assert_frame_equal(parse_columns(column, TODAY), whole)
