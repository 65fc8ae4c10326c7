"""From the bytes of a CSV file to rows of text, whatever its encoding and delimiter."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from outreach.errors import UserError

DELIMITERS = (";", ",", "\t", "|")
_MARKED_ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(content: bytes) -> str:
    """The text of a file: by its mark, else UTF-8, else Windows-1252. Raises UserError `not_text`."""
    encoding = next((name for mark, name in _MARKED_ENCODINGS if content.startswith(mark)), None)
    try:
        if encoding is not None:
            return content.decode(encoding)
        if b"\x00" in content:
            raise UserError(
                "not_text", _("Filen er hverken et regneark eller en tekstfil. Hent den igen fra afsenderen.")
            )
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("cp1252", errors="replace")
    except UnicodeDecodeError:
        raise UserError("not_text", _("Filens tekst kan ikke læses. Gem den som CSV UTF-8, og prøv igen.")) from None


def csv_rows(content: bytes, is_header: Callable[[Sequence[str]], bool], look_at: int = 20) -> list[list[str]]:
    """The rows of a CSV file, split by the delimiter under which one of the first rows is a header.

    `look_at`: how many rows may stand above the header. Without any header the rows are split by semicolons,
    and the caller says what is missing.
    """
    text = decode(content)
    for delimiter in DELIMITERS:
        rows = _split(text, delimiter)
        if any(is_header(row) for row in rows[:look_at]):
            return rows
    return _split(text, ";")


def _split(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise UserError("not_text", _("Filen kan ikke læses som tabel. Gem den som CSV, og prøv igen.")) from None
