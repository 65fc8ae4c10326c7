import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.messaging.segments import BASIC, EXTENSION, Segments, count, forcing


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


# 3GPP TS 23.038, 6.2.1: the basic table as Unicode, code 0x00 to 0x7F by rows of sixteen (0x1B is the escape), and
# 6.2.1.1: what follows the escape. By numbers on purpose: no character is taken from what is tested.
BASIC_TABLE = [
    0x40, 0xA3, 0x24, 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, 0x0A, 0xD8, 0xF8, 0x0D, 0xC5, 0xE5,
    0x394, 0x5F, 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, None, 0xC6, 0xE6, 0xDF, 0xC9,
    0x20, 0x21, 0x22, 0x23, 0xA4, *range(0x25, 0x30),
    *range(0x30, 0x40),
    0xA1, *range(0x41, 0x50),
    *range(0x50, 0x5B), 0xC4, 0xD6, 0xD1, 0xDC, 0xA7,
    0xBF, *range(0x61, 0x70),
    *range(0x70, 0x7B), 0xE4, 0xF6, 0xF1, 0xFC, 0xE0,
]  # fmt: skip
EXTENSION_TABLE = {
    0x0A: 0x0C, 0x14: 0x5E, 0x28: 0x7B, 0x29: 0x7D, 0x2F: 0x5C, 0x3C: 0x5B, 0x3D: 0x7E, 0x3E: 0x5D, 0x40: 0x7C,
    0x65: 0x20AC,
}  # fmt: skip


def test_every_character_of_the_basic_plane_is_counted_as_the_tables_say() -> None:
    assert len(BASIC_TABLE) == 128
    single = {chr(code) for code in BASIC_TABLE if code is not None}
    double = {chr(code) for code in EXTENSION_TABLE.values()}
    for code in range(0x10000):
        if 0xD800 <= code < 0xE000:
            continue
        character = chr(code)
        expected = ("GSM-7", 1) if character in single else ("GSM-7", 2) if character in double else ("UCS-2", 1)
        size = count(character)
        assert (size.encoding, size.units) == expected, hex(code)


def packed(text: str) -> list[int]:
    """The slow twin that really makes septets or 16-bit units, and cuts them with the text's own limits."""
    codes = {chr(code): [place] for place, code in enumerate(BASIC_TABLE) if code is not None}
    codes |= {chr(code): [0x1B, place] for place, code in EXTENSION_TABLE.items()}
    gsm = all(character in codes for character in text)
    pieces = [
        codes[character] if gsm else list(memoryview(character.encode("utf-16-le")).cast("H")) for character in text
    ]
    whole = [unit for piece in pieces for unit in piece]
    if len(whole) <= (160 if gsm else 70):
        return [len(whole)] if whole else []
    parts: list[list[int]] = [[]]
    for piece in pieces:
        if len(parts[-1]) + len(piece) > (153 if gsm else 67):
            parts.append([])
        parts[-1] += piece
    for part in parts:  # no escape and no high surrogate is the last of its part
        assert part[-1] != 0x1B if gsm else not 0xD800 <= part[-1] < 0xDC00
    return [len(part) for part in parts]


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(st.sampled_from("aæøå[€^"), max_size=700),
        st.text(st.sampled_from("aø€م😀𝄞"), max_size=300),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    )
)
def test_count_equals_the_packing_of_real_units(text: str) -> None:
    size, parts = count(text), packed(text)
    assert (size.units, size.segments) == (sum(parts), len(parts))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_what_forces_ucs2_is_named_with_every_place(text: str) -> None:
    found = forcing(text)
    assert [each.character for each in found] == list(count(text).forcing_characters)
    places = {place for each in found for place in each.positions}
    assert {place: text[place - 1] for place in places} == {
        place: each.character for each in found for place in each.positions
    }
    kept = "".join(character for place, character in enumerate(text, start=1) if place not in places)
    assert count(kept).encoding == "GSM-7"


def test_forcing_names_the_character() -> None:
    assert [(each.name, each.positions) for each in forcing("a–b–")] == [("EN DASH", (2, 4))]
    assert forcing("æøåÆØÅé€") == []
