"""What a caseworker's own SMS may say: judged by hand, text by text (S1)."""

import pytest

from campaigns.reply_checks import MOST_SEGMENTS, Problem, check_reply, has_cpr, health_words


@pytest.mark.parametrize(
    "text", ["010161-1234", "0101611234", "010161 1234", "01.01.61-1234", "Dit nr. er 710139-4002.", "010161-A123"]
)
def test_a_cpr_number_is_found_however_it_is_written(text: str) -> None:
    assert has_cpr(text)


@pytest.mark.parametrize(
    "text",
    ["Ring 43 57 75 75", "Ring på +45 43577575", "Kl. 10.30 den 21.04.2021", "Sag 4711", "Vejlebrovej 45, 2635 Ishøj"],
)
def test_telephone_numbers_dates_and_addresses_are_no_cpr_numbers(text: str) -> None:
    assert not has_cpr(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Du kan blive vaccineret på torsdag", ("vaccineret",)),
        ("Er du syg?", ("syg",)),
        ("Your Covid shot is ready", ("Covid", "shot")),
        ("Vi ringer i morgen kl. 10. Hilsen Ishøj Kommune", ()),
        ("Sygeplejersken kommer ikke", ()),
        ("Vi kan ses på torvet kl. 14", ()),
    ],
)
def test_words_about_health_are_named(text: str, words: tuple[str, ...]) -> None:
    assert health_words(text) == words


def test_health_is_a_warning_and_the_rest_forbids() -> None:
    assert check_reply("Din vaccination er i morgen").forbidden == ()
    assert check_reply("Din vaccination er i morgen").problems == (Problem.HEALTH,)
    assert check_reply("").forbidden == (Problem.EMPTY,)
    assert check_reply("   \n ").forbidden == (Problem.EMPTY,)
    assert check_reply("Hej {fornavn}").forbidden == (Problem.FIELD,)
    assert check_reply("Er du 010161-1234?").forbidden == (Problem.CPR,)


def test_the_length_is_counted_in_sms() -> None:
    # 4 × 153 signs of the ordinary alphabet; one more is a fifth SMS.
    assert check_reply("a" * (MOST_SEGMENTS * 153)).forbidden == ()
    assert check_reply("a" * (MOST_SEGMENTS * 153 + 1)).forbidden == (Problem.TOO_LONG,)
    # 4 × 67 in other alphabets.
    assert check_reply("م" * (MOST_SEGMENTS * 67)).size.segments == MOST_SEGMENTS
    assert check_reply("م" * (MOST_SEGMENTS * 67 + 1)).forbidden == (Problem.TOO_LONG,)
