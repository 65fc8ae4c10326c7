"""Numbers inside text from the right keep their order; other text is left alone (S2)."""

import pytest

from campaigns.message_texts import render
from campaigns.texts.bidi import direction, keeps_numbers
from outreach.messaging.segments import count


@pytest.mark.parametrize(
    ("language", "expected"), [("ar", "rtl"), ("ur", "rtl"), ("fa", "rtl"), ("da", "ltr"), ("tr", "ltr")]
)
def test_direction(language: str, expected: str) -> None:
    assert direction(language) == expected


def test_a_number_between_arabic_words_has_no_space_that_breaks_it() -> None:
    assert keeps_numbers("اتصل بنا على {telefon}", "43 57 75 75") == "43\u00a057\u00a075\u00a075"
    # Words keep their spaces: only digits on both sides are a number.
    assert keeps_numbers("اتصل", "Store Torv 1 2635 Ishøj") == "Store Torv 1\u00a02635 Ishøj"


def test_danish_text_is_unchanged_and_stays_in_the_sms_alphabet() -> None:
    assert keeps_numbers("Ring til os på {telefon}", "43 57 75 75") == "43 57 75 75"
    assert count(render("Ring på {telefon}", {"telefon": "43 57 75 75"})).encoding == "GSM-7"
