import io
import logging
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.privacy.redaction import (
    OMITTED_MARKER,
    RedactingFilter,
    redact,
    redact_event,
    redact_value,
)

REFERENCE = "20123456-1111-4222-8333-944455556666"


@pytest.mark.parametrize(
    "written",
    [
        "7101391234",
        "710139-1234",
        "710139 1234",
        "710139 - 1234",
        "710139\u20131234",
        "710139\u00a01234",
    ]
    + [
        "71 01 39 1234",
        "71.01.39-1234",
        "71/01/39 - 1234",
        "110139-1AA3",
        "1101391aa3",
        "0101011234",
    ],
)
@pytest.mark.parametrize("around", ["{}", "cpr={}", "'{}'", "({})", "/borger/{}/", "CPR:{}, navn"])
def test_redact_cpr(written: str, around: str) -> None:
    assert redact(around.format(written)) == around.format("[cpr]")


def test_redact_cpr_that_touches_letters() -> None:
    assert redact("cpr7101391234_x") == "cpr[cpr]_x"


@pytest.mark.parametrize(
    "written",
    [
        "20123456",
        "20 12 34 56",
        "2012 3456",
        "20-12-34-56",
        "20 123456",
        "20 123 456",
        "+4520123456",
    ]
    + [
        "+45 20 12 34 56",
        "+45-20123456",
        "004520123456",
        "0045 20123456",
        "+46701234567",
        "20\u00a012\u00a034\u00a056",
    ],
)
@pytest.mark.parametrize("around", ["{}", "til={}", "'{}'", "ring {} nu"])
def test_redact_phone(written: str, around: str) -> None:
    redacted = redact(around.format(written))
    assert not re.search(r"\d", redacted)
    assert redacted in {around.format("[telefon]"), around.format("[cpr]")}


@pytest.mark.parametrize(
    "harmless",
    [
        "",
        "Indlæst 1041 rækker på 12,5 s",
        "2021-04-20T10:11:12.345678+02:00",
        "2021-04-20 10:11:12",
        "20.04.2021 kl. 9.30",
        REFERENCE,
        "uden numre",
        "a3f5" + "0123456789ab" * 5,
        "127.0.0.1:54321",
        "sogn 7064, kommune 0183, post 2635",
        "GET /lister/12/ 200",
        "line 1234, in parse",
    ],
)
def test_redact_leaves_what_is_harmless(harmless: str) -> None:
    assert redact(harmless) == harmless


@given(
    st.dates(date(1900, 1, 1), date(2020, 1, 1)),
    st.integers(0, 9999),
    st.sampled_from(["", "-", " "]),
    st.text(),
    st.text(),
)
def test_redact_leaves_no_cpr_in_any_text(born: date, last: int, separator: str, before: str, after: str) -> None:
    # Digits that touch the number make it another one.
    before, after = re.sub(r"\d", "x", before), re.sub(r"\d", "x", after)
    number = f"{born.day + 60:02}{born:%m%y}{separator}{last:04}"
    assert number not in redact(f"{before} {number} {after}")


@given(st.integers(20_000_000, 99_999_999), st.sampled_from(["", "+45", "+45 ", "0045"]))
def test_redact_leaves_no_phone(number: int, country: str) -> None:
    assert str(number) not in redact(f"til {country}{number}.")


@given(st.text())
def test_redact_is_stable(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_redact_event_goes_through_everything() -> None:
    event = {
        "event": "Kan ikke læse 710139-1234",
        "row": 12,
        "share": 0.75,
        "rows": [{"værdi": "7101391234"}, ("20123456", 2)],
        "error": ValueError("ukendt 710139-1234"),
        "as_number": 7101391234,
        "as_float": 7101391234.0,
        "as_decimal": Decimal(20123456),
        "710139-1234": "nøgle",
        "body": "Kære Bo, ring til os",
        "cpr": "ødelagt nummer",
        "raw": b"7101391234",
        "reference": UUID(REFERENCE),
        "at": datetime(2021, 4, 20, 10, 0),
        "exception": "Traceback …\nValueError: 710139-1234",
        "done": True,
        "nothing": None,
    }
    result = redact_event(None, "info", event)
    assert result["event"] == "Kan ikke læse [cpr]"
    assert result["rows"] == [{"værdi": "[cpr]"}, ("[telefon]", 2)]
    assert result["error"] == "ValueError('ukendt [cpr]')"
    assert result["[cpr]"] == "nøgle"
    assert result["as_number"] == result["as_float"] == result["as_decimal"] == OMITTED_MARKER
    assert result["body"] == result["cpr"] == OMITTED_MARKER
    assert result["raw"] == "<10 bytes>"
    assert result["exception"].endswith("[cpr]")
    for name in ["row", "share", "reference", "at", "done", "nothing"]:
        assert result[name] == event[name]
    assert event["event"] == "Kan ikke læse 710139-1234"  # other handlers keep theirs


def test_redact_value_ends_on_deep_and_circular_values() -> None:
    circle: list = []
    circle.append(circle)
    assert OMITTED_MARKER in repr(redact_value(circle))


def test_redact_value_of_numbers_that_are_none() -> None:
    for value in [
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("Infinity"),
        1e300,
    ]:
        assert redact_value(value) is value


@pytest.fixture
def logger() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter())
    handler.setFormatter(logging.Formatter("%(message)s %(extra)s", defaults={"extra": ""}))
    logger = logging.getLogger("test.redaction")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)


def test_filter_redacts_message_and_arguments(logger) -> None:
    log, stream = logger
    log.info("Række %d: %s", 12, "710139-1234", extra={"extra": ["20123456"]})
    assert stream.getvalue() == "Række 12: [cpr] ['[telefon]']\n"


def test_filter_redacts_exception_and_stack(logger) -> None:
    log, stream = logger
    try:
        raise ValueError("710139-1234 findes ikke")
    except ValueError:
        log.exception("Fejl ved %s", "20 12 34 56", stack_info=True)
    output = stream.getvalue()
    assert output.startswith("Fejl ved [telefon]\nTraceback")
    assert "ValueError: [cpr] findes ikke" in output
    assert "Stack" in output
    # The traceback shows the source line as well.
    assert "710139-1234" not in output
    assert output.count("Traceback") == 1


def test_filter_redacts_a_structured_event(logger) -> None:
    log, stream = logger
    log.info({"event": "710139-1234", "body": "Kære Bo"})
    assert stream.getvalue() == "{'event': '[cpr]', 'body': '[udeladt]'} \n"


def test_filter_redacts_sql_of_the_database_log(logger) -> None:
    log, stream = logger
    sql, parameters = "SELECT %s", ("7101391234",)
    log.debug(
        "(%.3f) %s; args=%s",
        0.001,
        sql,
        parameters,
        extra={"sql": sql, "params": parameters},
    )
    assert stream.getvalue() == "(0.001) SELECT %s; args=('[cpr]',) \n"
