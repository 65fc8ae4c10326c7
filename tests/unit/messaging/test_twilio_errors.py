"""S6, SS09: what Twilio's published codes mean. The expected column is the issue's and Twilio's own dictionary."""

import pytest

from outreach.messaging.gateways.base import NumberFate
from outreach.messaging.gateways.twilio_errors import ErrorKind, explain

P, R, D = ErrorKind.PERMANENT, ErrorKind.RETRYABLE, ErrorKind.IN_DOUBT
A, S, C = ErrorKind.ACCOUNT, ErrorKind.SENDER, ErrorKind.CONTENT
NOTHING, WRONG, LANDLINE, STOP = NumberFate.NOTHING, NumberFate.WRONG, NumberFate.LANDLINE, NumberFate.OPTED_OUT


@pytest.mark.parametrize(
    ("code", "kind", "fate", "word"),
    [
        (20003, A, NOTHING, "adgangskode"),
        (20005, A, NOTHING, "lukket"),
        (20008, A, NOTHING, "prøvekode"),
        (21212, S, NOTHING, "Afsendernavnet"),
        (21606, S, NOTHING, "Afsendernummeret"),
        (21659, S, NOTHING, "Afsendernummeret"),
        (21660, S, NOTHING, "Afsendernummeret"),
        (21703, A, NOTHING, "Afsendergruppen"),
        (20429, R, NOTHING, "For mange"),
        (21211, P, WRONG, "findes ikke"),
        (21408, P, NOTHING, "land"),
        (21610, P, STOP, "STOP"),
        (21612, P, NOTHING, "kan ikke få sms"),
        (21614, P, LANDLINE, "ikke et mobilnummer"),
        (30001, R, NOTHING, "kø"),
        (30002, A, NOTHING, "spærret"),
        (30003, R, NOTHING, "slukket"),
        (30004, P, NOTHING, "spærret for beskeden"),
        (30005, P, WRONG, "Nummeret er ikke i brug"),
        (30006, P, LANDLINE, "fastnet"),
        (30007, C, NOTHING, "uønsket"),
        (30008, D, NOTHING, "om den nåede frem"),
        (30017, R, NOTHING, "teleselskabet"),
        (30018, C, NOTHING, "Afsendernavnet"),
        (30019, C, NOTHING, "for lang"),
        (30036, R, NOTHING, "udløb"),
        (30042, C, NOTHING, "Afsendernavnet"),
        (30044, A, NOTHING, "prøvekonto"),
    ],
)
@pytest.mark.case("SS09")
def test_a_published_code_says_in_danish_what_it_is_and_what_becomes_of_the_number(
    code: int, kind: ErrorKind, fate: NumberFate, word: str
) -> None:
    meaning = explain(code)
    assert (meaning.kind, meaning.fate, meaning.known) == (kind, fate, True)
    assert word in meaning.danish
    assert str(code) not in meaning.danish
    assert explain(str(code)) == meaning


@pytest.mark.parametrize("code", [30040, "30041", 63016, "99999999999999999999"])
def test_an_unknown_code_is_shown_with_its_number_and_decides_nothing_about_the_telephone(code: int | str) -> None:
    meaning = explain(code)
    assert not meaning.known
    assert str(code)[:9] in meaning.danish
    assert (meaning.kind, meaning.fate) == (R, NOTHING)


@pytest.mark.parametrize("code", [None, "", "abc", "0", "30 005", "-1", "³"])
def test_what_is_no_code_is_doubt_and_repeats_nothing_of_it(code: str | None) -> None:
    meaning = explain(code)
    assert (meaning.kind, meaning.fate, meaning.known) == (D, NOTHING, False)
    assert not code or code not in meaning.danish or code == "0"


def test_only_permanent_codes_touch_the_number() -> None:
    """A telephone that was switched off once is not struck out (C4)."""
    fates = {code: explain(code) for code in range(10_000, 31_000)}
    assert {meaning.kind for meaning in fates.values() if meaning.fate} == {P}
    assert sum(meaning.known for meaning in fates.values()) > 40
