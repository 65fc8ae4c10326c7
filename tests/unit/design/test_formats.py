"""Danish ways of writing (domain section 8)."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from outreach.design import formats


@pytest.mark.parametrize(
    ("cpr", "shown"),
    [
        ("7101391234", "710139-••••"),
        ("710139-1234", "710139-••••"),
        ("710139 1234", "710139-••••"),
        ("710139abcd", "710139-••••"),
        ("71013912", "••••••-••••"),
        ("", "–"),
        (None, "–"),
    ],
)
def test_cpr_masked_hides_the_tail(cpr: str | None, shown: str) -> None:
    assert formats.cpr_masked(cpr) == shown


@given(st.text(alphabet="0123456789", min_size=7, max_size=12))
def test_cpr_masked_never_shows_more_than_the_birth_date(digits: str) -> None:
    assert sum(character.isdigit() for character in formats.cpr_masked(digits)) <= 6


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("20123456", "20 12 34 56"),
        ("+4520123456", "20 12 34 56"),
        ("0045 20 12 34 56", "20 12 34 56"),
        ("+46 70 123 45 67", "+46 70 123 45 67"),
        ("112", "112"),
        (None, "–"),
    ],
)
def test_phone_spaced(phone: str | None, shown: str) -> None:
    assert formats.phone_spaced(phone) == shown


@pytest.mark.parametrize(
    ("number", "decimals", "shown"),
    [
        (0, 0, "0"),
        (1041, 0, "1.041"),
        (5_900_000, 0, "5.900.000"),
        (92.4, 1, "92,4"),
        (0.25, 1, "0,3"),
        (2.5, 0, "3"),
        (-0.01, 1, "0,0"),
        (-1041, 0, "-1.041"),
        (Decimal("1234.5"), 2, "1.234,50"),
        (None, 0, "–"),
    ],
)
def test_number_da(number: float | Decimal | None, decimals: int, shown: str) -> None:
    assert formats.number_da(number, decimals) == shown


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_number_da_keeps_every_digit(number: int) -> None:
    assert int(formats.number_da(number).replace(".", "")) == number


def test_percent_da() -> None:
    assert formats.percent_da(7.5) == "7,5\N{NO-BREAK SPACE}%"
    assert formats.percent_da(100, 0) == "100\N{NO-BREAK SPACE}%"
    assert formats.percent_da(None) == "–"


def test_dates_and_times() -> None:
    moment = dt.datetime(2021, 4, 20, 9, 4)
    assert formats.date_da(moment.date()) == "20.04.2021"
    assert formats.day_month(moment) == "20.04."
    assert formats.time_da(moment) == "9.04"
    assert formats.datetime_da(moment) == "20.04.2021 kl. 9.04"


@pytest.mark.parametrize(("day", "shown"), [(19, "man. 19.04."), (21, "ons. 21.04."), (25, "søn. 25.04.")])
def test_weekday_da(day: int, shown: str) -> None:
    assert formats.weekday_da(dt.date(2021, 4, day)) == shown


def test_weekday_with_year() -> None:
    assert formats.weekday_year_da(dt.date(2021, 4, 21)) == "ons. 21.04.2021"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("date_da", "20 Apr 2021"),
        ("day_month", "20 Apr"),
        ("time_da", "9.04"),
        ("datetime_da", "20 Apr 2021, 9.04"),
        ("weekday_da", "Tue 20 Apr"),
        ("weekday_year_da", "Tue 20 Apr 2021"),
    ],
)
def test_days_follow_the_language_of_the_interface(name: str, shown: str) -> None:
    with translation.override("en"):
        assert getattr(formats, name)(dt.datetime(2021, 4, 20, 9, 4)) == shown


@pytest.mark.parametrize("month", range(1, 13))
def test_english_months_are_in_order(month: int) -> None:
    day = dt.date(2021, month, 1)
    with translation.override("en"):
        assert formats.day_month(day) == f"1 {day:%b}"


@pytest.mark.parametrize("language", ["da", "en"])
def test_figures_are_written_alike_in_both_languages(language: str) -> None:
    with translation.override(language):
        assert formats.number_da(1041.5, 1) == "1.041,5"
        assert formats.percent_da(7.5) == "7,5\N{NO-BREAK SPACE}%"


def test_without_a_language_days_are_danish() -> None:
    with translation.override(None):
        assert formats.weekday_da(dt.date(2021, 4, 21)) == "ons. 21.04."


@pytest.mark.parametrize("name", ["date_da", "day_month", "time_da", "datetime_da", "weekday_da", "weekday_year_da"])
def test_a_missing_date_is_a_dash(name: str) -> None:
    assert getattr(formats, name)(None) == "–"


def test_filters_show_moments_in_danish_time() -> None:
    shown = "{{ at|datetime_da }} {{ at|date_da }} {{ at|time_da }} {{ at|weekday_da }} {{ no|date_da }}"
    at = dt.datetime(2021, 4, 20, 22, 30, tzinfo=ZoneInfo("UTC"))
    drawn = Template("{% load formats %}" + shown).render(Context({"at": at, "no": None}))
    assert drawn == "21.04.2021 kl. 0.30 21.04.2021 0.30 ons. 21.04. –"
