import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.messaging.numbers import (
    PhoneKind,
    guess_kind,
    is_sendable,
    national,
    normalise,
)


@pytest.mark.parametrize(
    "written",
    [
        "20 12 34 56",
        "20123456",
        "2012 3456",
        "20-12-34-56",
        "20.12.34.56",
        "+45 20123456",
        "+4520123456",
        "004520123456",
        "0045 20 12 34 56",
        "45 20123456",
        "4520123456",
        "(+45) 20123456",
        "\u200e20123456\u200f",
        "20\u00a012\u202f34 56",
        "\ufeff20123456\r\n",
        "20123456.0",
        20123456,
        20123456.0,
        4520123456.0,
    ],
)
def test_normalise_danish_number_however_written(written: str | float) -> None:
    assert normalise(written) == "+4520123456"


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "  ",
        None,
        "2.0123456E7",
        "2,0123456E+07",
        20123456.5,
        float("nan"),
        float("inf"),
        True,
        "20 12 34 5x",
    ]
    + [
        "٢٠١٢٣٤٥٦",
        "20123456 / 30123456",
        "20123456 lok. 12",
        "1234",
        "00000000",
        "12345678",
        "+45 2012345",
        "ukendt",
    ]
    + [-20123456, 0, 1231, "112", "tel:20123456", "+", "()"],
)
def test_normalise_refuses(junk: str | float | None) -> None:
    assert normalise(junk) is None


def test_normalise_number_too_long_to_write_out() -> None:
    assert normalise(10**5000) is None


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("+46 70 123 45 67", "+46701234567"),
        ("0049 151 23456789", "+4915123456789"),
        ("+298 211234", "+298211234"),
    ],
)
def test_normalise_foreign_number(written: str, e164: str) -> None:
    assert normalise(written) == e164


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none()))
def test_normalise_gives_e164_or_nothing(raw: str | float | None) -> None:
    number = normalise(raw)
    assert number is None or (number[0] == "+" and number[1:].isdecimal() and normalise(number) == number)


@given(
    st.integers(20_000_000, 79_999_999),
    st.sampled_from(["", "+45", "0045", "45 "]),
    st.sampled_from(["", " ", "-"]),
)
def test_normalise_does_not_depend_on_grouping(number: int, country: str, separator: str) -> None:
    digits = str(number)
    grouped = country + separator.join(digits[start : start + 2] for start in range(0, 8, 2))
    assert normalise(grouped) == normalise(digits)


@pytest.mark.parametrize(
    ("e164", "sendable"),
    [
        ("+4520123456", True),
        ("+46701234567", True),
        ("+4590123456", False),  # premium rate
        ("+4580123456", False),  # free number
        ("+4690012345", False),  # Swedish premium rate
        ("+46812345678", False),  # Swedish landline, told apart by its number
        ("+451231", False),  # short code
        ("1231", False),
        ("", False),
    ],
)
def test_is_sendable(e164: str, sendable: bool) -> None:
    assert is_sendable(e164) is sendable


def test_national() -> None:
    assert national("+4520123456") == "20 12 34 56"
    assert national("+46701234567") == "+46 70 123 45 67"
    assert national("ukendt") == "ukendt"


@pytest.mark.parametrize(
    ("stated", "kind"),
    [("Mobil", "mobile"), (" SMS ", "mobile"), ("FASTNET", "landline")]
    + [("arbejde", "unknown"), ("", "unknown"), (None, "unknown")],
)
def test_guess_kind(stated: str | None, kind: str) -> None:
    assert guess_kind(stated) == PhoneKind(kind)
