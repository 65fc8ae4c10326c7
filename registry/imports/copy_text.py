"""Values as COPY's text format writes them."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.privacy.sealing import seal_many

NULL = r"\N"


def copy_name(text: str) -> str:
    """A cleaned text; the backslash is COPY's own escape."""
    return text.replace("\\", "\\\\") if "\\" in text else text


def copy_optional(text: str | None) -> str:
    """A cleaned text, or NULL."""
    return NULL if text is None else copy_name(text)


def copy_flag(value: bool | None) -> str:
    """A truth value, or NULL."""
    return NULL if value is None else "t" if value else "f"


def sealed_columns(kind: str, canonicals: Sequence[str | None]) -> tuple[list[str], list[str]]:
    """Ciphertexts and blind indexes as bytea, NULL where there is no value. Plain values go no further."""
    wanted = [position for position, text in enumerate(canonicals) if text]
    ciphertexts, indexes = [NULL] * len(canonicals), [NULL] * len(canonicals)
    sealed = seal_many(kind, [canonicals[position] or "" for position in wanted])
    for position, ciphertext, index in zip(wanted, *sealed, strict=True):
        ciphertexts[position] = f"\\\\x{ciphertext.hex()}"
        indexes[position] = f"\\\\x{index.hex()}"
    return ciphertexts, indexes
