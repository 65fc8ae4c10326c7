"""What a dropped file states: in its own name, or in a file of facts beside it. Pure.

`covid-19_2021-04-20_22dage[_gruppe1-7][_bestilling-REF][_fra-AFSENDER].xlsx`, or `<whole name>.json` with the keys
programme, as_of, waiting_days, groups, order and sender, which then says all.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from django.utils.translation import gettext as _

from outreach.errors import UserError

from ..models import DEFAULT_SENDER
from ..services.list_statements import Statement

FIRST_PARTS = re.compile(r"(?P<programme>[a-z0-9-]+)_(?P<as_of>\d{4}-\d{2}-\d{2})_(?P<waiting_days>\d{1,4})dage", re.I)
PARTS = {"gruppe": "groups", "bestilling-": "order", "fra-": "sender"}
KEYS = {"programme", "as_of", "waiting_days", "groups", "order", "sender"}
NEEDED = ("programme", "as_of", "waiting_days")
SIDECAR = ".json"
SIDECAR_BYTES = 20_000


def from_name(name: str) -> Statement:
    """What the file's name states. Raises UserError `not_stated`."""
    stem = PurePath(name).stem
    first = FIRST_PARTS.match(stem)
    rest = stem[first.end() :] if first else ""
    if first is None or (rest and not rest.startswith("_")):
        raise _not_stated()
    stated = {"groups": "", "order": "", "sender": DEFAULT_SENDER}
    seen: set[str] = set()
    for part in filter(None, rest.split("_")):
        prefix = next((each for each in PARTS if part.casefold().startswith(each)), None)
        if prefix is None or prefix in seen or len(part) == len(prefix):
            raise _not_stated()
        seen.add(prefix)
        stated[PARTS[prefix]] = part[len(prefix) :]
    return Statement(
        programme=first["programme"].lower(), as_of=first["as_of"], waiting_days=first["waiting_days"], **stated
    )


def from_sidecar(content: bytes) -> Statement:
    """What the file of facts states. Raises UserError `sidecar`."""
    try:
        facts = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict) or facts.keys() - KEYS or any(not facts.get(key) for key in NEEDED):
        raise UserError(
            "sidecar",
            _("Oplysningsfilen (.json) kan ikke bruges. Den skal have programme, as_of og waiting_days."),
        )
    texts = {key: _text(value) for key, value in facts.items()}
    return Statement(**{"sender": DEFAULT_SENDER, **{key: text for key, text in texts.items() if text}})


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    return str(value)[:200]


def _not_stated() -> UserError:
    return UserError(
        "not_stated",
        _(
            "Filens navn siger ikke, hvad listen gælder. Giv den et navn som "
            "covid-19_2021-04-20_22dage_gruppe1-7.xlsx, og læg den i »ind« igen."
        ),
    )
