"""What the words of spreadsheets mean (L8)."""

import pytest

from campaigns.imports.earlier_contacts_words import barrier_of, kind_of_contact, normalise_word, outcome_of


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Ja, booket", "already_booked"),
        ("ønsker ikke", "declined"),
        (" Nej  tak! ", "declined"),
        ("Ingen svar", "no_answer"),
        ("Tlf. svarer", "voicemail"),
        ("tlf svarer", "voicemail"),
        ("DØD", "deceased"),
        ("Er vaccineret", "already_vaccinated"),
        ("Telefonsvarer", "voicemail"),
        ("I tvivl", "undecided"),
        ("ja", None),
        ("ringede til Bent", None),
    ],
)
def test_words_mean_what_the_table_says_and_nothing_is_guessed(text: str, outcome: str | None) -> None:
    assert outcome_of(normalise_word(text), {}) == outcome


def test_what_a_person_said_goes_before_the_table() -> None:
    assert outcome_of("nej", {"nej": "undecided"}) == "undecided"
    assert outcome_of("x", {"x": ""}) == ""


def test_kinds_and_barriers() -> None:
    assert [kind_of_contact(text) for text in ("", "SMS", "Digital Post", "Røgsignal")] == [
        "call", "sms", "letter", "call",
    ]  # fmt: skip
    assert (barrier_of("Bivirkninger"), barrier_of("vil hellere vente")) == ("distrust", "")
