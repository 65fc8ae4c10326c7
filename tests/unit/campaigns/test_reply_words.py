"""What a reply says, by plain word rules: read off the texts by hand, never off the program (S7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import ReplyKind as K
from campaigns.reply_words import reply_kind, words_of


@pytest.mark.parametrize(
    "body",
    [
        "STOP", "stop", "Stop!", " stop. ", "STÓP", "»STOP«", "stop 🙏", "ST\u200bOP", "ＳＴＯＰ", "STOP SMS",
        "Afmeld", "AFMELDT", "afmeld mig", "Afmeld mig fra listen tak", "Frameld", "stop nu", "Stop, ikke flere",
        "STOPALL", "Unsubscribe", "CANCEL", "END", "QUIT", "opt out", "nej tak stop", "Slet mit nummer",
    ],
)  # fmt: skip
def test_whoever_wants_no_more_messages_is_understood(body: str) -> None:
    assert reply_kind(body) == K.STOP


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        # Words that stop only when they stand alone.
        ("cancel my appointment please", K.TEXT),
        ("i am at the end of the road", K.TEXT),
        # Stop is the first word, and yet not what is meant.
        ("Stop ikke med at skrive", K.MAYBE_STOP),
        ("Stop lige, kan jeg få en tid?", K.MAYBE_STOP),
        ("stop jeg vil gerne høre mere om hvor det er", K.MAYBE_STOP),
        ("Hvordan bliver jeg afmeldt?", K.MAYBE_STOP),
        ("Jeg vil ikke have flere sms'er", K.TEXT),
        ("Skriv ikke flere sms til mig", K.MAYBE_STOP),
    ],
)
def test_a_word_for_stopping_inside_a_text_is_only_proposed(body: str, kind: K) -> None:
    assert reply_kind(body) == kind


@pytest.mark.parametrize("body", ["RING", "ring", "Ring op", "ring mig op", "Ring til mig tak", "Call me", "ja, ring!"])
def test_whoever_wants_to_be_called_is_understood(body: str) -> None:
    assert reply_kind(body) == K.RING


@pytest.mark.parametrize("body", ["ring ikke", "Ring venligst ikke", "ring efter kl. 16", "Ring på 20 12 34 56",
                                  "Vil I ringe i morgen", "ring til min datter hun bestiller det hele"])  # fmt: skip
def test_a_call_with_conditions_is_for_a_person_to_read(body: str) -> None:
    assert reply_kind(body) == K.MAYBE_RING


def test_the_town_of_ringsted_is_no_call() -> None:
    assert reply_kind("Jeg er flyttet til Ringsted") == K.TEXT


@pytest.mark.parametrize("body", ["JA", "ja tak!", "Ja", "Yes please", "JO TAK", "gerne", "👍 ja"])
def test_a_yes_is_a_yes(body: str) -> None:
    assert reply_kind(body) == K.YES


@pytest.mark.parametrize("body", ["NEJ", "nej tak", "Nej.", "no thanks", "Ellers tak"])
def test_a_no_is_a_no(body: str) -> None:
    assert reply_kind(body) == K.NO


def test_a_yes_or_no_with_more_is_read_by_a_person() -> None:
    assert reply_kind("Ja, men kun hvis min mand kan komme med") == K.TEXT
    assert reply_kind("Nej jeg har ikke fået en tid endnu") == K.TEXT


@pytest.mark.parametrize("body", ["START", "unstop", "Tilmeld", "TILMELD MIG"])
def test_starting_again(body: str) -> None:
    assert reply_kind(body) == K.START


@pytest.mark.parametrize(
    "body", ["Forkert nummer", "I har forkert nummer", "Wrong number!", "Jeg kender ikke Aase", "forkert person"]
)
def test_a_wrong_number_is_proposed(body: str) -> None:
    assert reply_kind(body) == K.WRONG_NUMBER


@pytest.mark.parametrize(
    "body",
    ["Hun er død", "Min mor er død i marts", "Min far døde i januar", "han er doed", "She passed away last year"],
)
def test_a_death_is_proposed(body: str) -> None:
    assert reply_kind(body) == K.DECEASED


def test_dead_tired_is_not_dead() -> None:
    assert reply_kind("Jeg er dødtræt af jer") == K.TEXT


@pytest.mark.case("SW13")
@pytest.mark.parametrize(
    ("body", "media", "kind"),
    [
        ("", 0, K.EMPTY),
        ("   \n", 0, K.EMPTY),
        ("", 1, K.MEDIA),
        ("👍🏽", 0, K.TEXT),
        ("<script>stop</script>", 0, K.MAYBE_STOP),
        ("a" * 1600, 0, K.TEXT),
        ("هل يمكنني الحصول على موعد", 0, K.TEXT),
        ("HELP", 0, K.HELP),
        ("Hjælp", 0, K.HELP),
    ],
)
def test_what_has_no_words_we_know(body: str, media: int, kind: K) -> None:
    assert reply_kind(body, media=media) == kind


def test_the_gateways_own_reading_is_followed() -> None:
    assert reply_kind("arrêt", opt_out_word="STOP") == K.STOP
    assert reply_kind("yes", opt_out_word="START") == K.START
    assert reply_kind("RING", opt_out_word="HELP") == K.RING


def test_danish_letters_are_letters_and_accents_are_not() -> None:
    assert words_of("Århus, CAFÉ & sø-ørred!") == ["århus", "cafe", "sø", "ørred"]
    assert words_of("Århus") == ["århus"]  # composed of two signs


@given(st.text(max_size=200), st.integers(0, 3))
def test_every_text_has_a_kind(body: str, media: int) -> None:
    assert reply_kind(body, media=media) in K


@given(st.sampled_from(["stop", "afmeld", "frameld"]), st.text(alphabet=" .,!-*\n'\"", max_size=5), st.randoms())
def test_case_and_punctuation_never_hide_a_stop(word: str, rubbish: str, random: object) -> None:
    written = "".join(each.upper() if random.random() < 0.5 else each for each in word)  # type: ignore[attr-defined]
    assert reply_kind(f"{rubbish}{written}{rubbish}") == K.STOP
