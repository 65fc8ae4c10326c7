"""Which answers of a spreadsheet are words, to be explained and remembered, and which are free text. Pure (L8, A4).

A word is compared, counted and remembered in plain, so it must be vocabulary: short, and without anybody's number.
"""

from __future__ import annotations

# The longest answer in the table of words has 30 letters; what people tell of one citizen is longer.
LONGEST_WORD = 40
# »ring 12/4« and »uge 14« are words. A CPR number has six digits or more, also one that lost its zero; a phone eight.
MOST_DIGITS = 4


def free_text_problem(word: str) -> str:
    """Why a normalised answer is free text, as a row's problem code; empty for a word."""
    if sum(letter.isdigit() for letter in word) > MOST_DIGITS:
        return "answer_number"
    return "answer_long" if len(word) > LONGEST_WORD else ""
