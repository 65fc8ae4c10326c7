"""Whether a file is a CPR extract: by its first line, never by its name (`d210330.l534902`). Pure, free of Django."""

from __future__ import annotations

import re
from pathlib import Path

START_LENGTH = 200
# Record type and ten digits in fixed width: no delimiter of a table among them.
LOOKS_LIKE = re.compile(rb"(?:000|001)[0-9 ]{10}[^;,\t]*\Z")


def begins_like_extract(start: bytes) -> bool:
    """Whether a file's first bytes are those of a CPR extract."""
    return LOOKS_LIKE.match(start.splitlines()[0][:40] if start.strip() else b"") is not None


def is_cpr_extract(path: Path) -> bool:
    """The same for a file on disk."""
    with path.open("rb") as file:
        return begins_like_extract(file.read(START_LENGTH))
