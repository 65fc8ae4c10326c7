"""Why a whole file is refused, as a code with values: the child writes it, the parent makes a Danish sentence of it."""

from __future__ import annotations

import re

MOST_COLUMNS = 500  # named ones; SSI's lists have six
MOST_SHEETS = 200
NAME_LENGTH = 80
# Six digits and four more characters, however they are grouped: a CPR number, or part of one.
NUMBER = re.compile(r"(?:\d\W?){6}\W*\w{4}", re.ASCII)
DIGITS_OF_A_NUMBER = 8  # an eCPR has no fewer


class Refusal(Exception):
    """A file that cannot be used; `values` fill the sentence. Holds nothing of the file's cells but headers."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def tellable(text: str) -> str:
    """The name of a column or a sheet as it may leave the child: on one line, cut, and "" where it may be a number.

    A row of data may pass for a header, and somebody may name a sheet after a citizen.
    """
    if sum(letter.isnumeric() for letter in text) >= DIGITS_OF_A_NUMBER or NUMBER.search(text):
        return ""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:NAME_LENGTH]
