"""Why a whole file is refused, as a code with values: the child writes it, the parent makes a Danish sentence of it."""

from __future__ import annotations


class Refusal(Exception):
    """A file that cannot be used; `values` fill the sentence. Holds nothing of the file's cells but headers."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
