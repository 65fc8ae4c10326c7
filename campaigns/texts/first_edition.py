"""The first edition of the texts, read from the files beside it. Used once, by the migration that loads it.

Afterwards the texts are data that people edit: these files are not changed again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILES = Path(__file__).parent / "first_edition"
# Ready for use; the others are drafts until somebody who reads the language has approved them.
APPROVED_LANGUAGES = frozenset({"da", "en"})


def editions(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Language and content of each file of a kind: `sms`, `script` or `letter`."""
    for path in sorted(FILES.glob(f"{kind}.*.toml")):
        yield path.name.split(".")[1], tomllib.loads(path.read_text(encoding="utf-8"))


def script_for(edition: dict[str, Any], programme: str) -> dict[str, Any]:
    """A language's script with what is said in one programme only put after the rest."""
    own = edition.get("programmes", {}).get(programme, {})
    return {
        "opening": edition["opening"],
        "further": [*edition["further"], *own.get("further", [])],
        "closing": edition["closing"],
        "answers": edition["answers"],
    }
