import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.messaging.segments import BASIC, EXTENSION, Segments, count


def slow_count(text: str) -> tuple[str, int, int]:
    """The twin: packs character by character and never looks ahead."""
    gsm = all(character in BASIC or character in EXTENSION for character in text)
    sizes = [
        (2 if character in EXTENSION else 1) if gsm else len(character.encode("utf-16-le", "surrogatepass")) // 2
        for character in text
    ]
    single, room = (160, 153) if gsm else (70, 67)
    encoding = "GSM-7" if gsm else "UCS-2"
    if sum(sizes) <= single:
        return encoding, sum(sizes), min(1, len(sizes))
    parts = [0]
    for size in sizes:
        if parts[-1] + size > room:
            parts.append(0)
        parts[-1] += size
    return encoding, sum(sizes), len(parts)


def test_alphabet_is_complete() -> None:
    assert len(BASIC) == 127  # 128 codes, one of them the escape
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION
    assert set("æøåÆØÅéÄÖÜäöüñ") <= BASIC


@pytest.mark.parametrize(
    ("text", "units", "segments"),
    [
        ("", 0, 0),
        ("a", 1, 1),
        ("æøåÆØÅ @£$", 10, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€", 2, 1),
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
        ("€" * 76 + "a" + "€" * 76, 305, 2),
        ("a" + "€" * 152, 305, 2),
        ("€" * 153, 306, 3),  # 76 + 76 + 1, one septet of each part stays empty
        ("a" * 152 + "€" + "a" * 152, 306, 3),
    ],
)
def test_count_gsm(text: str, units: int, segments: int) -> None:
    assert count(text) == Segments("GSM-7", units, segments, ())


@pytest.mark.parametrize(
    ("text", "units", "segments", "forcing"),
    [
        ("ı", 1, 1, ("ı",)),
        ("“Hej” – „Hej”", 13, 1, ("“", "”", "–", "„")),
        ("😀", 2, 1, ("😀",)),
        ("م" * 70, 70, 1, ("م",)),
        ("م" * 71, 71, 2, ("م",)),
        ("م" * 134, 134, 2, ("م",)),
        ("م" * 135, 135, 3, ("م",)),
        ("a" * 66 + "😀" + "a" * 66, 134, 3, ("😀",)),
        ("😀" * 67, 134, 3, ("😀",)),
        ("€ş", 2, 1, ("ş",)),  # no escape in UCS-2
        ("\x1b", 1, 1, ("\x1b",)),
        ("`", 1, 1, ("`",)),
        ("ç", 1, 1, ("ç",)),  # only the capital is in the alphabet
    ],
)
def test_count_ucs2(text: str, units: int, segments: int, forcing: tuple[str, ...]) -> None:
    assert count(text) == Segments("UCS-2", units, segments, forcing)


letters = st.sampled_from("aæ€")
mixed = st.sampled_from("a€م😀")


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(letters, max_size=700),
        st.text(mixed, max_size=300),
        st.text(max_size=300),
    )
)
def test_count_equals_slow_twin(text: str) -> None:
    result = count(text)
    assert (result.encoding, result.units, result.segments) == slow_count(text)


@given(st.lists(st.tuples(st.sampled_from("a€"), st.integers(1, 160)), max_size=8))
def test_count_equals_slow_twin_on_long_runs(runs: list[tuple[str, int]]) -> None:
    text = "".join(character * length for character, length in runs)
    result = count(text)
    assert (result.encoding, result.units, result.segments) == slow_count(text)


@given(st.text())
def test_forcing_characters_are_exactly_what_to_replace(text: str) -> None:
    forcing = count(text).forcing_characters
    assert len(set(forcing)) == len(forcing)
    without = "".join(character for character in text if character not in forcing)
    assert count(without).encoding == "GSM-7"
    assert all(character in text for character in forcing)
